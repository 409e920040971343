"""The page to read of « Exporter mes données »: complete by itself, without any script."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final, TypeAlias

from core.french import moment
from core.office import Office

Data: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
# Columns so called are for programs: the page leaves them to the JSON.
CODE: Final = "code "
_STYLE: Final = """
:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.5 system-ui, sans-serif; }
div { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border: 1px solid #7c8b88; padding: 0.35rem 0.7rem; text-align: left; vertical-align: top; }
td { white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def page(office: Office, data: Data) -> str:
    """All of `data`, a section after the other; everything in it is text."""
    title = f"Mes données – {office.settings.association}"
    sections = "".join(f"<h2>{escape(name)}</h2>{_section(rows)}" for name, rows in data.items())
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1><p>Tout ce que l'application garde sur vous, le {moment(office.now())}. Le fichier "
        f"«\u00a0Mes données.json\u00a0» contient la même chose, pour un autre logiciel. Les mots de passe et les "
        f"codes n'y figurent pas\u00a0: l'application n'en garde que des empreintes.</p>{sections}</body></html>"
    )


def _section(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "<p>Rien.</p>"
    if len(rows) == 1:
        lines = (
            f'<tr><th scope="row">{escape(name)}</th><td>{said(value)}</td></tr>' for name, value in _read(rows[0])
        )
        return f"<div><table>{''.join(lines)}</table></div>"
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name, _ in _read(rows[0]))
    body = "".join(f"<tr>{''.join(f'<td>{said(value)}</td>' for _, value in _read(row))}</tr>" for row in rows)
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _read(row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in row.items() if not name.startswith(CODE)]


def said(value: Any) -> str:
    """A value in French, as HTML: nothing as a dash, an instant in Paris time."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "oui" if value else "non"
    return escape(moment(value) if isinstance(value, datetime) else str(value))
