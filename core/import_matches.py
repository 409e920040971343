"""Which fiches a row of a file may be about: looked up by the keys of the database, thousands of rows a statement."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core.figures import IMPORT_CHUNK
from core.import_rows import Read
from core.sheets import Progress

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Keys:
    """What two spellings of one row share, as the database normalises them; "" where there is nothing."""

    email: str
    nom: str
    prenom: str
    phones: frozenset[str]

    @property
    def names(self) -> str:
        """Both names, wherever one ends and the other begins; for the fiches, the database compares their `tri`."""
        return f"{self.nom} {self.prenom}"

    @property
    def turned_names(self) -> str:
        """The same with the prénom first."""
        return f"{self.prenom} {self.nom}"


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of a row, and the fiches with the same address, the same names in either order or the same phone."""

    keys: Keys
    fiches: tuple[Row[Any], ...] = ()


# Each row asks by index for itself. The planner, which knows nothing yet of thousands of fiches just written, is kept
# from reading the whole table for each; until the end of the transaction only. Where an earlier import was undone it
# takes a large table for one fiche: UNION, which sorts, would have it walk the primary key, and a join without OFFSET 0
# begin with the fiches.
_BY_INDEX: Final = text("""
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_mergejoin', 'off', true),
  set_config('enable_hashjoin', 'off', true)
""")
_FIND: Final = text("""
WITH asked AS MATERIALIZED (
  SELECT i, coalesce(asso.email_key(email), '') AS email_key, asso.cle(nom) AS nom, asso.cle(prenom) AS prenom,
    left(asso.cle(nom), 200) || ' ' || left(asso.cle(prenom), 200) AS tri,
    left(asso.cle(prenom), 200) || ' ' || left(asso.cle(nom), 200) AS turned,
    asso.chiffres(telephone_1) AS phone_1, asso.chiffres(telephone_2) AS phone_2
  FROM jsonb_to_recordset(CAST(:rows AS jsonb))
    AS r(i int, nom text, prenom text, email text, telephone_1 text, telephone_2 text)
)
SELECT asked.i, asked.email_key, asked.nom AS cle_nom, asked.prenom AS cle_prenom, asked.phone_1, asked.phone_2,
  fiche.* FROM asked LEFT JOIN LATERAL (
  SELECT p."ID_PERSONNE" AS id, p.version, p.role, p.archived_at IS NOT NULL AS archived,
    p.nom, p.prenom, p.email, p.telephone_1, p.telephone_2, p.note,
    asso.cle(p.nom) = asked.nom AS same_nom, asso.cle(p.prenom) = asked.prenom AS same_prenom,
    p.tri = asked.tri AS same_names, p.tri = asked.turned AS turned_names,
    coalesce(p.email_key = asked.email_key, false) AS same_email,
    asso.chiffres(p.telephone_1) AS has_phone_1, asso.chiffres(p.telephone_2) AS has_phone_2
  FROM (
    (SELECT m."ID_PERSONNE" FROM asso.personnes m WHERE m.email_key = asked.email_key LIMIT 1)
    UNION ALL
    (SELECT m."ID_PERSONNE" FROM asso.personnes m
      WHERE m.archivee = ANY ('{f,t}'::boolean[]) AND m.tri = asked.tri LIMIT 50)
    UNION ALL
    (SELECT m."ID_PERSONNE" FROM asso.personnes m
      WHERE m.archivee = ANY ('{f,t}'::boolean[]) AND m.tri = asked.turned LIMIT 50)
    UNION ALL
    (SELECT m."ID_PERSONNE" FROM asso.personnes m
      WHERE asked.phone_1 <> '' AND asso.chiffres(m.telephone_1) = asked.phone_1 LIMIT 20)
    UNION ALL
    (SELECT m."ID_PERSONNE" FROM asso.personnes m
      WHERE asked.phone_1 <> '' AND asso.chiffres(m.telephone_2) = asked.phone_1 LIMIT 20)
    UNION ALL
    (SELECT m."ID_PERSONNE" FROM asso.personnes m
      WHERE asked.phone_2 <> '' AND asso.chiffres(m.telephone_1) = asked.phone_2 LIMIT 20)
    UNION ALL
    (SELECT m."ID_PERSONNE" FROM asso.personnes m
      WHERE asked.phone_2 <> '' AND asso.chiffres(m.telephone_2) = asked.phone_2 LIMIT 20)
  ) AS near CROSS JOIN LATERAL (
    SELECT * FROM asso.personnes one WHERE one."ID_PERSONNE" = near."ID_PERSONNE" OFFSET 0
  ) AS p
) AS fiche ON true
ORDER BY asked.i, fiche.id
""")


def find(db: Session, rows: Sequence[Read], progress: Progress) -> list[Found]:
    """For each of `rows`, in their order, its keys and the fiches it may be about."""
    db.execute(_BY_INDEX)
    found: list[Found] = []
    for chunk in chunks(rows):
        progress(len(found), len(rows))
        found += _find(db, chunk)
    return found


def _find(db: Session, rows: Sequence[Read]) -> Iterator[Found]:
    asked = [
        {
            "i": at,
            "nom": row.nom,
            "prenom": row.prenom,
            "email": row.email,
            "telephone_1": row.telephone_1,
            "telephone_2": row.telephone_2,
        }
        for at, row in enumerate(rows)
    ]
    by_row: dict[int, dict[UUID | None, Row[Any]]] = defaultdict(dict)
    for answer in db.execute(_FIND, {"rows": json.dumps(asked)}):
        by_row[answer.i][answer.id] = answer  # once, when it is near by several ways
    for at in range(len(rows)):
        yield _found([*by_row[at].values()])


def _found(answers: list[Row[Any]]) -> Found:
    first = answers[0]
    keys = Keys(first.email_key, first.cle_nom, first.cle_prenom, frozenset({first.phone_1, first.phone_2} - {""}))
    return Found(keys, tuple(answer for answer in answers if answer.id is not None))


def chunks(rows: Sequence[T], size: int = IMPORT_CHUNK) -> Iterator[Sequence[T]]:
    """`rows` in pieces that fit in one statement of the database's 15 seconds."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
