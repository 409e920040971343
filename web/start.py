"""What the page tells Streamlit's scripts before they ask the server: where it is, and how the page looks."""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

# Settings of [theme] -> what Streamlit's interface calls them; enough for the first moments, the server sends the rest.
LOOK: Final = {
    "font": "bodyFont",
    "fontFaces": "fontFaces",
    "primaryColor": "primaryColor",
    "backgroundColor": "backgroundColor",
    "secondaryBackgroundColor": "secondaryBackgroundColor",
    "textColor": "textColor",
}


def script(themes: Mapping[str, Mapping[str, Any]]) -> str:
    """The first script of the page; `themes` has the settings of « light » and « dark ».

    Without the address, Streamlit takes each page for a folder with a server of its own (two errors in the
    console). With its answers the websocket opens a round trip earlier. With the look, the page does not begin in
    Streamlit's colours and font, a download of 170 KB.
    """
    looks = {f"{name.upper()}_THEME": _look(theme) for name, theme in themes.items()}
    as_text = json.dumps(looks).replace("<", "\\u003c")  # « </script> » would end it early
    return f"window.__streamlit = {{ {_SERVER}, ...{as_text} }};"


_SERVER: Final = (
    "BACKEND_BASE_URL: `${location.origin}/`, "
    "HOST_CONFIG: { allowedOrigins: [location.origin], useExternalAuthToken: false }"
)


def preloads(themes: Mapping[str, Mapping[str, Any]]) -> str:
    """A link that has the first font of the look fetched at once; nothing when there is none."""
    faces: Sequence[Mapping[str, str]] = next(iter(themes.values()), {}).get("fontFaces") or []
    link = '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>'
    return link.format(escape(faces[0]["url"])) if faces else ""


def _look(theme: Mapping[str, Any]) -> dict[str, Any]:
    return {name: theme[setting] for setting, name in LOOK.items() if setting in theme}
