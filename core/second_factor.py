"""The second factor of one's own account: enrolled, confirmed, its recovery codes renewed, switched off (T4)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import audit, factor_check, letters, limits, notices, outbox, recovery_codes, sessions, step_up, totp
from core.errors import EnrolmentOver, FactorAlreadyOn, MissingField
from core.factor_check import REFUSALS, Holder
from core.figures import ENROLMENT_LIFE
from core.office import Office
from core.roles import Actor, Permission, requires
from core.totp import Verdict


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs, in clear for the only time: the address of the QR code, or the typed key."""

    uri: str
    key: str


# Beginning again replaces the seed that nobody confirmed; a confirmed one stays.
_BEGIN: Final = text("""
INSERT INTO asso.second_factors (user_id, sealed_seed, created_at) VALUES (:user_id, :sealed, :now)
ON CONFLICT (user_id) DO UPDATE SET sealed_seed = EXCLUDED.sealed_seed, created_at = EXCLUDED.created_at
WHERE second_factors.confirmed_at IS NULL
RETURNING user_id
""")


@requires(Permission.ACCOUNT_OWN)
def begin(office: Office, actor: Actor) -> Enrolment:
    """A new seed for the actor's authenticator app; it counts once a code of it is confirmed, within 15 minutes.

    Raises StepUpNeeded, FactorAlreadyOn, TooManyAttempts. ASVS V7.5.1.
    """
    step_up.require_recent(office, actor)
    seed = totp.new_seed(office)
    sealed = factor_check.seal_seed(office, seed, actor.user_id)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        if not db.execute(_BEGIN, {"user_id": actor.user_id, "sealed": sealed, "now": office.now()}).all():
            raise FactorAlreadyOn
    uri = totp.uri(seed, issuer=office.settings.association, account=actor.email)
    return Enrolment(uri=uri, key=recovery_codes.grouped(totp.as_text(seed), " "))


_ENROLMENT: Final = text(f"""
SELECT {factor_check.COLUMNS}, f.confirmed_at IS NOT NULL AS confirmed, f.created_at > :since AS alive
FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id
LEFT JOIN asso.second_factors f ON f.user_id = u.id WHERE u.id = :user_id
""")  # noqa: S608 (made of our own constants)
_CONFIRM: Final = text("""
UPDATE asso.second_factors SET confirmed_at = :now, last_step = :step
WHERE user_id = :user_id AND confirmed_at IS NULL AND sealed_seed = :sealed
RETURNING user_id
""")


@requires(Permission.ACCOUNT_OWN)
def confirm(office: Office, actor: Actor, *, code: str) -> tuple[str, ...]:
    """Switch the factor on by a first code; the ten recovery codes, to be shown once. Other sessions end (V7.4.3).

    Raises MissingField, EnrolmentOver, FactorAlreadyOn, WrongFactorCode, ClockOff, TooManyAttempts.
    """
    typed = recovery_codes.normal(code)
    if not typed:
        raise MissingField("totp")
    holder = _enrolling(office, actor)
    tried = limits.reserve(office, *factor_check.counters(actor, actor.user_id))
    reading = factor_check.read(office, holder, typed)
    if reading.verdict is not Verdict.GOOD:
        raise factor_check.refuse(office, actor, holder, REFUSALS[reading.verdict](), tried)
    values = {"user_id": actor.user_id, "now": office.now(), "step": reading.step, "sealed": holder.sealed_seed}
    with office.begin() as db:
        if not db.execute(_CONFIRM, values).all():
            raise EnrolmentOver
        codes = recovery_codes.write(db, office, actor.user_id)
        limits.give_back(db, office, *factor_check.counters(actor, actor.user_id))
        sessions.close_all(db, office, actor.user_id, reason="credentials_changed", but=actor.session_id)
        letter = letters.factor_on(office, to=actor.email, prenom=actor.prenom)
        outbox.post(db, office, letter, personne_id=actor.personne_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.FACTOR_ON, personne_id=actor.personne_id))
    return codes


def _enrolling(office: Office, actor: Actor) -> Holder:
    found = office.ask(_ENROLMENT, user_id=actor.user_id, since=office.now() - ENROLMENT_LIFE)[0]._asdict()
    confirmed, alive = found.pop("confirmed"), found.pop("alive")
    if confirmed:
        raise FactorAlreadyOn
    if not alive:
        raise EnrolmentOver
    return Holder.of(found)


@requires(Permission.ACCOUNT_OWN)
def renew_recovery_codes(office: Office, actor: Actor, *, code: str) -> tuple[str, ...]:
    """Ten fresh recovery codes, to be shown once; the old ones are dead. `code` is a code of the factor.

    Raises StepUpNeeded, FactorNotOn and the refusals of factor_check.prove.
    """
    step_up.require_recent(office, actor)
    factor_check.prove(office, actor, factor_check.holder_of(office, actor), code)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        codes = recovery_codes.write(db, office, actor.user_id)
        notices.recovery_codes_renewed(db, office, actor)
        renewed = audit.Deed.RECOVERY_CODES_RENEWED
        audit.record(db, audit.entry(office, actor, renewed, personne_id=actor.personne_id))
    return codes


@requires(Permission.ACCOUNT_OWN)
def disable(office: Office, actor: Actor, *, code: str) -> None:
    """Switch the factor off, by a code of it or a recovery code. Other sessions end (V7.4.3).

    Raises StepUpNeeded, FactorNotOn and the refusals of factor_check.prove.
    """
    step_up.require_recent(office, actor)
    factor_check.prove(office, actor, factor_check.holder_of(office, actor), code)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        remove(db, actor.user_id)
        sessions.close_all(db, office, actor.user_id, reason="credentials_changed", but=actor.session_id)
        letter = letters.factor_off(office, to=actor.email, prenom=actor.prenom)
        outbox.post(db, office, letter, personne_id=actor.personne_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.FACTOR_OFF, personne_id=actor.personne_id))


_REMOVE: Final = text("""
WITH codes AS (DELETE FROM asso.recovery_codes WHERE user_id = :user_id)
DELETE FROM asso.second_factors WHERE user_id = :user_id RETURNING confirmed_at IS NOT NULL AS was_on
""")


def remove(db: Session, user_id: UUID) -> bool:
    """Take the factor and its recovery codes away, within a transaction; whether it was on."""
    return any(row.was_on for row in db.execute(_REMOVE, {"user_id": user_id}))
