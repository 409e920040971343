"""Everything that is kept on one person, for an administrateur to hand over to them (RGPD, article 15)."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import text

from core import audit, downloads, own_data
from core.errors import NotFound
from core.office import Office
from core.roles import Actor, Permission, requires

KIND: Final = "fiche"
_WHOSE: Final = text("""
SELECT p."ID_PERSONNE" AS personne_id, p.prenom, p.nom, u.id AS user_id
FROM asso.personnes p LEFT JOIN asso.users u ON u.personne_id = p."ID_PERSONNE" WHERE p."ID_PERSONNE" = :id
""")


@requires(Permission.ACCOUNTS_MANAGE)
def prepare(office: Office, actor: Actor, *, id: UUID) -> str:
    """The address where the browser fetches the file on the Personne `id`, once, within five minutes.

    Raises StepUpNeeded, TooManyAttempts.
    """
    return downloads.prepare(office, actor, kind=KIND, wanted={"id": str(id)})


def _produce(office: Office, actor: Actor, asked: downloads.Wanted) -> Iterator[bytes]:
    """The same ZIP as « Exporter mes données », of somebody else."""
    with office.begin() as db:
        whose = db.execute(_WHOSE, {"id": asked["id"]}).one_or_none()
        if whose is None:
            raise NotFound
        data = own_data.gathered(db, whose)
        audit.record(db, audit.entry(office, actor, audit.Deed.PERSONNE_EXPORTED, personne_id=whose.personne_id))
    yield own_data.packed(office, data)


downloads.register(
    KIND, "Données d'une personne.zip", "application/zip", _produce, permission=Permission.ACCOUNTS_MANAGE
)
