"""Facts as people read them."""

from datetime import UTC, datetime

import pytest

from ui import plain


@pytest.mark.parametrize(
    ("utc", "paris"),
    [
        (datetime(2026, 11, 28, 13, 5, tzinfo=UTC), "28/11/2026 à 14 h 05"),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "02/07/2026 à 00 h 00"),
    ],
)
def test_times_are_those_of_paris(utc, paris):
    assert plain.moment(utc) == paris


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("+33612345678", "06 12 34 56 78"),
        ("+33140633900", "01 40 63 39 00"),
        ("+32470123456", "+32 470 12 34 56"),
        ("1111111111", "1111111111"),
        ("+1", "+1"),
        ("+999999", "+999999"),
        ("", ""),
        (None, ""),
    ],
)
def test_phones_are_written_as_their_country_does(kept, shown):
    assert plain.phone(kept) == shown


def test_thousands_stand_apart():
    assert [plain.number(value) for value in (0, 999, 5000, 1234567)] == [
        "0",
        "999",
        "5\u202f000",
        "1\u202f234\u202f567",
    ]


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox sur Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari sur iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari sur Mac"),
        ("curl/8", "Navigateur inconnu"),
        ("", "Navigateur inconnu"),
    ],
)
def test_devices_are_told_in_words(agent, said):
    assert plain.device(agent) == said


@pytest.mark.parametrize("typed", ["**a** _b_", "[x](https://y)", "<b>", "`x`", "$x$", ":red[a]", "# a", "a | b", "\\"])
def test_every_sign_of_markdown_is_escaped(typed):
    escaped = plain.plain(typed).replace("\u2060", "")
    signs = [sign for sign in typed if not sign.isalnum() and sign != " "]
    assert escaped == "".join(f"\\{sign}" if sign in signs else sign for sign in typed)


@pytest.mark.parametrize(
    "typed", [":smile:", "a@b.fr", "www.exemple.fr", "https://exemple.fr", "a -> b", "a >= b", "a ~= b"]
)
def test_what_streamlit_would_look_for_is_hidden_from_it(typed):
    assert "\u2060" in plain.plain(typed)


def test_typed_text_stays_on_one_line():
    assert plain.plain("un\n\n# deux\t trois") == "un \\# deux trois"


def test_the_spaces_of_french_stay_where_no_line_ends():
    assert plain.plain("1\u202f234 à   14\u00a0h\u00a005 ") == "1\u202f234 à 14\u00a0h\u00a005"
