"""How the rows of a file are told apart: which are new, which are whose, which are doubtful, which are refused."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from core import import_matches
from core.errors import (
    ArchivedFiche,
    EmailOfAnother,
    FicheOfAdministrateur,
    HiddenFiche,
    OwnFiche,
    Refusal,
    RepeatedEmail,
    RepeatedRow,
    SameName,
    SameNameAsRow,
    SamePhone,
    SamePhoneAsRow,
    SwappedName,
    SwappedNameAsRow,
)
from core.import_matches import Found, Keys
from core.import_plans import Change, Decision, Plan, PlannedRow
from core.import_rows import PHONES, Read, Unreadable, readable
from core.roles import Actor, Permission, Role
from core.sheets import Progress

# Not the first name: under another one it is never the same person.
_WRITTEN: Final = ("nom", "email", *PHONES, "role", "note")


def make(
    db: Session,
    actor: Actor,
    parsed: Sequence[Read | Unreadable],
    progress: Progress = lambda _done, _total: None,
    *,
    duplicates_too: bool = False,
) -> Plan:
    """The plan for `parsed` rows, as the database stands in this transaction; writes nothing."""
    rows = readable(parsed)
    found = dict(zip((row.line for row in rows), import_matches.find(db, rows, progress), strict=True))
    deciding = _Deciding(actor, duplicates_too)
    planned = [
        PlannedRow(row.line, Decision.REJECTED, row.nom, row.prenom, reason=row.reason)
        if isinstance(row, Unreadable)
        else deciding.plan(row, found[row.line])
        for row in parsed
    ]
    return Plan(tuple(planned), tuple(parsed), duplicates_too)


class _Deciding:
    """Decides row after row: what earlier rows of the file are counts too."""

    def __init__(self, actor: Actor, duplicates_too: bool) -> None:
        self.actor = actor
        self.duplicates_too = duplicates_too
        self.gives_roles = actor.may(Permission.ROLES_GRANT)
        self.reads_archives = actor.may(Permission.ARCHIVES_READ)
        self.emails: dict[str, tuple[int, Keys]] = {}
        self.names: dict[str, list[tuple[int, Keys]]] = {}
        self.phones: dict[str, int] = {}
        self.targets: dict[UUID, int] = {}

    def plan(self, row: Read, found: Found) -> PlannedRow:
        """What becomes of `row`; remembers it for the rows below."""
        planned = self._repeated(row, found.keys) or self._about(row, found)
        if planned.decision is not Decision.REJECTED:
            if found.keys.email:
                self.emails[found.keys.email] = (row.line, found.keys)
            self.names.setdefault(found.keys.names, []).append((row.line, found.keys))
            for phone in found.keys.phones:
                self.phones.setdefault(phone, row.line)
        return planned

    def _repeated(self, row: Read, keys: Keys) -> PlannedRow | None:
        for line, other in self.names.get(keys.names, ()):
            if _names(keys) == _names(other) and (keys.phones & other.phones or keys == other):
                return _row(row, Decision.REJECTED, RepeatedRow(line))
        line, other = self.emails.get(keys.email, (0, keys))
        if line:
            same = _names(keys) == _names(other)
            return _row(row, Decision.REJECTED, RepeatedRow(line) if same else RepeatedEmail(line))
        return None

    def _about(self, row: Read, found: Found) -> PlannedRow:
        """Of archived fiches, who may not see them learns no more than that an administrateur has to look."""
        hidden = [fiche for fiche in found.fiches if fiche.archived and not self.reads_archives]
        if any(fiche.same_email for fiche in hidden):
            return _row(row, Decision.REJECTED, HiddenFiche())
        planned = self._among(row, Found(found.keys, tuple(fiche for fiche in found.fiches if fiche not in hidden)))
        if hidden and planned.decision is Decision.CREATED and not self.duplicates_too:
            return _row(row, Decision.DUPLICATE, HiddenFiche())
        return planned

    def _among(self, row: Read, found: Found) -> PlannedRow:
        by_email = next((fiche for fiche in found.fiches if fiche.same_email), None)
        if by_email and not by_email.same_prenom:  # a couple often shares one address; a surname may change
            return _row(row, Decision.DUPLICATE, EmailOfAnother(), by_email)
        homonyms = [fiche for fiche in found.fiches if fiche.same_nom and fiche.same_prenom]
        sure = [by_email] if by_email else [fiche for fiche in homonyms if _sure(fiche, found.keys)]
        if len(sure) == 1:
            return self._changed(row, sure[0])
        reason, alike = self._doubt(found)
        if reason is None or self.duplicates_too:
            return _row(row, Decision.CREATED)
        return _row(row, Decision.DUPLICATE, reason, alike)

    def _doubt(self, found: Found) -> tuple[Refusal | None, Row[Any] | None]:
        """Why the row may be somebody whom the list or the file has already, and whose fiche: as at a creation."""
        keys, fiches = found.keys, found.fiches
        if named := [fiche for fiche in fiches if fiche.same_names]:
            return SameName(), named[0]
        if called := self.names.get(keys.names):
            return SameNameAsRow(called[0][0]), None
        if turned := [fiche for fiche in fiches if fiche.turned_names]:
            return SwappedName(), turned[0]
        if called := self.names.get(keys.turned_names):
            return SwappedNameAsRow(called[0][0]), None
        if shared := [fiche for fiche in fiches if _phones(fiche) & keys.phones]:
            return SamePhone(), shared[0]
        lines = [self.phones[phone] for phone in keys.phones if phone in self.phones]
        return (SamePhoneAsRow(min(lines)) if lines else None), None

    def _changed(self, row: Read, fiche: Row[Any]) -> PlannedRow:
        if fiche.id in self.targets:
            return _row(row, Decision.REJECTED, RepeatedRow(self.targets[fiche.id]))
        self.targets[fiche.id] = row.line
        changes = tuple(self._changes(row, fiche))
        if not changes:
            return _row(row, Decision.UNCHANGED, None, fiche)
        if reason := self._untouchable(fiche):
            return _row(row, Decision.REJECTED, reason, fiche)
        return _row(row, Decision.CHANGED, None, fiche, changes)

    def _untouchable(self, fiche: Row[Any]) -> Refusal | None:
        if fiche.id == self.actor.personne_id:
            return OwnFiche()
        if fiche.role == Role.ADMINISTRATEUR:
            return FicheOfAdministrateur()
        return ArchivedFiche() if fiche.archived else None

    def _changes(self, row: Read, fiche: Row[Any]) -> list[Change]:
        """What the file says otherwise: an empty cell says nothing, capitals and accents change no name."""
        fields = [field for field in _WRITTEN if field != "role" or self.gives_roles]
        pairs = [(field, getattr(fiche, field) or None, getattr(row, field)) for field in fields]
        return [Change(field, old, new) for field, old, new in pairs if new and not _says_the_same(field, new, fiche)]


def _says_the_same(field: str, new: str, fiche: Row[Any]) -> bool:
    if field in PHONES:
        return new in {fiche.telephone_1, fiche.telephone_2}
    if field in {"nom", "email"}:
        return bool(getattr(fiche, f"same_{field}"))
    return bool(new == getattr(fiche, field))


def _sure(fiche: Row[Any], keys: Keys) -> bool:
    """Whether a homonym is the same person: a phone in common, or neither has any phone or address."""
    unknown = not (fiche.email or keys.email or _phones(fiche) or keys.phones)
    return unknown or bool(_phones(fiche) & keys.phones)


def _names(keys: Keys) -> tuple[str, str]:
    return keys.nom, keys.prenom


def _phones(fiche: Row[Any]) -> set[str]:
    return {fiche.has_phone_1, fiche.has_phone_2} - {""}


def _row(
    row: Read,
    decision: Decision,
    reason: Refusal | None = None,
    fiche: Row[Any] | None = None,
    changes: tuple[Change, ...] = (),
) -> PlannedRow:
    target, version = (fiche.id, fiche.version) if fiche else (None, None)
    return PlannedRow(row.line, decision, row.nom, row.prenom, row, target, version, changes, reason)
