"""Passwords: chosen under the policy, changed, required to change (S1, B4, B6)."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, breaches, hashing, limits, mailed_links, notices, password_rules, sessions
from core.errors import (
    MissingField,
    PasswordsDiffer,
    SamePassword,
    TooManyAttempts,
    WeakPassword,
    WrongCurrentPassword,
)
from core.figures import FORMER_PASSWORDS, FORMER_PASSWORDS_LIFE
from core.office import Office
from core.password_rules import Holder
from core.roles import Actor, Permission, Role, requires


def checklist(office: Office, password: str, role: Role | None, *words: str) -> tuple[tuple[str, bool], ...]:
    """Each rule of the policy by name, and whether `password` meets it; for the screen, as one types.

    `role` is None while it is not known yet (a visitor with a code); `words` are the person's names, address, phones.
    """
    return password_rules.checklist(password, _holder(office, role, words), common=office.settings.passwords_file)


def unmet(office: Office, password: str, role: Role | None, *words: str) -> tuple[str, ...]:
    """The names of the rules that `password` does not meet."""
    return tuple(rule for rule, met in checklist(office, password, role, *words) if not met)


def check(office: Office, password: str, confirmation: str, role: Role | None, *words: str) -> None:
    """Raise MissingField, WeakPassword or PasswordsDiffer unless `password` may be chosen; asks nothing elsewhere."""
    if not password:
        raise MissingField("password")
    if missing := unmet(office, password, role, *words):
        raise WeakPassword(missing)
    if password_rules.normal(password) != password_rules.normal(confirmation):
        raise PasswordsDiffer


def refuse_breached(office: Office, password: str) -> None:
    """Raise WeakPassword when `password` is known to be breached.

    It asks another server: once, last, and only for somebody who has been recognised or counted.
    """
    if breaches.holds(office, password):
        raise WeakPassword(("not_breached",))


def _holder(office: Office, role: Role | None, words: tuple[str, ...]) -> Holder:
    ours = (office.settings.association, office.settings.sigle, *office.settings.words)
    return Holder(role, (*words, *ours))


_FORMER: Final = text("""
SELECT password_hash FROM asso.former_passwords WHERE user_id = :id AND retired_at > :since
ORDER BY retired_at DESC LIMIT :count
""")


def refuse_former(office: Office, user_id: UUID, password: str, current: str | None) -> None:
    """Raise SamePassword or WeakPassword when `password` is the current one or among the last ones (B6)."""
    if current and hashing.verify(office, password, current):
        raise SamePassword
    since = office.now() - FORMER_PASSWORDS_LIFE
    former = office.ask(_FORMER, id=user_id, since=since, count=FORMER_PASSWORDS - 1)
    if any(hashing.verify(office, password, row.password_hash) for row in former):
        raise WeakPassword(("not_former",))


# The password that goes is kept for a while, so that it does not come back; those too old or too many are erased.
_CHANGE: Final = text("""
WITH retired AS (
  INSERT INTO asso.former_passwords (id, user_id, password_hash, retired_at)
  SELECT :former_id, id, password_hash, :now FROM asso.users WHERE id = :id AND password_hash IS NOT NULL
), erased AS (
  DELETE FROM asso.former_passwords WHERE user_id = :id AND (retired_at <= :since OR id IN (
    SELECT id FROM asso.former_passwords WHERE user_id = :id ORDER BY retired_at DESC OFFSET :others))
)
UPDATE asso.users SET password_hash = :hash, password_changed_at = :now, password_change_required_at = NULL
WHERE id = :id AND (CAST(:was AS text) IS NULL OR password_hash = :was) RETURNING id
""")


def replace(db: Session, office: Office, user_id: UUID, kept: str, *, was: str | None = None) -> None:
    """Put the hash `kept` in the place of the account's password, within a transaction; mailed links end with it.

    Where a password was the proof, `was` is its hash: raises WrongCurrentPassword when another one is kept by now.
    """
    now = office.now()
    values = {"id": user_id, "hash": kept, "was": was, "now": now, "former_id": office.uuid()}
    values |= {"since": now - FORMER_PASSWORDS_LIFE, "others": FORMER_PASSWORDS - 2}
    if db.execute(_CHANGE, values).one_or_none() is None:
        raise WrongCurrentPassword
    mailed_links.end(db, office, user_id)


_OWN: Final = text("""
SELECT u.password_hash, u.email, p.nom, p.prenom, p.telephone_1, p.telephone_2
FROM asso.users u JOIN asso.personnes p ON p."ID_PERSONNE" = u.personne_id WHERE u.id = :id
""")


def own(office: Office, actor: Actor) -> Row[Any]:
    """The actor's own row: password_hash (None: Google only), email, names, phones."""
    return office.ask(_OWN, id=actor.user_id)[0]


def kept(office: Office, actor: Actor) -> str | None:
    """The hash of the actor's password, None when there is none (Google only)."""
    found: str | None = own(office, actor).password_hash
    return found


@requires(Permission.ACCOUNT_OWN)
def change(office: Office, actor: Actor, *, current: str, new: str, confirmation: str) -> str:
    """Change the actor's password; every session ends, this one too (B4), and the ticket returned opens a new one.

    Raises MissingField, WrongCurrentPassword, WeakPassword, PasswordsDiffer, SamePassword, TooManyAttempts.
    """
    if not current:
        raise MissingField("current_password")
    mine = own(office, actor)
    check(office, new, confirmation, actor.role, *words_of(mine))
    confirm(office, actor, current, mine.password_hash, audit.Deed.PASSWORD_CHANGED)
    refuse_former(office, actor.user_id, new, mine.password_hash)
    refuse_breached(office, new)
    fresh = hashing.hash_password(office, new)
    with office.begin() as db:
        limits.count_command(db, office, actor)
        replace(db, office, actor.user_id, fresh, was=mine.password_hash)
        sessions.close_all(db, office, actor.user_id, reason="password_changed")
        ticket = sessions.issue_ticket(db, office, actor.user_id)
        notices.password_changed(db, office, actor, actor.visitor)
        audit.record(db, audit.entry(office, actor, audit.Deed.PASSWORD_CHANGED, personne_id=actor.personne_id))
    return ticket


def words_of(row: Any) -> tuple[str, ...]:
    """What a password of this account may not hold: names, address, phones."""
    return tuple(word for word in (row.nom, row.prenom, row.email, row.telephone_1, row.telephone_2) if word)


def confirm(office: Office, actor: Actor, current: str, kept: str | None, deed: audit.Deed) -> None:
    """Raise WrongCurrentPassword unless `current` is the actor's password; wrong ones are counted and audited.

    `deed` is what they proved themselves for.
    """
    counter = (limits.PASSWORD_CHECK, str(actor.user_id))
    tried = limits.reserve(office, counter)
    if not hashing.verify(office, current, kept):
        facts = {"personne_id": actor.personne_id, "reason": "wrong_password"}
        audit.record_alone(office, actor, deed, outcome="refused", **facts)
        raise TooManyAttempts(tried.next_wait) if tried.next_wait else WrongCurrentPassword()
    with office.begin() as db:
        limits.give_back(db, office, counter, everything=True)
