"""A line of the journal as one French sentence, with the names of its people; never a secret."""

import re
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from core.journal_details import in_words
from core.journal_words import DEEDS

if TYPE_CHECKING:
    from core.journal import Entry

_VOWEL: Final = re.compile(r"[aeiouyhœæ]", re.IGNORECASE)
_GONE: Final = "un compte supprimé"


def _of(name: str) -> str:
    """« de » before a name: d'Élise, de Jean."""
    return f"d'{name}" if _VOWEL.match(normalize("NFD", name)) else f"de {name}"


def who(entry: "Entry") -> str:
    """Who did it: a name, a deleted account, nobody known, the application itself."""
    if entry.actor:
        return entry.actor
    if entry.actor_id:
        return _GONE
    return "quelqu'un, non connecté," if entry.ip else "l'application"


def whom(entry: "Entry") -> str | None:
    """Whom it is about: a name, an erased fiche; None for nobody."""
    if entry.personne_id is None:
        return None
    return entry.personne or "une fiche effacée"


def _fiche(entry: "Entry") -> str:
    if entry.own:
        return "sa propre fiche"
    return f"la fiche {_of(entry.personne)}" if entry.personne else "une fiche effacée"


def _grant(about: str, details: dict[str, str]) -> str:
    """The role that was refused, or the right that was missing before any was looked at."""
    return f"donner à {about} le rôle {details['role']}" if "role" in details else details.get("permission", "?")


def sentence(entry: "Entry") -> str:
    """What happened, in one line; a deed of another version is said by its name."""
    words = DEEDS.get(entry.deed)  # type: ignore[call-overload] # a Deed is a string
    if words is None:
        return f"{_capital(who(entry))} : {entry.deed}"
    facts = _Facts(_facts(entry))
    done = words.done.format_map(facts)
    return _capital(words.refused.format_map(_Facts(facts | {"done": done})) if entry.refused else done)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


class _Facts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "?"


def _counted(details: dict[str, str], noun: str, several: str = "") -> str:
    count = details.get("count", "?")
    return f"{count} {noun}" if count in {"0", "1"} else f"{count} {several or noun + 's'}"


def _exported(details: dict[str, str]) -> str:
    """People; or the rows that an import left out, which were nobody's fiche."""
    if "rejected_rows" in details:
        return _counted(details, "ligne rejetée d'un import", "lignes rejetées d'un import")
    return _counted(details, "personne")


def _facts(entry: "Entry") -> dict[str, str]:
    details = {name: value for name, (_, value) in in_words(entry.details).items()}
    author, about = who(entry), whom(entry) or "quelqu'un"
    known = entry.actor_id is not None
    return details | {
        "who": author,
        "of_who": _of(author),
        "for_who": f" pour {author}" if known else "",
        "whom": about,
        "of_whom": _of(about),
        "about": f" {_of(about)}" if entry.personne_id else "",
        "fiche": _fiche(entry),
        "grant": _grant(about, details),
        "people": _counted(details, "personne"),
        "codes": _counted(details, "code"),
        "lines": _counted(details, "ligne"),
        "exported": _exported(details),
    }
