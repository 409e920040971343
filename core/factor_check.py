"""Checking a second factor: the code of the moment or a recovery code, each claimed by one atomic statement (T4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import text

from core import audit, letters, limits, outbox, recovery_codes, sealing, totp
from core.errors import ClockOff, FactorNotOn, MissingField, Refusal, TooManyAttempts, UsedFactorCode, WrongFactorCode
from core.office import Office
from core.roles import Actor, Visitor
from core.totp import Verdict

REFUSALS: Final = {
    Verdict.USED: UsedFactorCode,
    Verdict.CLOCK_OFF: ClockOff,
    Verdict.WRONG: WrongFactorCode,
}


@dataclass(frozen=True)
class Holder:
    """Whose factor is checked, and the factor as the database has it."""

    user_id: UUID
    personne_id: UUID
    email: str
    prenom: str
    sealed_seed: bytes
    last_step: int
    warned_step: int

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Self:
        """From a row of COLUMNS."""
        return cls(**{**found, "sealed_seed": bytes(found["sealed_seed"])})


COLUMNS: Final = "u.id AS user_id, u.personne_id, u.email, p.prenom, f.sealed_seed, f.last_step, f.warned_step"
_HOLDER: Final = text(f"""
SELECT {COLUMNS} FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
JOIN asso.second_factors f ON f.user_id = u.id WHERE u.id = :user_id AND f.confirmed_at IS NOT NULL
""")  # noqa: S608 (made of our own constants)


def holder_of(office: Office, actor: Actor) -> Holder:
    """The actor with their factor; raises FactorNotOn."""
    rows = office.ask(_HOLDER, user_id=actor.user_id)
    if not rows:
        raise FactorNotOn
    return Holder.of(rows[0]._asdict())


def seal_seed(office: Office, seed: bytes, user_id: UUID) -> bytes:
    """A seed as the table keeps it: it opens for this account only (V11.3.3)."""
    return sealing.encrypt(office, "totp", seed, bound_to=str(user_id))


def counters(who: Actor | Visitor, user_id: UUID) -> tuple[limits.Counter, ...]:
    """What a try at the second factor of an account counts against."""
    visitor, key = (who.visitor if isinstance(who, Actor) else who), str(user_id)
    of_user = (limits.FACTOR_USER, limits.FACTOR_USER_HOUR, limits.FACTOR_USER_DAY)
    return (*((limit, key) for limit in of_user), (limits.FACTOR_IP, visitor))


def prove(office: Office, who: Actor | Visitor, holder: Holder, code: str) -> str:
    """How `code` proves that `holder` is there: "totp" or "recovery_code"; it never serves again.

    Raises MissingField, WrongFactorCode, UsedFactorCode, ClockOff, TooManyAttempts. Every try is counted before it is
    judged, so that parallel ones all count (V6.3.1); a good one is given back.
    """
    typed = recovery_codes.normal(code)
    if not typed:
        raise MissingField("factor_code")
    tried = limits.reserve(office, *counters(who, holder.user_id))
    by_clock = re.fullmatch("[0-9]{6}", typed)
    refusal = _by_clock(office, who, holder, typed) if by_clock else _by_recovery(office, who, holder, typed)
    if refusal:
        raise refuse(office, who, holder, refusal, tried)
    return "totp" if by_clock else "recovery_code"


def read(office: Office, holder: Holder, code: str) -> totp.Reading:
    """What a six-digit code is worth now."""
    seed = sealing.decrypt(office, "totp", holder.sealed_seed, bound_to=str(holder.user_id))
    return totp.read(seed, code, office.now(), last_step=holder.last_step, warned_step=holder.warned_step)


def refuse(
    office: Office, who: Actor | Visitor, holder: Holder, refusal: Refusal, tried: limits.Reservation
) -> Refusal:
    """Audit a refused code; what to raise, which is the wait when this was the last try."""
    reason = type(refusal).__name__
    audit.record_alone(office, who, audit.Deed.FACTOR_CHECKED, outcome="refused", reason=reason, **facts(holder))
    return TooManyAttempts(tried.next_wait) if tried.next_wait else refusal


def facts(holder: Holder) -> dict[str, Any]:
    """Whom an audit entry is about, also where nobody is signed in yet."""
    return {"actor_id": holder.user_id, "personne_id": holder.personne_id}


# Twenty requests with one code: the row's lock lets one move the step, the others find it moved (V6.5.1).
_CLAIM: Final = text(f"""
WITH claimed AS (
  UPDATE asso.second_factors SET last_step = :step
  WHERE user_id = :user_id AND confirmed_at IS NOT NULL AND last_step < :step RETURNING user_id
), audited AS ({audit.APPEND} WHERE EXISTS (SELECT 1 FROM claimed))
SELECT asso.give_back(CAST(:limits AS jsonb), false) FROM claimed
""")  # noqa: S608 (made of our own constants)
_WARN: Final = text("UPDATE asso.second_factors SET warned_step = :step WHERE user_id = :user_id")


def _by_clock(office: Office, who: Actor | Visitor, holder: Holder, code: str) -> Refusal | None:
    reading = read(office, holder, code)
    values: dict[str, Any] = {"user_id": holder.user_id, "step": reading.step}
    if reading.verdict is Verdict.CLOCK_OFF:
        office.ask(_WARN, **values)
    if reading.verdict is not Verdict.GOOD:
        return REFUSALS[reading.verdict]()
    entry = audit.entry(office, who, audit.Deed.FACTOR_CHECKED, how="totp", **facts(holder))
    given_back = limits.as_json(office, *counters(who, holder.user_id))
    claimed = office.ask(_CLAIM, **values, limits=given_back, entries=audit.as_json(entry))
    return None if claimed else UsedFactorCode()


_SPEND: Final = text("""
WITH spent AS (
  UPDATE asso.recovery_codes SET used_at = :now
  WHERE code_hash = :code_hash AND user_id = :user_id AND used_at IS NULL RETURNING user_id
)
SELECT (SELECT count(*) FROM asso.recovery_codes c WHERE c.user_id = :user_id AND c.used_at IS NULL) - 1 AS unused
FROM spent
""")


def _by_recovery(office: Office, who: Actor | Visitor, holder: Holder, code: str) -> Refusal | None:
    values = {"user_id": holder.user_id, "code_hash": recovery_codes.seal(office, code), "now": office.now()}
    with office.begin() as db:
        spent = db.execute(_SPEND, values).one_or_none()
        if spent is None:
            return WrongFactorCode()
        limits.give_back(db, office, *counters(who, holder.user_id))
        letter = letters.recovery_code_used(office, to=holder.email, prenom=holder.prenom, left=spent.unused)
        outbox.post(db, office, letter, personne_id=holder.personne_id)
        used = audit.entry(office, who, audit.Deed.RECOVERY_CODE_USED, left=spent.unused, **facts(holder))
        audit.record(db, used)
    return None
