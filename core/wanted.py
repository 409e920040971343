"""Who is wanted in the list, and in which order: what the address bar says, and what a saved view keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from core import search
from core.roles import Role


class Access(StrEnum):
    """How far a Personne is on the way to an account, read from the dates of the invitations and of the account."""

    SANS_CODE = "sans code"
    CODE_ENVOYE = "code envoyé"
    EXPIRE = "expiré"
    ACTIVE = "activé"
    SUSPENDU = "suspendu"


# What the list can be sorted by: the columns of `p`, a row of asso.personnes. Each one has its index, but for the day
# of archiving: archived fiches are few, and found by the others.
SORTS: Final = {
    "nom": ("p.tri",),
    "prenom": ("p.tri_prenom",),
    "role": ("p.role", "p.tri"),
    "creation": ("p.created_at",),
    "modification": ("p.updated_at",),
    "archivage": ("p.archived_at",),
}


@dataclass(frozen=True)
class Wanted:
    """Who is looked for, and in which order; archived ones only, or none of them.

    `outdated` ones were archived so long ago that it may be time to erase them.
    """

    search: str = ""
    roles: tuple[Role, ...] = ()
    access: tuple[Access, ...] = ()
    archived: bool = False
    sort: str = "nom"
    descending: bool = False
    outdated: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "search", search.clean(self.search))
        object.__setattr__(self, "archived", self.archived or self.outdated)
        if self.sort == "archivage" and not self.archived:
            object.__setattr__(self, "sort", "nom")
            object.__setattr__(self, "descending", False)

    @property
    def narrows(self) -> bool:
        """Whether fewer are wanted than everybody who is not archived."""
        return bool(self.search or self.roles or self.access or self.archived)

    def as_query(self) -> dict[str, str]:
        """The parameters of an address that ask for the same; what is as usual is left out."""
        said = {
            "recherche": self.search,
            "role": ",".join(self.roles),
            "acces": ",".join(self.access),
            "archivees": "anciennes" if self.outdated else "oui" if self.archived else "",
            "tri": "" if self.sort == "nom" else self.sort,
            "sens": "decroissant" if self.descending else "",
        }
        return {name: value for name, value in said.items() if value}

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> "Wanted":
        """What an address, or a saved view, asks for; nonsense in it counts as absent."""
        said = {name: str(value) for name, value in query.items()}
        return cls(
            search=said.get("recherche", ""),
            roles=tuple(role for role in Role if role in said.get("role", "").split(",")),
            access=tuple(access for access in Access if access in said.get("acces", "").split(",")),
            archived=said.get("archivees") == "oui",
            outdated=said.get("archivees") == "anciennes",
            sort=said["tri"] if said.get("tri") in SORTS else "nom",
            descending=said.get("sens") == "decroissant",
        )
