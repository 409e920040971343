"""The lists of packages: what `pip install -r` needs them to say."""

from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent


def listed(name: str) -> dict[str, Requirement]:
    """The packages that one list pins and this machine takes, by name."""
    lines = [line.rstrip(" \\") for line in (ROOT / name).read_text("utf-8").splitlines() if line[:1].isalpha()]
    pins = [Requirement(line) for line in lines]
    return {pin.name: pin for pin in pins if pin.marker is None or pin.marker.evaluate()}


def asked_by(pin: Requirement) -> list[Requirement]:
    """What an installed package asks for, its own extras included."""
    wanted = [Requirement(line) for line in requires(pin.name) or []]
    contexts = [{"extra": extra} for extra in ("", *pin.extras)]
    return [one for one in wanted if one.marker is None or any(one.marker.evaluate(context) for context in contexts)]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_extra_that_a_package_asks_for_is_in_the_list(name):
    # To pip, x[extra] is another package than x: not listed, it is looked for anew, and the day a newer one is
    # published nothing can be installed any more (it has no fingerprint here).
    pins = listed(name)
    missing = [
        f"{pin.name} → {asked}"
        for pin in pins.values()
        for asked in asked_by(pin)
        if not asked.extras <= pins[asked.name.lower().replace("_", "-")].extras
    ]
    assert len(pins) > 60
    assert missing == []
