"""People in a sentence: named one by one while they are few."""

from collections.abc import Sequence


def named(names: Sequence[str], *, shown: int = 3) -> str:
    """« Jean Michel », « Jean Michel et Élise Écolier », « Jean Michel, Élise Écolier et 3 autres »."""
    if len(names) > shown:
        return f"{', '.join(names[: shown - 1])} et {len(names) - shown + 1} autres"
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
