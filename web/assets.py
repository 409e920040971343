"""Our own public files (script, logo, icon, fonts), at /asso/."""

from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from web.answers import sentence
from web.compression import Packed

FOLDER: Final = Path(__file__).parent / "assets"
KINDS: Final = {".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".css": "text/css"}
# Asked with its tag in the address, a file is that very content; without, it is asked again after an hour.
FOREVER: Final = "public, immutable, max-age=31536000"
AN_HOUR: Final = "public, max-age=3600"


class Assets:
    """The files of web/assets, read once; what is not in the folder at start does not exist."""

    def __init__(self, folder: Path = FOLDER) -> None:
        contents = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.suffix in KINDS
        }
        self.tags = {name: sha256(content).hexdigest()[:16] for name, content in contents.items()}
        self.packed = {name: Packed(content) for name, content in contents.items()}

    def address(self, name: str) -> str:
        """The address of a file, which changes with its content."""
        return f"/asso/{name}?v={self.tags[name]}"

    async def answer(self, request: Request) -> Response:
        """The file; 304 when the browser has it, 404 when there is none."""
        name = request.path_params["name"]
        if name not in self.packed:
            return sentence(404)
        tag = f'W/"{self.tags[name]}"'
        exact = request.query_params.get("v") == self.tags[name]
        headers = {"ETag": tag, "Cache-Control": FOREVER if exact else AN_HOUR, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        # A font is packed already.
        offer = "" if name.endswith(".woff2") else request.headers.get("accept-encoding", "")
        body, encoding = self.packed[name].fitting(offer)
        return Response(body, media_type=KINDS[Path(name).suffix], headers=headers | encoding)
