"""Who may do what: roles, permissions, the one table of grants, and the guards that use cases wear (R10, T5, B1)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar
from uuid import UUID

from core.errors import NotAllowed, PasswordChangeRequired, SecondFactorRequired

if TYPE_CHECKING:
    from core.office import Office

P = ParamSpec("P")
R = TypeVar("R")


class Role(StrEnum):
    """The role of a Personne; an account has the role of its Personne."""

    ADMINISTRATEUR = "administrateur"
    EMPLOYE = "employé"
    BENEVOLE = "bénévole"


class Permission(StrEnum):
    """One thing that somebody may do."""

    ACCOUNT_OWN = "account_own"
    ACCOUNTS_MANAGE = "accounts_manage"
    ARCHIVES_READ = "archives_read"
    AUDIT_READ = "audit_read"
    FACTORS_RESET = "factors_reset"
    INVITES_MANAGE = "invites_manage"
    PERSONNES_ERASE = "personnes_erase"
    PERSONNES_EXPORT = "personnes_export"
    PERSONNES_READ = "personnes_read"
    PERSONNES_WRITE = "personnes_write"
    ROLES_GRANT = "roles_grant"
    TEAM_READ = "team_read"


_EVERYONE = frozenset({Permission.ACCOUNT_OWN, Permission.TEAM_READ})

GRANTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.ADMINISTRATEUR: frozenset(Permission),
    # Exports too: an employé reads every one of these fields already, and prepares meetings and mailings. What makes
    # an export graver than reading, that everything leaves at once, is answered by step-up and by the journal.
    Role.EMPLOYE: _EVERYONE | {Permission.PERSONNES_READ, Permission.PERSONNES_WRITE, Permission.PERSONNES_EXPORT},
    Role.BENEVOLE: _EVERYONE,
}


@dataclass(frozen=True)
class Visitor:
    """The browser that asks: its address after trusted proxies, and how it presents itself."""

    ip: str
    user_agent: str


class Duty(StrEnum):
    """What somebody must do on « Mon compte » before anything else is allowed."""

    CHANGE_PASSWORD = "change_password"  # noqa: S105 (the name of a duty) # pragma: allowlist secret
    SECOND_FACTOR = "second_factor"


@dataclass(frozen=True)
class Actor:
    """A signed-in person, as the database knew them at the beginning of this run."""

    user_id: UUID
    personne_id: UUID
    session_id: UUID
    nom: str
    prenom: str
    email: str
    role: Role
    visitor: Visitor
    # When the person last proved who they are; what must be done before anything else.
    stepped_up_at: datetime | None = None
    has_second_factor: bool = False
    second_factor_due_at: datetime | None = None
    duties: frozenset[Duty] = frozenset()

    def may(self, permission: Permission) -> bool:
        """Whether the actor's role holds `permission`, and no duty comes before it."""
        return permission in GRANTS[self.role] and (not self.duties or permission is Permission.ACCOUNT_OWN)

    def reaches(self, role: Role) -> bool:
        """Whether somebody of `role` holds nothing that the actor's own role does not."""
        return GRANTS[role] <= GRANTS[self.role]

    def may_grant(self, role: Role) -> bool:
        """Whether the actor may make somebody a `role`: nobody grants more than they hold.

        Bénévole, the role of a new Personne, needs no right to grant.
        """
        if role is Role.BENEVOLE:
            return True
        return self.may(Permission.ROLES_GRANT) and self.reaches(role)


def requires(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Office, Actor, P], R]], Callable[Concatenate[Office, Actor, P], R]]:
    """A use case for those who hold `permission`; another's attempt is audited, then refused with NotAllowed."""

    def guard(use_case: Callable[Concatenate[Office, Actor, P], R]) -> Callable[Concatenate[Office, Actor, P], R]:
        @functools.wraps(use_case)
        def guarded(office: Office, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if not actor.may(permission):
                refuse(office, actor, permission, use_case.__qualname__)
            return use_case(office, actor, *args, **kwargs)

        guarded.guard = permission  # type: ignore[attr-defined] # tests/test_house.py reads it
        return guarded

    return guard


def refuse(office: Office, actor: Actor, permission: Permission, what: str) -> None:
    """Audit the refusal of `what` (a use case's name), then raise NotAllowed, or the duty that comes first.

    A refused change of role has a name of its own (T6).
    """
    from core import audit  # audit's own use cases wear @requires

    deed = audit.Deed.ROLE_GRANT_REFUSED if permission is Permission.ROLES_GRANT else audit.Deed.NOT_ALLOWED
    audit.record_alone(office, actor, deed, outcome="refused", permission=permission, what=what)
    if permission in GRANTS[actor.role] and Duty.CHANGE_PASSWORD in actor.duties:
        raise PasswordChangeRequired
    if permission in GRANTS[actor.role] and Duty.SECOND_FACTOR in actor.duties:
        raise SecondFactorRequired
    raise NotAllowed(permission)


def open_to_visitors(use_case: Callable[P, R]) -> Callable[P, R]:
    """A use case for people who are not signed in."""
    use_case.guard = "visitors"  # type: ignore[attr-defined] # tests/test_house.py reads it
    return use_case


def for_operators(use_case: Callable[P, R]) -> Callable[P, R]:
    """A use case for the person who runs the application (manage.py); no screen calls it."""
    use_case.guard = "operators"  # type: ignore[attr-defined] # tests/test_house.py reads it
    return use_case
