"""What is sealed opens only where it belongs."""

import pytest
from cryptography.exceptions import InvalidTag

from core import sealing


def test_what_is_sealed_opens_again_and_never_looks_the_same(office):
    first, second = (sealing.encrypt(office, "seeds", b"graine", bound_to="marie") for _ in "ab")
    assert first != second
    assert sealing.decrypt(office, "seeds", first, bound_to="marie") == b"graine"


@pytest.mark.parametrize(
    ("purpose", "bound_to", "alter"),
    [
        ("mails", "marie", lambda sealed: sealed),
        ("seeds", "karim", lambda sealed: sealed),
        ("seeds", "marie", lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1])),
        ("seeds", "marie", lambda sealed: b"\x02" + sealed[1:]),
    ],
)
def test_a_seal_that_was_moved_or_altered_does_not_open(office, purpose, bound_to, alter):
    sealed = sealing.encrypt(office, "seeds", b"graine", bound_to="marie")
    with pytest.raises(InvalidTag):
        sealing.decrypt(office, purpose, alter(sealed), bound_to=bound_to)
