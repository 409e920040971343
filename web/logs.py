"""Logs that say what broke and where, and no value: the message of an exception may hold what was typed."""

import logging
import traceback
from pathlib import Path
from typing import Any, Final

from core.office import Office

_LOG: Final = logging.getLogger(__name__)
ROOT: Final = Path(__file__).resolve().parent.parent


def keep_values_out() -> None:
    """From now on no log of this process prints an exception's message, source lines or variables."""
    logging.setLogRecordFactory(_record)
    # Addresses would hold invitation codes; Streamlit gives these loggers handlers whatever uvicorn is told.
    logging.getLogger("uvicorn.access").disabled = True
    # At INFO it prints the IP address of everybody who opens a page.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def incident(office: Office, error: BaseException) -> str:
    """Log where `error` happened under a number, which a person can read to an administrateur, and return it."""
    number = office.symbols(6)
    _LOG.error("Incident %s: %s", number, place(error))
    return number


def place(error: BaseException) -> str:
    """« ValueError (core/invites.py:41) »: the kind of `error` and the last line of ours that it crossed."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame.filename)] or frames[-1:]
    where = f"{_short(ours[-1].filename)}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} ({where})"


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    if record.exc_info and (error := record.exc_info[1]):
        record.msg, record.args = f"{record.getMessage().rstrip()} {place(error)}", None
        record.exc_info = None
    return record


def _is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(ROOT) and not {".venv", "site-packages"} & set(path.parts)


def _short(filename: str) -> str:
    return str(Path(filename).relative_to(ROOT)) if _is_ours(filename) else Path(filename).name
