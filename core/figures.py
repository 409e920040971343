"""The security figures, each declared once (docs: figures; reasons: OWASP ASVS 5.0, NIST SP 800-63B, CNIL 2022-100)."""

from datetime import timedelta
from typing import Final

from core.roles import Role

INVITE_LIFE_DAYS: Final = 7
INVITE_LIFE_DAYS_AT_MOST: Final = 30
CODE_SYMBOLS: Final = (6, 5)

IDLE: Final = {
    Role.ADMINISTRATEUR: timedelta(minutes=15),
    Role.EMPLOYE: timedelta(minutes=30),
    Role.BENEVOLE: timedelta(minutes=30),
}
SESSION_LIFE: Final = timedelta(hours=8)
SESSIONS_AT_MOST: Final = 5
TICKET_LIFE: Final = timedelta(seconds=30)

PASSWORD_MIN: Final = 12
PASSWORD_MIN_ADMINISTRATEUR: Final = 15
PASSWORD_MAX: Final = 128
BCRYPT_COST: Final = 12

PAGE_SIZE: Final = 25
SEARCH_LENGTH: Final = 200
