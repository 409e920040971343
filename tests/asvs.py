"""docs/asvs.md: each row of OWASP ASVS that applies, with the tests that show it, the document, or the deviation."""

import ast
import csv
import functools
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROWS, ANSWERS, PAGE = (ROOT / "docs" / name for name in ("asvs_rows.tsv", "asvs_answers.tsv", "asvs.md"))
ID = re.compile(r"V\d+\.\d+\.\d+")
HEAD = """# OWASP ASVS 5.0 : ligne par ligne

Page faite par `python3 manage.py docs` à partir de `docs/asvs_rows.tsv`, de `docs/asvs_answers.tsv` et des tests qui
citent un numéro. « test » : montré par un test ; « document » : expliqué là où c'est fait ; « écart » : fait
autrement, et pourquoi.

"""


def rows() -> list[dict[str, str]]:
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def answers() -> dict[str, dict[str, str]]:
    with ANSWERS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


@functools.cache
def tests() -> dict[str, list[str]]:
    """The tests that name a row, in their docstring (« ASVS V6.5.1 ») or in their name, or a case's (test_…_v6_5_1)."""
    found = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        place = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for row in {*_named(node.name), *ID.findall(ast.get_docstring(node) or "")}:
                    found[row].add(f"{place}::{node.name}")
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                for row in _named(node.value):  # the name of a case
                    found[row].add(place)
    return {row: sorted(places) for row, places in found.items()}


def _named(text: str) -> list[str]:
    return [name.upper().replace("_", ".") for name in re.findall(r"v\d+_\d+_\d+", text)]


def page() -> str:
    """The whole page, in Markdown."""
    shown, said = tests(), answers()
    head = ["| Ligne | Niveau | Exigence | Réponse |", "|---|---|---|---|"]
    body = [
        f"| {row['id']} | {row['level']} | {row['paraphrase']} | {_answer(row['id'], shown, said)} |" for row in rows()
    ]
    return HEAD + "\n".join([*head, *body]) + "\n"


def _answer(row: str, shown: dict[str, list[str]], said: dict[str, dict[str, str]]) -> str:
    parts = [f"test : `{name}`" for name in shown.get(row, [])]
    if answer := said.get(row):
        parts.append(f"{answer['kind']} : {answer['answer']}")
    return "<br>".join(parts) or "**sans réponse**"


def write() -> None:
    PAGE.write_text(page(), "utf-8")
