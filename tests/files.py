"""Files of people as associations have them, and as nobody should: made here, so that tests need no folder."""

import io
import zipfile
from pathlib import Path

import openpyxl

FRENCH = (
    "Liste des adhérents — exercice 2026;;;;;\r\n"
    ";;;;;\r\n"
    "NOM;Prénom;Tél. portable;Courriel;Statut;Remarques\r\n"
    'Garçon;Abdelkader;0222552295;;employé;"a dit ""oui"""\r\n'
    'L’Hôte;Ömer;06 80 30 98 30;omer.lhote@exemple.fr;benevole;"=SOMME(1;1)"\r\n'
    "  Kowalski  ;Emma;987677179;;;\r\n"
)
# What real files look like, when the folder that holds them is there.
SHARED = sorted(Path("/work/shared/data").glob("*.csv"))


def real_files():
    """(name, bytes) of our own file and of those that are there."""
    return [("liste.csv", FRENCH.encode("cp1252")), *((path.name, path.read_bytes()) for path in SHARED)]


def csv(*rows, header="nom,prenom,telephone,email,role,note"):
    return "\n".join([header, *rows]).encode()


def book(*rows, title="Feuil1", **others):
    """A workbook; `others` are more sheets by name."""
    made = openpyxl.Workbook()
    made.active.title = title
    for name, lines in {title: rows, **others}.items():
        sheet = made[name] if name in made.sheetnames else made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return saved(made)


def saved(made):
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def repacked(content, **parts):
    """The same archive with other contents for some of its parts, named by their last word."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            stem = Path(part.filename).stem
            new.writestr(part.filename, parts.get(stem, old.read(part)))
    return packed.getvalue()
