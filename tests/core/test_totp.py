"""The algorithm: the vectors of RFC 4226 and RFC 6238, and what a code is worth around its moment."""

from base64 import b32decode
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from core import totp
from core.totp import Reading, Verdict

SEED = b"12345678901234567890"
NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)
HERE = totp.step_at(NOW)


def read(code, *, last_step=0, warned_step=0, seed=SEED):
    return totp.read(seed, code, NOW, last_step=last_step, warned_step=warned_step)


RFC_4226 = ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489")


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_rfc_4226_vectors(counter, code):
    assert totp.code_of(SEED, counter) == code


# RFC 6238 prints eight digits; six of them are the last six.
@pytest.mark.parametrize(
    ("seconds", "eight"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_rfc_6238_vectors(seconds, eight):
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_of(SEED, totp.step_at(at)) == eight[2:]
    assert totp.read(SEED, eight[2:], at, last_step=0, warned_step=0).verdict is Verdict.GOOD


@pytest.mark.parametrize("off", range(-12, 13))
def test_one_step_off_is_taken_ten_are_recognised_and_no_more(off):
    worth = Verdict.GOOD if abs(off) <= 1 else Verdict.CLOCK_OFF if abs(off) <= 10 else Verdict.WRONG
    assert read(totp.code_of(SEED, HERE + off)).verdict is worth


def test_a_code_up_to_the_last_one_used_is_worth_nothing_v6_5_1():
    assert read(totp.code_of(SEED, HERE), last_step=HERE) == Reading(Verdict.USED, HERE)
    assert read(totp.code_of(SEED, HERE - 1), last_step=HERE).verdict is Verdict.USED
    assert read(totp.code_of(SEED, HERE + 1), last_step=HERE) == Reading(Verdict.GOOD, HERE + 1)


def test_a_code_that_was_announced_by_a_warning_is_worth_nothing():
    assert read(totp.code_of(SEED, HERE + 1), warned_step=HERE + 1).verdict is Verdict.USED


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "é", "١٢٣٤٥٦", "0" * 1000])
def test_what_is_no_code_is_wrong(typed):
    assert read(typed) == Reading(Verdict.WRONG)


def test_near_the_beginning_of_time_nothing_breaks():
    at = datetime.fromtimestamp(31, UTC)
    assert totp.read(SEED, totp.code_of(SEED, 1), at, last_step=0, warned_step=0).verdict is Verdict.GOOD


def test_a_seed_is_160_random_bits_v6_5_3_v11_5_1(office):
    seeds = {totp.new_seed(office) for _ in range(50)}
    assert {len(seed) for seed in seeds} == {20}
    assert len(seeds) == 50
    assert all(any(seed[at] for seed in seeds) for at in range(20))


def test_each_symbol_of_chance_is_another_symbol_of_the_key():
    from core.opening import CROCKFORD

    rfc_4648 = "234567ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # pragma: allowlist secret
    assert "".join(sorted(CROCKFORD.translate(totp._RFC_4648))) == rfc_4648


def test_the_address_of_the_square_names_the_association_and_the_account():
    address = urlsplit(totp.uri(SEED, issuer="Zone : d'Ici & co", account="marie+x@exemple.fr"))
    asked = parse_qs(address.query)
    assert unquote(address.path) == "/Zone   d'Ici & co:marie+x@exemple.fr"
    assert (address.scheme, address.netloc, asked["issuer"]) == ("otpauth", "totp", ["Zone   d'Ici & co"])
    assert b32decode(asked["secret"][0]) == SEED
