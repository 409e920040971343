"""What has served its time is erased: former passwords after two years (B6), counters of tries, lost steps (S5)."""

from typing import Final

from sqlalchemy import text

from core.figures import FORMER_PASSWORDS_LIFE
from core.office import Office
from core.roles import for_operators

# One statement, at once for good; two replicas erase the same rows once. A counter in use is for the next time: who
# counts locks several, one after the other, and would wait for us while we wait for them.
_ERASE: Final = text("""
WITH passwords AS (DELETE FROM asso.former_passwords WHERE retired_at <= :former_until RETURNING 1),
  idle AS (SELECT name, key FROM asso.rate_counters WHERE forgotten_at <= :now FOR UPDATE SKIP LOCKED),
  counters AS (DELETE FROM asso.rate_counters c USING idle WHERE (c.name, c.key) = (idle.name, idle.key) RETURNING 1),
  flows AS (DELETE FROM asso.oidc_flows WHERE expires_at <= :now RETURNING 1),
  steps AS (DELETE FROM asso.pending_sign_ins WHERE expires_at <= :now RETURNING 1),
  tickets AS (DELETE FROM asso.session_tickets WHERE expires_at <= :now RETURNING 1),
  addresses AS (DELETE FROM asso.email_changes WHERE expires_at <= :now RETURNING 1)
SELECT (SELECT count(*) FROM passwords) + (SELECT count(*) FROM counters) + (SELECT count(*) FROM flows)
  + (SELECT count(*) FROM steps) + (SELECT count(*) FROM tickets) + (SELECT count(*) FROM addresses) AS erased
""")


@for_operators
def erase_outdated(office: Office) -> int:
    """Erase what nobody can use any more, and return how many rows that were; for the server's periodic work."""
    now = office.now()
    erased: int = office.ask(_ERASE, now=now, former_until=now - FORMER_PASSWORDS_LIFE)[0].erased
    return erased
