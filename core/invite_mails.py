"""Invitation codes by mail: the one just shown, or a new one in the place of a mail that did not arrive (R11)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, emails, invites, letters, limits, outbox
from core.code_batches import Batch, issue_many, only_shown
from core.errors import CodeReplaced, NoAddress, Refusal
from core.letter import Letter
from core.office import Office
from core.roles import Actor, Permission, requires


@requires(Permission.INVITES_MANAGE)
def send(office: Office, actor: Actor, *, personne_id: UUID, code: str, email: str) -> None:
    """Mail the live `code` of a Personne to `email`.

    Raises MissingField, InvalidEmail, CodeReplaced, TooManyAttempts (50 a day for one administrateur).
    """
    address = emails.parse(email)
    with office.begin() as db:
        _count(db, office, actor)
        invite = invites.redeemable(db, office, code)
        if invite is None or invite.personne_id != personne_id:
            raise CodeReplaced
        letter = _letter(office, address, invite.prenom, code, invite.expires_at)
        outbox.post(db, office, letter, personne_id=personne_id)
        audit.record(db, audit.entry(office, actor, audit.Deed.INVITE_MAILED, personne_id=personne_id))


@requires(Permission.INVITES_MANAGE)
def send_new(office: Office, actor: Actor, *, personne_id: UUID, email: str) -> None:
    """Mail a new code to `email`; the old one is dead. Raises like `send`, and the failures of issue_many."""
    address = emails.parse(email)
    with office.begin() as db:
        _count(db, office, actor)
        batch = issue_many(db, office, actor, [personne_id])
        if batch.failed:
            raise batch.failed[0].why
        [one] = batch.done
        outbox.post(db, office, _letter(office, address, one.prenom, one.code, one.expires_at), personne_id=one.id)
        mailed = audit.entry(office, actor, audit.Deed.INVITE_MAILED, personne_id=one.id)
        audit.record(db, *batch.entries, mailed)


@requires(Permission.INVITES_MANAGE)
def send_new_to_many(
    office: Office, actor: Actor, *, ids: Iterable[UUID], shown: Collection[UUID] | None = None
) -> Batch:
    """Mail a new code to each of `ids`, at the address of the fiche; the old ones, which are `shown`, are dead.

    The failures are OtherCode, NoAddress and those of issue_many (a further code, or the 50 mails a day, can be too
    many). Raises TooManyAttempts.
    """

    def why(row: Row[Any]) -> Refusal | None:
        return only_shown(shown)(row) or (None if row.email else NoAddress())

    with office.begin() as db:
        limits.count_command(db, office, actor)
        batch = issue_many(db, office, actor, ids, why=why, also=((limits.INVITE_MAILS, str(actor.user_id)),))
        addresses = {row.id: row.email for row in db.execute(_ADDRESSES, {"ids": [one.id for one in batch.done]})}
        for one in batch.done:
            letter = _letter(office, addresses[one.id], one.prenom, one.code, one.expires_at)
            outbox.post(db, office, letter, personne_id=one.id)
        mailed = (audit.entry(office, actor, audit.Deed.INVITE_MAILED, personne_id=one.id) for one in batch.done)
        audit.record(db, *batch.entries, *mailed)
    return batch


# Held since issue_many, so that this is the address it looked at.
_ADDRESSES: Final = text(
    'SELECT "ID_PERSONNE" AS id, email FROM asso.personnes WHERE "ID_PERSONNE" = ANY(CAST(:ids AS uuid[]))'
)


def _count(db: Session, office: Office, actor: Actor) -> None:
    limits.count_command(db, office, actor)
    limits.count(db, office, limits.INVITE_MAILS, str(actor.user_id))


def _letter(office: Office, to: str, prenom: str, code: str, expires_at: datetime) -> Letter:
    link = f"{office.settings.public_url}/activer_mon_acces?code={quote(code)}"
    return letters.invitation(office, to=to, prenom=prenom, code=code, link=link, expires_at=expires_at)
