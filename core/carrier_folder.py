"""The mailbox that comes with the embedded database: each mail is a file that only its owner reads."""

import os
from pathlib import Path
from typing import Final

from core.carriers import Outgoing, Reason, TemporaryFailure, composed
from core.figures import MAILBOX_KEEPS
from core.mail_settings import MailSettings

NAME: Final = "courriels"


class FolderCarrier:
    """Writes .eml files in `folder`, and keeps the newest of them."""

    def __init__(self, folder: Path, settings: MailSettings, association: str) -> None:
        self.folder = folder
        self.settings = settings
        self.association = association

    def carry(self, mail: Outgoing) -> None:
        """Write the mail whole, or not at all; raises TemporaryFailure, PermanentFailure."""
        message = composed(mail, self.settings, self.association)
        try:
            self._write(mail, message.as_bytes())
        except OSError as error:
            raise TemporaryFailure(Reason.DISK) from error

    def _write(self, mail: Outgoing, message: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{mail.at:%Y%m%d-%H%M%S%f}-{mail.id}.eml"
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message)
        part.replace(path)
        for outdated in sorted(self.folder.glob("*.eml"), reverse=True)[MAILBOX_KEEPS:]:
            outdated.unlink(missing_ok=True)
