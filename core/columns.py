"""Which column of a file is which field: guessed from its name, as French files spell it."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

FIELDS: Final = ("nom", "prenom", "email", "telephone_1", "telephone_2", "role", "note")
# A field for each column, "" for a column that is left out.
Mapping = tuple[str, ...]

_SPELLINGS: Final = {
    "nom": "nom, noms, nom de famille, nom usuel, nom d'usage, nom de naissance, last name, surname, family name",
    "prenom": "prénom, prénoms, prénom usuel, first name, given name",
    "email": (
        "email, e-mail, mail, courriel, courrier électronique, adresse email, adresse e-mail, adresse mail, "
        "adresse courriel, adresse électronique, mél"
    ),
    "telephone_1": (
        "téléphone, téléphone 1, tél, tél 1, portable, mobile, gsm, tél portable, tél mobile, téléphone portable, "
        "téléphone mobile, numéro de téléphone, n° de téléphone, n° tél, numéro, phone"
    ),
    "telephone_2": (
        "téléphone 2, tél 2, fixe, tél fixe, téléphone fixe, domicile, tél domicile, téléphone domicile, "
        "autre téléphone, autre tél, second téléphone"
    ),
    "role": "rôle, statut, fonction, profil, qualité",
    "note": "note, notes, remarque, remarques, commentaire, commentaires, observation, observations",
}


def _plain(name: str) -> str:
    """A name without case, accents, signs or blanks: « Tél. portable » is telportable."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[\W_]|[\u0300-\u036f]", "", letters)


_KNOWN: Final = {_plain(name): field for field, names in _SPELLINGS.items() for name in names.split(",")}


def guess(header: Sequence[str]) -> Mapping:
    """The field of each column, by its name; the first column of a field keeps it."""
    taken: set[str] = set()
    fields = []
    for name in header:
        field = _KNOWN.get(_plain(name), "")
        fields.append("" if field in taken else field)
        taken.add(field)
    return tuple(fields)


def digest_of(header: Sequence[str]) -> bytes:
    """What two files with the same columns share: 32 bytes, under which a mapping is remembered."""
    return sha256("\x1f".join(map(_plain, header)).encode()).digest()
