"""How a letter looks: the same parts as plain text and as HTML that reads well in light and dark mailboxes."""

import re
from dataclasses import dataclass
from html import escape
from typing import Final

SHOWN_AT_MOST: Final = 60
_INVISIBLE: Final = "\u2060"
# What the provider would take for its template language.
_TEMPLATE: Final = re.compile(r"\{(?=[{$%#])")
# What a mailbox would turn into a link: only ours may be one.
_LINKED: Final = re.compile(r"(?<=[.:@/])(?=\S)")


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Code:
    """Something to type elsewhere, in large letters, after its label."""

    label: str
    code: str


@dataclass(frozen=True)
class Link:
    """A button, and its address to copy; the label stands before it."""

    label: str
    button: str
    url: str


Part = Words | Code | Link


def typed(text: str) -> str:
    """What somebody typed (a name, an address, a device), for a letter: one line, short, and never a link."""
    line = " ".join(text.split())
    short = line if len(line) <= SHOWN_AT_MOST else line[: SHOWN_AT_MOST - 1] + "…"
    return _LINKED.sub(_INVISIBLE, short)


def masked(address: str) -> str:
    """An address that its owner recognises and nobody learns: j•••@exemple.fr."""
    local, _, domain = address.rpartition("@")
    return typed(f"{local[:1]}•••@{domain}")


def inert(text: str) -> str:
    """`text` without anything that the provider would compute ({{ }}, {$ }, {% %})."""
    return _TEMPLATE.sub("{" + _INVISIBLE, text)


def as_text(parts: tuple[Part, ...], foot: str) -> str:
    """The letter as plain text."""
    return inert("\n\n".join([*(_text(part) for part in parts), "-- \n" + foot]) + "\n")


def _text(part: Part) -> str:
    match part:
        case Words(text):
            return text
        case Code(label, code):
            return f"{label} {code}"
        case Link(label, _, url):
            return f"{label}\n{url}"


# Colours stand on the elements; a dark mailbox gets others by class, where it reads <style> at all.
_STYLE: Final = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #0f1516 !important; }
  .sheet { background-color: #1c2526 !important; border-color: #3a4848 !important; }
  .words, .code, .name { color: #edf2f0 !important; }
  .code { background-color: #0f1516 !important; border-color: #7e908d !important; }
  .foot { color: #c3cdcb !important; }
  .link { color: #8cc7f0 !important; }
}
"""
_FONT: Final = "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


def as_html(parts: tuple[Part, ...], *, title: str, name: str, foot: str) -> str:
    """The letter as an HTML page: styles inline, every value escaped, no image, nothing loaded from anywhere."""
    body = "\n".join(_html(part) for part in parts)
    return inert(
        f"""<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#eef2ef">
<div class="page" style="padding:24px 12px;background-color:#eef2ef;{_FONT};font-size:17px;line-height:1.5">
<div class="sheet" style="max-width:560px;margin:0 auto;padding:28px 24px;background-color:#ffffff;\
border:1px solid #c9d2cf;border-radius:10px">
<p class="name" style="margin:0 0 20px;font-weight:700;font-size:19px;color:#0b6b61">{escape(name)}</p>
{body}
</div>
<p class="foot" style="max-width:560px;margin:16px auto 0;padding:0 24px;font-size:14px;\
color:#4a5755">{escape(foot)}</p>
</div>
</body>
</html>
"""
    )


def _html(part: Part) -> str:
    match part:
        case Words(text):
            return _paragraph(escape(text))
        case Code(label, code):
            return _paragraph(escape(label)) + _code(escape(code))
        case Link(label, button, url):
            return _paragraph(escape(label)) + _button(escape(button), escape(url))


def _paragraph(inner: str) -> str:
    return f'<p class="words" style="margin:0 0 16px;color:#1c2b2a">{inner}</p>'


def _code(inner: str) -> str:
    return (
        '\n<p class="code" style="margin:0 0 20px;padding:14px 10px;text-align:center;color:#1c2b2a;'
        "background-color:#f4f6f3;border:1px solid #7c8b88;border-radius:8px;"
        "font-family:Consolas,Menlo,'Courier New',monospace;font-size:22px;font-weight:700;letter-spacing:1px;"
        f'overflow-wrap:anywhere">{inner}</p>'
    )


def _button(inner: str, url: str) -> str:
    return (
        f'\n<p style="margin:0 0 12px"><a href="{url}" style="display:inline-block;padding:12px 22px;'
        "background-color:#0b6b61;color:#ffffff;border-radius:8px;font-weight:600;text-decoration:none"
        f'">{inner}</a></p>\n<p class="foot" style="margin:0 0 20px;font-size:14px;color:#4a5755">'
        f"Ou copiez cette adresse dans votre navigateur\u00a0:<br>"
        f'<a class="link" href="{url}" style="color:#0a5f8a;overflow-wrap:anywhere">{url}</a></p>'
    )
