"""What people type to find somebody, as a condition on asso.personnes that the index of trigrams answers."""

import re
from typing import Any, Final

from core.figures import SEARCH_LENGTH
from core.names import OVERSEAS

# Digits and what people put between them, alone between blanks: 06 12.34, +33 (0)6.
_NUMBER: Final = re.compile(r"(?<!\S)\+?[0-9(][0-9()./-]*(?:\s[0-9(][0-9()./-]*)*(?!\S)")
# What asso.cle() takes for blanks or takes away.
_NOTHING: Final = re.compile(r"['’‘‐‑–—\s\u0300-\u036f-]+")

# Words of one or two letters are looked for at the beginning of words only, the longer ones anywhere. The index finds
# who has the letters, by as few trigrams as hold all of them; LIKE decides. Sub-selects on purpose: their value is
# unknown while PostgreSQL plans, which then uses the index whatever the statistics say.
_MATCHES: Final = """(asso.trigrammes(p.tout) @> ARRAY(
    SELECT CASE WHEN length(word) < 3 THEN ' ' || word ELSE substr(word, n, 3) END
    FROM regexp_split_to_table(asso.cle(:{name}), ' +') AS word, generate_series(1, greatest(length(word) - 2, 1)) AS n
    WHERE n % 3 = 1 OR n = length(word) - 2)
  AND {rechecked})"""
_RECHECKED: Final = r"""' ' || p.{column} LIKE ALL (ARRAY(
    SELECT CASE WHEN length(word) < 3 THEN '% ' ELSE '%' END || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%'
    FROM regexp_split_to_table(asso.cle(:{name}), ' +') AS word))"""


def clean(typed: str) -> str:
    """What is looked for when this is `typed`: no more than is searched, and nothing that no text can hold."""
    return " ".join(typed.replace("\0", "").encode("utf-8", "ignore").decode().split())[:SEARCH_LENGTH]


def condition(search: str, *, everything: bool) -> tuple[str, dict[str, Any]]:
    """The condition on `p`, a row of asso.personnes, that holds every word of a clean `search`, and its values.

    Words are compared without case, accents, apostrophes, hyphens or order; phones in any format. Without
    `everything` names only are searched: a search that finds is a way to read. Empty when nothing is searched.
    """
    return _condition(search, _MATCHES, everything=everything), values(search)


def recheck(search: str, *, everything: bool) -> str:
    """The same as `condition`, without the index: for rows that are read in another order anyway."""
    return _condition(search, "({rechecked})", everything=everything)


def values(search: str) -> dict[str, str]:
    """The values of `condition` and of `recheck`."""
    return {f"search_{number}": reading for number, reading in enumerate(_readings(search))}


def _condition(search: str, pattern: str, *, everything: bool) -> str:
    column = "tout" if everything else "recherche"
    parts = [
        pattern.format(name=name, rechecked=_RECHECKED.format(column=column, name=name)) for name in values(search)
    ]
    return f"({' OR '.join(parts)})" if parts else ""


def _readings(search: str) -> tuple[str, ...]:
    """`search` as it can be understood: digits apart may be one phone, or words of their own."""
    joined = _NUMBER.sub(lambda number: _dialled(number[0]), search)
    abroad = _NUMBER.sub(lambda number: _from_abroad(_dialled(number[0])), search)
    return tuple(reading for reading in dict.fromkeys((joined, abroad, search)) if _NOTHING.sub("", reading))


def _dialled(number: str) -> str:
    """The digits of a phone, or of its beginning, as asso.chiffres() keeps them."""
    digits = re.sub(r"[^0-9+]", "", number)
    national = re.sub(r"^(?:\+33|0033)0?", "0", digits)
    return re.sub(r"^(?:\+|00(?=.))", "", national)


def _from_abroad(dialled: str) -> str:
    """The same as a number of the overseas departments is kept, which is with its country."""
    return OVERSEAS.get(dialled[:4], dialled[:4]) + dialled[4:]
