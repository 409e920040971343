"""Archived fiches: the quarantine of the CNIL, which only those see who may read archives (docs/decisions/0014)."""

from typing import Any, Final

from core.figures import ARCHIVE_MONTHS
from core.roles import Actor, Permission

# Archived so long ago, `p` being a row of asso.personnes, that it may be time to erase it. Who was archived then was
# created before: that bound has an index, which begins with `archivee`.
_LONG_AGO: Final = f"CAST(:now AS timestamptz) - interval '{ARCHIVE_MONTHS} months'"
OUTDATED: Final = f"p.archivee AND p.created_at <= {_LONG_AGO} AND p.archived_at <= {_LONG_AGO}"


def seen(alias: str) -> str:
    """The condition on `alias`, a row of asso.personnes, that holds the fiches which the actor of `values` may see."""
    return f"(NOT {alias}.archivee OR :archives)"


def values(actor: Actor) -> dict[str, Any]:
    """The value of `seen`."""
    return {"archives": actor.may(Permission.ARCHIVES_READ)}
