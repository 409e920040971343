"""Pages to print: complete by themselves, in black on white, with one script that only opens the printer's window."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Final

STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 190mm; padding: 8mm 4mm; background: #fff; color: #111;
  font: 11pt/1.35 system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { font-size: 17pt; margin: 0 0 1mm; }
p { margin: 0 0 3mm; }
.aide { border: 1px solid #777; border-radius: 2mm; padding: 3mm 4mm; margin: 0 0 6mm; }
button { font: inherit; font-weight: 600; padding: 2.5mm 6mm; border: 0; border-radius: 2mm; cursor: pointer;
  background: #0b5f55; color: #fff; }
button:focus-visible { outline: 3px solid #111; outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { border: 1px solid #555; padding: 1.5mm 2.5mm; text-align: left; overflow-wrap: anywhere; }
th { background: #eee; }
td { height: 11mm; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.numero { width: 12mm; text-align: right; }
.signature { width: 40%; }
.carte { break-inside: avoid; border: 1px dashed #555; padding: 5mm; margin: 0 0 5mm; }
.code { font: 700 16pt/1.4 ui-monospace, "Liberation Mono", monospace; }
.feuille { break-after: page; }
.feuille:last-of-type { break-after: auto; }
.carre { width: 32mm; }
@page { size: A4; margin: 14mm 12mm; }
@media print {
  .aide { display: none; }
  body { padding: 0; max-width: none; }
}
table + p { margin-top: 4mm; }
@media screen and (max-width: 600px) {
  body { font-size: 9pt; padding: 4mm 3mm; }
  th, td { padding: 1mm; hyphens: auto; }
  .numero { width: 8mm; }
  .signature { width: 26%; }
}
"""
SCRIPT: Final = 'document.querySelector("button").addEventListener("click", () => window.print());'


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


# Nothing is fetched, nothing is sent anywhere, and no other script or style can run, whatever stands in a name.
POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        f"script-src {_hash(SCRIPT)}",
        f"style-src {_hash(STYLE)}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def top(title: str, *lines: str) -> str:
    """The beginning of a page: its title, then `lines`, all as text; above them the button, which is not printed."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style></head><body><div class="aide"><p>Cette page est prête à imprimer. '
        f"Elle ne s'ouvre qu'une fois\u00a0: imprimez-la avant de la fermer.</p>"
        f'<button type="button">Imprimer</button></div>'
        f"<h1>{escape(title)}</h1>{said}"
    )


def bottom() -> str:
    """The end of a page."""
    return f"<script>{SCRIPT}</script></body></html>"
