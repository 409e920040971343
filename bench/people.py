"""Made-up people of France, as many as wanted: one statement, and the same people for the same seed."""

from contextlib import closing
from datetime import datetime
from typing import Final

import psycopg2

SEED: Final = 2026

# The first ones are the most frequent, as in a real list; nobody here exists.
NOMS: Final = (
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Richard", "Durand", "Dubois", "Moreau", "Laurent", "Simon",
    "Michel", "Lefèvre", "Leroy", "Roux", "David", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet", "Dupont",
    "Lambert", "Fontaine", "Rousseau", "Vincent", "Müller", "Faure", "André", "Mercier", "Blanc", "Guérin", "Boyer",
    "Garnier", "Chevalier", "François", "Legrand", "Gauthier", "Garcia", "Perrin", "Robin", "Clément", "Morin",
    "Nguyen", "Michaud", "Benali", "Diallo", "Traoré", "Ben Saïd", "De la Tour", "d’Œuvre", "O'Brien", "Écolier",
    "Dupontel", "Micheletti", "Le Goff", "Kervella", "Da Silva", "Haddad", "Kone",
)  # fmt: skip
PRENOMS: Final = (
    "Marie", "Jean", "Philippe", "Nathalie", "Isabelle", "Michel", "Catherine", "Nicolas", "Christophe", "Sylvie",
    "Françoise", "Julien", "Monique", "Stéphane", "Céline", "David", "Sandrine", "Frédéric", "Thomas", "Élise",
    "Anne", "Jean-Pierre", "Camille", "Léa", "Zoé", "Hugo", "Inès", "Karim", "Fatou", "Maël", "Anaïs", "Loïc",
    "Youssef", "Agnès", "Rémi", "Aïcha", "Gaëlle", "Jean-Michel", "Anne-Marie", "Noël", "Lucie", "Chloé", "Jeanne",
    "Océane", "Yann", "Mohamed", "Fabrice", "Solène", "Benoît", "Cœlia",
)  # fmt: skip
# Two persons in three have a rarer surname, made of three pieces.
PIECES: Final = (
    ("Bar", "Ber", "Bou", "Cha", "Cor", "Del", "Fon", "Gal", "Gri", "Jou", "Lan", "Mar", "Mon", "Per", "Pou", "Ra",
     "Sau", "Tis", "Val", "Ver"),
    ("be", "ca", "de", "di", "fa", "go", "la", "li", "me", "na", "ne", "pi", "ra", "ri", "ro", "sa", "te", "ti",
     "vi", "zo"),
    ("ault", "ard", "and", "eau", "et", "ier", "in", "ion", "lle", "mont", "net", "nier", "quet", "rd", "ron",
     "sse", "tel", "ton", "ville", "x"),
)  # fmt: skip

# chance(n, k) is the k-th number of person n, from 0 to 1, always the same. Some phones are missing, few people have
# two; one fiche in forty is archived; one in twelve has an account, as many a code.
_PEOPLE: Final = """
WITH drawn AS MATERIALIZED (
  SELECT n, {chance_1} AS a, {chance_2} AS b, {chance_3} AS c, {chance_4} AS d, {chance_5} AS e, {chance_6} AS f
  FROM generate_series(1, %(count)s) AS n
), named AS MATERIALIZED (
  SELECT n, a, b, c, d, e, f, md5(%(seed)s || ' ' || n)::uuid AS id,
    CASE WHEN a < 0.35 THEN (%(noms)s)[1 + floor(cardinality(%(noms)s) * power(a / 0.35, 1.6))::int]
      ELSE (%(firsts)s)[1 + floor(20 * b)::int] || (%(middles)s)[1 + floor(20 * f)::int]
        || (%(lasts)s)[1 + floor(20 * (a - 0.35) / 0.65)::int] END AS nom,
    (%(prenoms)s)[1 + floor(cardinality(%(prenoms)s) * power(c, 1.5))::int] AS prenom,
    CAST(%(now)s AS timestamptz) - interval '1 day' - interval '5 years' * d AS created_at
  FROM drawn
), personnes AS (
  INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, telephone_1, telephone_2, email, role, created_at, updated_at,
    archived_at)
  SELECT id, nom, prenom,
    CASE WHEN e < 0.85 THEN CASE WHEN f < 0.8 THEN '+336' ELSE '+337' END || lpad(floor(1e8 * d)::text, 8, '0') END,
    CASE WHEN f < 0.15 THEN '+33' || 1 + floor(5 * c)::int || lpad(floor(1e8 * b)::text, 8, '0') END,
    CASE WHEN b < 0.7 THEN {email} END,
    CASE WHEN c > 0.9995 THEN 'administrateur' WHEN c > 0.98 THEN 'employé' ELSE 'bénévole' END,
    created_at, created_at + interval '1 day' * e, CASE WHEN n %% 40 = 0 THEN CAST(%(now)s AS timestamptz) END
  FROM named
), users AS (
  INSERT INTO asso.users (id, personne_id, email, password_hash, created_at, password_changed_at)
  SELECT md5(id::text)::uuid, id, {email}, '', created_at, created_at FROM named WHERE n %% 12 = 1
)
INSERT INTO asso.user_invites ("ID_INVITE", token, "ID_PERSONNE", created_at, expires_at)
SELECT md5(id::text)::uuid, sha256(convert_to(id::text, 'UTF8')), id, at, at + interval '7 days'
FROM (SELECT id, n, CAST(%(now)s AS timestamptz) - interval '12 hours' * (1 + n %% 20) AS at FROM named) AS coded
WHERE n %% 12 = 2
"""
_CHANCE: Final = "(hashint8extended(n, %(seed)s + {}) & 2147483647) / 2147483648.0::float8"
_EMAIL: Final = "replace(asso.cle(prenom) || '.' || asso.cle(nom), ' ', '-') || n || '@exemple.fr'"

# The other indexes are made once the rows are there, several times faster.
_INDEXES: Final = """SELECT 'asso.' || indexname, indexdef FROM pg_indexes
WHERE schemaname = 'asso' AND tablename = 'personnes' AND indexname LIKE 'ix\\_%'"""


def make(superuser_url: str, count: int, now: datetime, *, seed: int = SEED) -> None:
    """Add `count` people with their accounts and codes, and leave the tables as a database at rest has them."""
    firsts, middles, lasts = map(list, PIECES)
    names = {"noms": list(NOMS), "prenoms": list(PRENOMS), "firsts": firsts, "middles": middles, "lasts": lasts}
    with closing(psycopg2.connect(superuser_url.replace("+psycopg2", ""))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        cursor.execute(_INDEXES)
        indexes = cursor.fetchall()
        cursor.execute("DROP INDEX " + ", ".join(name for name, _ in indexes))
        cursor.execute(_statement(), names | {"count": count, "seed": seed, "now": now})
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM (ANALYZE) asso.personnes, asso.users, asso.user_invites")


def _statement() -> str:
    chances = {f"chance_{number}": _CHANCE.format(number) for number in range(1, 7)}
    return _PEOPLE.format(email=_EMAIL, **chances)
