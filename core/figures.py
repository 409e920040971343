"""The security figures, each declared once (docs: figures; reasons: OWASP ASVS 5.0, NIST SP 800-63B, CNIL 2022-100)."""

from datetime import timedelta
from typing import Final

from core.roles import Role

INVITE_LIFE_DAYS: Final = 7
INVITE_LIFE_DAYS_AT_MOST: Final = 30
# A reminder by mail that long before the end, for codes that live long enough for it to be one.
INVITE_REMINDER: Final = timedelta(hours=48)
INVITE_REMINDER_FROM: Final = timedelta(days=4)
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
PASSPHRASE_MIN: Final = 20
ZXCVBN_MIN: Final = 3
FORMER_PASSWORDS: Final = 5
FORMER_PASSWORDS_LIFE: Final = timedelta(days=730)
EMAIL_CHANGE_LIFE: Final = timedelta(hours=24)
RESET_LIFE: Final = timedelta(minutes=20)
OTP_DIGITS: Final = 6
STEP_UP: Final = timedelta(minutes=10)
GOOGLE_FLOW: Final = timedelta(minutes=10)
PENDING_SIGN_IN: Final = timedelta(minutes=5)
TOTP_STEPS_TAKEN: Final = 1
TOTP_STEPS_SEEN: Final = 10  # a clock that far off is recognised, and refused
ENROLMENT_LIFE: Final = timedelta(minutes=15)
RECOVERY_CODES: Final = 10
RECOVERY_SYMBOLS: Final = 16
RECOVERY_CODES_FEW: Final = 3
BCRYPT_COST: Final = 12

PAGE_SIZE: Final = 25
COUNTED_AT_MOST: Final = 10_000
CODES_COUNTED_AT_MOST: Final = 1000
SEARCH_LENGTH: Final = 200

# Mails: a notice that is two days late tells nobody anything; a mail is sent at most once in the lease of a sender.
NOTICE_LIFE: Final = timedelta(days=2)
MAIL_LEASE: Final = timedelta(minutes=5)
MAIL_FIRST_WAIT: Final = timedelta(seconds=10)
MAIL_LONGEST_WAIT: Final = timedelta(minutes=15)
# Every five seconds at most eight: 96 a minute, where the provider allows 120.
MAIL_ROUND: Final = 8
MAIL_ROUND_SECONDS: Final = 5.0
MAILBOX_KEEPS: Final = 200

# A prepared file; up to this many bytes it stays in memory on its way, then in a file without a name.
DOWNLOAD_LIFE: Final = timedelta(minutes=5)
DOWNLOAD_IN_MEMORY: Final = 1 << 20

# Fiches that one bulk deed takes: they are locked together for as long as it lasts.
BULK_AT_MOST: Final = 500

# A file of people: its bytes, what it may unfold to, its rows and columns.
IMPORT_BYTES: Final = 5 * 1024 * 1024
IMPORT_INFLATED: Final = 80_000_000
IMPORT_PARTS: Final = 1000
IMPORT_ROWS: Final = 60_000
IMPORT_COLUMNS: Final = 100
IMPORT_CHUNK: Final = 2000
HOUSEKEEPING_SECONDS: Final = 300.0

# Reading the journal is an entry of the journal, but not at each click.
JOURNAL_READ_EVERY: Final = timedelta(minutes=15)
JOURNAL_CHECKED_AT_ONCE: Final = 10_000
RIGHTS_AT_MOST: Final = 1_000

# A fiche that has been archived for so many months is proposed for erasure (CNIL: contacts, three years).
ARCHIVE_MONTHS: Final = 36
ARCHIVES_COUNTED_AT_MOST: Final = 1000

# Accueil: how far back it looks, and how many shared names it counts.
DASHBOARD_WEEKS: Final = 12
DASHBOARD_MAILS: Final = timedelta(days=30)
DASHBOARD_TWINS: Final = 100
