"""Recovery codes: ten for a lost telephone, shown once; each opens one time (figures, V6.5.1)."""

import re
from typing import Final
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.figures import RECOVERY_CODES, RECOVERY_SYMBOLS
from core.office import Office

# Crockford's base32 leaves out I, L, O and U; whoever reads O or I meant 0 or 1.
_MISREAD: Final = str.maketrans("OIL", "011")
_GROUP: Final = 4


def normal(typed: str) -> str:
    """A code of the second factor without what people add to it: blanks, dashes, small letters."""
    return re.sub(r"[\W_]", "", normalize("NFKC", typed[:100])).upper()


def seal(office: Office, code: str) -> bytes:
    """What the table keeps of a code: a digest under a key that is not in the database."""
    return office.seal("recovery", normal(code).translate(_MISREAD))


def grouped(text: str, mark: str) -> str:
    """`text` in groups of four, with `mark` between them."""
    return mark.join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


_WRITE: Final = text("""
WITH old AS (DELETE FROM asso.recovery_codes WHERE user_id = :user_id)
INSERT INTO asso.recovery_codes (code_hash, user_id, created_at)
SELECT code_hash, :user_id, :now FROM unnest(CAST(:hashes AS bytea[])) AS new(code_hash)
""")


def write(db: Session, office: Office, user_id: UUID) -> tuple[str, ...]:
    """Ten fresh codes in the place of the old ones, within a transaction; in clear for the only time."""
    codes = tuple(grouped(office.symbols(RECOVERY_SYMBOLS), "-") for _ in range(RECOVERY_CODES))
    hashes = [seal(office, code) for code in codes]
    db.execute(_WRITE, {"user_id": user_id, "now": office.now(), "hashes": hashes})
    return codes
