"""The pages of a list: which one an address asks for, how many there are, what stands on one."""

from core.figures import PAGE_SIZE
from ui.plain import number


def asked(said: str) -> int:
    """The page that an address asks for; nonsense is the first one."""
    return max(1, int(said)) if said.isascii() and said.isdecimal() and len(said) < 8 else 1


def pages(total: int) -> int:
    """How many pages `total` lines fill; an empty list is a page too."""
    return max(1, -(-total // PAGE_SIZE))


def shown(page: int, rows: int, total: int, *, capped: bool) -> str:
    """« 1 à 25 sur 312 », « 26 à 50 sur plus de 10 000 »: the `rows` of `page`, of `total` that were counted."""
    first = (page - 1) * PAGE_SIZE + 1
    return f"{number(first)} à {place(first + rows - 1, total, capped=capped)}"


def place(at: int, total: int, *, capped: bool) -> str:
    """« 26 sur 312 », « 26 sur plus de 10 000 »."""
    return f"{number(at)} sur {'plus de ' if capped else ''}{number(total)}"
