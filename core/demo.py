"""A living tool for a newcomer: made-up Personnes, accounts and codes in every state."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice, product
from typing import Any, Final

from sqlalchemy import text

from core import audit, hashing, invites
from core.errors import SetupError
from core.office import Office
from core.roles import Role, Visitor, for_operators

COUNT: Final = 300
PASSWORD: Final = "Quatre chevaux bleus galopent"  # noqa: S105 (printed: the demo is for everybody)

_PRENOMS: Final = (
    "Élise", "Karim", "Marie", "Jean", "Lucie", "Zoé", "Noël", "Inès", "Hugo", "Maël", "Fatou", "Anaïs", "Loïc",
    "Chloé", "Youssef", "Agnès", "Rémi", "Aïcha", "Gaëlle", "Tom",
)  # fmt: skip
_NOMS: Final = (
    "Écolier", "Benali", "Dupont", "Michel", "Martin", "d’Œuvre", "O'Brien", "Lefèvre", "Nguyen", "Garcia", "Diallo",
    "De la Tour", "Müller", "Roux", "Faure",
)  # fmt: skip

_PERSONNES: Final = text("""
INSERT INTO asso.personnes
  ("ID_PERSONNE", nom, prenom, telephone_1, telephone_2, email, role, created_at, updated_at, archived_at)
SELECT id, nom, prenom, telephone_1, telephone_2, CASE WHEN reachable THEN email END, role, created_at, created_at,
  CASE WHEN archived THEN issued_at END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid, nom text, prenom text, telephone_1 text, telephone_2 text,
  email text, reachable boolean, role text, created_at timestamptz, issued_at timestamptz, archived boolean)
""")
_USERS: Final = text("""
INSERT INTO asso.users (id, personne_id, email, password_hash, created_at, password_changed_at, suspended_at)
SELECT user_id, id, email, :hash, created_at, created_at, CASE WHEN suspended THEN issued_at END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(user_id uuid, id uuid, email text, created_at timestamptz,
  issued_at timestamptz, suspended boolean)
WHERE user_id IS NOT NULL
""")
_INVITES: Final = text("""
INSERT INTO asso.user_invites
  ("ID_INVITE", token, "ID_PERSONNE", created_at, expires_at, redeemed_at, revoked_at)
SELECT invite_id, decode(token, 'hex'), id, issued_at, issued_at + interval '7 days',
  CASE WHEN user_id IS NOT NULL THEN issued_at + interval '1 hour' END, CASE WHEN revoked THEN issued_at END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(invite_id uuid, token text, id uuid, user_id uuid,
  issued_at timestamptz, revoked boolean)
WHERE invite_id IS NOT NULL
""")


@for_operators
def fill(office: Office, *, say: Callable[[str], None] = print) -> None:
    """Fill an embedded database with 300 made-up Personnes; raises SetupError on a remote or a filled one."""
    if office.settings.database_url is not None:
        raise SetupError("La démonstration ne remplit que la base embarquée, jamais une base distante.")
    if office.ask(text("SELECT count(*) AS n FROM asso.personnes"))[0].n > 1:
        raise SetupError("La base contient déjà des Personnes : la démonstration n'y ajoute rien.")
    rows = list(_rows(office))
    with office.begin() as db:
        values = {"rows": audit.as_json(*rows)}
        db.execute(_PERSONNES, values)
        db.execute(_USERS, values | {"hash": hashing.hash_password(office, PASSWORD)})
        db.execute(_INVITES, values)
        operator = Visitor(ip="", user_agent="")
        audit.record(db, audit.entry(office, operator, audit.Deed.DEMO_FILLED, count=len(rows)))
    for line in _summary():
        say(line)


def _rows(office: Office) -> Iterator[dict[str, Any]]:
    people = islice(product(_NOMS, _PRENOMS), COUNT)
    for number, (nom, prenom) in enumerate(people):
        yield _row(office, number, nom, prenom)


def _row(office: Office, number: int, nom: str, prenom: str) -> dict[str, Any]:
    """One person; the states go round: without a code, code sent, expired, revoked, activated."""
    role = {0: Role.ADMINISTRATEUR, 1: Role.EMPLOYE}.get(number % 20, Role.BENEVOLE)
    state = 4 if number < 3 else number % 5
    issued_at = office.now() - timedelta(days=20 if state in (2, 4) else 1, minutes=number)
    return {
        "id": office.uuid(),
        "nom": nom,
        "prenom": prenom,
        "role": role.value,
        "telephone_1": f"+336{number:08d}" if number % 7 else None,
        "telephone_2": "1111111111" if number % 11 == 0 else None,
        "created_at": issued_at - timedelta(days=number % 300),
        "user_id": office.uuid() if state == 4 else None,
        "email": f"demo{number}@exemple.fr",
        "reachable": number % 4 > 0,
        "archived": number % 25 == 6,
        "suspended": number % 60 == 9,
        "invite_id": office.uuid() if state else None,
        "token": invites.seal(office, invites.new_code(office)).hex(),
        "issued_at": issued_at,
        "revoked": state == 3,
    }


def _summary() -> tuple[str, ...]:
    return (
        f"{COUNT} Personnes inventées ont été ajoutées.",
        "Connexion : demo0@exemple.fr (administrateur), demo1@exemple.fr (employé), demo2@exemple.fr (bénévole) ;",
        f"le mot de passe est le même pour tous : {PASSWORD}",
    )
