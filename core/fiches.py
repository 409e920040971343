"""What is done with a whole fiche: its role changed, archived, restored (R1, T5, T6). Each is a selection of one."""

from hmac import compare_digest
from uuid import UUID

from core import bulk
from core.bulk import BulkOutcome, Picked
from core.office import Office
from core.roles import Actor, Permission, Role, requires


@requires(Permission.ROLES_GRANT)
def set_role(office: Office, actor: Actor, *, id: UUID, role: Role, version: int | None = None) -> None:
    """Give a Personne another role, audited with what it was; their sessions end (T6). The same role changes nothing.

    Raises StepUpNeeded, TooManyAttempts, NotFound, FicheChanged (when `version` is given and another one is kept)
    and, audited, OwnRole, RoleAboveOwn, LastAdministrator.
    """
    _raise_why(bulk.set_role(office, actor, picked=[Picked(id, version=version)], role=role))


@requires(Permission.ROLES_GRANT)
def seal_wish(office: Office, actor: Actor, *, id: UUID, role: Role) -> str:
    """The seal of a role that the actor wants for the fiche `id`, for an address that a proof comes back to."""
    return office.seal("role_wish", f"{actor.user_id}/{id}/{role.value}").hex()


@requires(Permission.ROLES_GRANT)
def wish(office: Office, actor: Actor, *, id: UUID, role: str, seal: str) -> Role | None:
    """The role that an address asks for, if the actor wanted it there; None when somebody else made the address.

    A link must not choose the role that an administrateur only has to save.
    """
    known = next((one for one in Role if one == role), None)
    if known is None or not compare_digest(seal_wish(office, actor, id=id, role=known).encode(), seal.encode()):
        return None
    return known


@requires(Permission.PERSONNES_WRITE)
def archive(office: Office, actor: Actor, *, id: UUID) -> None:
    """Take a fiche out of the list; its owner cannot sign in any more, nor use a code, until it is restored.

    Archived already, nothing happens, or NotFound for who may not read archives. Raises NotFound, TooManyAttempts and,
    audited, OwnFiche, RoleAboveOwn, LastAdministrator.
    """
    _raise_why(bulk.archive(office, actor, picked=[Picked(id)]))


@requires(Permission.ARCHIVES_READ)
def restore(office: Office, actor: Actor, *, id: UUID) -> None:
    """Put an archived fiche back into the list, its account with it; nothing happens when it is there already.

    Raises NotFound, TooManyAttempts and, audited, RoleAboveOwn.
    """
    _raise_why(bulk.restore(office, actor, picked=[Picked(id)]))


def _raise_why(outcome: BulkOutcome) -> None:
    for _, why in outcome.failed:
        raise why
