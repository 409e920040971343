"""Two fiches of the same person made one, field by field; what belongs to them follows (R1, T6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core import audit, fiche_rows, limits, merge_rows, sessions, step_up
from core.errors import (
    FicheChanged,
    LastAdministrator,
    NotFound,
    OwnRole,
    Refusal,
    RoleAboveOwn,
    SameFiche,
    TwoAccounts,
)
from core.merge_rows import FIELDS
from core.office import Office
from core.roles import Actor, Permission, Role, requires

__all__ = ["FIELDS", "Choice", "Comparison", "Merged", "Side", "compare", "merge"]

Choice = Literal["keep", "drop"]


@dataclass(frozen=True)
class Side:
    """One of two fiches that are compared; `account` is the address it signs in with, times are in UTC."""

    id: UUID
    values: Mapping[str, str | None]  # one for each of FIELDS; empty and absent are both None
    version: int
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    account: str | None
    code_until: datetime | None  # the end of its code that was not used


@dataclass(frozen=True)
class Comparison:
    """Two fiches side by side, and why they cannot be merged, if so."""

    one: Side
    other: Side
    impossible: Refusal | None

    @property
    def differing(self) -> tuple[str, ...]:
        """The fields for which somebody must choose."""
        return tuple(name for name in FIELDS if self.one.values[name] != self.other.values[name])


@dataclass(frozen=True)
class Merged:
    """The fiche that stays, and whether a code died because the person needs one at most."""

    id: UUID
    nom: str
    prenom: str
    code_revoked: bool


@requires(Permission.PERSONNES_ERASE)
def compare(office: Office, actor: Actor, *, one: UUID, other: UUID) -> Comparison:
    """Both fiches with all they hold, the reading of each audited (T5); one round trip. Raises NotFound, SameFiche."""
    if one == other:
        raise SameFiche
    read = [audit.entry(office, actor, audit.Deed.PERSONNE_READ, personne_id=id) for id in (one, other)]
    rows = {row.id: row for row in office.ask(merge_rows.READ, one=one, other=other, entries=audit.as_json(*read))}
    if len(rows) < 2:
        raise NotFound
    impossible = TwoAccounts() if rows[one].user_id and rows[other].user_id else None
    return Comparison(_side(rows[one]), _side(rows[other]), impossible)


def _side(row: Row[Any]) -> Side:
    kept = row._mapping
    plain = {name: kept[name] for name in Side.__dataclass_fields__ if name != "values"}
    return Side(values=_values(row), **plain)


def _values(row: Row[Any]) -> dict[str, str | None]:
    return {name: row._mapping[name] or None for name in FIELDS}


@requires(Permission.PERSONNES_ERASE)
def merge(
    office: Office,
    actor: Actor,
    *,
    keep: UUID,
    drop: UUID,
    choices: Mapping[str, Choice],
    versions: Mapping[UUID, int],
) -> Merged:
    """Make `drop` a part of `keep`: chosen values (of `keep` where nothing is said), account, code, history, mails.

    `versions` are those that were compared. The fiche that goes is deleted. At most 11 round trips. Raises
    StepUpNeeded, SameFiche, NotFound, FicheChanged, TwoAccounts, TooManyAttempts and, audited, OwnRole,
    RoleAboveOwn, LastAdministrator: a merge is also a change of role.
    """
    step_up.require_recent(office, actor)
    if keep == drop:
        raise SameFiche
    merged: dict[str, str | None] = {}
    try:
        with office.begin() as db:
            limits.count_command(db, office, actor)
            fiche_rows.take_turn(db)
            kept, dropped = merge_rows.hold(db, keep, drop)
            _check(kept, dropped, versions)
            merged = _chosen(kept, dropped, choices)
            return _write(db, office, actor, kept, dropped, merged)
    except (OwnRole, RoleAboveOwn, LastAdministrator) as refusal:
        facts = {"personne_id": keep, "role": merged["role"], "why": type(refusal).__name__}
        audit.record_alone(office, actor, audit.Deed.ROLE_GRANT_REFUSED, outcome="refused", **facts)
        raise


def _check(kept: Row[Any], dropped: Row[Any], versions: Mapping[UUID, int]) -> None:
    for row in (kept, dropped):
        if row.version != versions.get(row.id):
            raise FicheChanged(row.id)
    if kept.user_id and dropped.user_id:
        raise TwoAccounts


def _chosen(kept: Row[Any], dropped: Row[Any], choices: Mapping[str, Choice]) -> dict[str, str | None]:
    sides = {"keep": _values(kept), "drop": _values(dropped)}
    return {name: sides[choices.get(name, "keep")][name] for name in FIELDS}


def _write(
    db: Session, office: Office, actor: Actor, kept: Row[Any], dropped: Row[Any], merged: dict[str, str | None]
) -> Merged:
    role = Role(merged["role"] or "")
    holder = dropped if dropped.user_id else kept
    for row in (kept, dropped):
        if row.role != role:
            _guard_role(db, actor, row, role)
    merge_rows.follow(db, office, kept, dropped, merged | {"note": merged["note"] or ""})
    fiche_rows.append_changes(db, _history(office, actor, kept, dropped, merged))
    if holder.user_id and holder.role != role:
        sessions.close_all(db, office, holder.user_id, reason="role_changed")
    revoked = _codes_revoked(kept, dropped)
    audit.record(db, *_entries(office, actor, kept, dropped, holder.role, role, revoked=revoked))
    return Merged(kept.id, str(merged["nom"]), str(merged["prenom"]), code_revoked=revoked > 0)


def _guard_role(db: Session, actor: Actor, row: Row[Any], role: Role) -> None:
    if why := fiche_rows.why_not_role(actor, row, role):
        raise why
    if role is not Role.ADMINISTRATEUR:
        fiche_rows.refuse_last_administrator(db, row.id, row.role)


def _codes_revoked(kept: Row[Any], dropped: Row[Any]) -> int:
    codes = sum(row.code_until is not None for row in (kept, dropped))
    return codes if kept.user_id or dropped.user_id else max(0, codes - 1)


def _restored(kept: Row[Any], dropped: Row[Any]) -> bool:
    """Whether the fiche that stays, or the account that it takes over, was archived and is not any more."""
    ends = (kept, dropped) if dropped.user_id else (kept,)
    return any(row.archived_at for row in ends) and not (kept.archived_at and dropped.archived_at)


def _history(
    office: Office, actor: Actor, kept: Row[Any], dropped: Row[Any], merged: dict[str, str | None]
) -> list[dict[str, Any]]:
    """What changed on the fiche that stays, and all that the other one held: nothing is lost unseen."""
    rows = fiche_rows.changes(office, actor, kept.id, _values(kept), merged)
    held = " · ".join(value for value in _values(dropped).values() if value)
    return rows + fiche_rows.changes(office, actor, kept.id, {}, {"fusion": held})


def _entries(
    office: Office, actor: Actor, kept: Row[Any], dropped: Row[Any], before: str, after: Role, *, revoked: int
) -> list[dict[str, Any]]:
    facts: dict[str, Any] = {"personne_id": kept.id}
    entries = [audit.entry(office, actor, audit.Deed.INVITE_REVOKED, **facts)] * revoked
    if before != after:
        changed: dict[str, Any] = {"from": before, "to": after.value}
        entries.append(audit.entry(office, actor, audit.Deed.ROLE_CHANGED, **facts, **changed))
    if _restored(kept, dropped):
        entries.append(audit.entry(office, actor, audit.Deed.PERSONNE_RESTORED, **facts))
    ends: dict[str, Any] = {"from_key": dropped.id, "to_key": kept.id}
    return [*entries, audit.entry(office, actor, audit.Deed.PERSONNE_MERGED, **facts, **ends)]
