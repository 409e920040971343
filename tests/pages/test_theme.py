"""The theme: contrasts of WCAG AA in both appearances, and fonts that are really there."""

import tomllib

import pytest

from tests.serving import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
TEXT, SHAPE = 4.5, 3.0
COLORS = ("red", "orange", "yellow", "green", "blue", "gray")
WHITE = "#ffffff"


def luminance(color):
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faded(color, over, opacity):
    """`color` as it looks, drawn with `opacity` over another one."""
    pairs = [(int(color[at : at + 2], 16), int(over[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(front * opacity + back * (1 - opacity)):02x}" for front, back in pairs)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_what_is_drawn_stands_out(look):
    drawn = THEME[look]["chartCategoricalColors"]
    assert len(set(drawn)) == 5  # as many as states of the access
    assert min(contrast(color, THEME[look]["backgroundColor"]) for color in drawn) >= SHAPE


PLACES = [(look, place) for look in ("light", "dark") for place in ("page", "sidebar")]


@pytest.fixture(params=PLACES, ids="-".join)
def colors(request):
    look, place = request.param
    return THEME[look] | (THEME[look]["sidebar"] if place == "sidebar" else {})


@pytest.fixture(params=["backgroundColor", "secondaryBackgroundColor"])
def ground(request, colors):
    return colors[request.param]


def test_words_and_links_are_readable(colors, ground):
    assert contrast(colors["textColor"], ground) >= 7
    assert contrast(colors["linkColor"], ground) >= TEXT


def test_hints_are_readable_though_faded(colors, ground):
    """ui/look.css draws them with this opacity."""
    assert "opacity: 0.85" in (ROOT / "ui" / "look.css").read_text()
    assert contrast(faded(colors["textColor"], ground, 0.85), ground) >= TEXT


def test_buttons_and_borders_stand_out(colors, ground):
    assert contrast(WHITE, colors["primaryColor"]) >= TEXT
    assert contrast(colors["primaryColor"], ground) >= SHAPE
    assert contrast(colors["borderColor"], ground) >= SHAPE


@pytest.mark.parametrize("name", COLORS)
@pytest.mark.parametrize("look", ["light", "dark"])
def test_alerts_are_readable(look, name):
    colors = THEME[look]
    words = colors[f"{name}TextColor"]
    assert contrast(words, colors[f"{name}BackgroundColor"]) >= TEXT
    assert contrast(words, colors["backgroundColor"]) >= TEXT


@pytest.mark.parametrize("look", ["light", "dark"])
def test_tables_and_codes_are_readable(look):
    colors = THEME[look]
    assert contrast(colors["dataframeHeaderTextColor"], colors["dataframeHeaderBackgroundColor"]) >= TEXT
    assert contrast(colors["codeTextColor"], colors["codeBackgroundColor"]) >= 7


def test_the_border_of_links_that_look_like_buttons_stands_out_in_both():
    assert "solid #7c8b88" in (ROOT / "ui" / "look.css").read_text()
    assert min(contrast("#7c8b88", THEME[look]["backgroundColor"]) for look in ("light", "dark")) >= SHAPE


@pytest.mark.parametrize("font", THEME["fontFaces"], ids=lambda font: font["url"].rpartition("/")[2])
def test_every_font_is_here_and_light(font):
    file = ROOT / "web" / "assets" / font["url"].removeprefix("/asso/")
    assert file.stat().st_size <= 60_000
    assert file.read_bytes()[:4] == b"wOF2"


def test_every_font_has_its_licence():
    assert all("SIL OPEN FONT LICENSE" in path.read_text() for path in (ROOT / "web/assets/fonts").glob("LICENSE*"))
    assert len(list((ROOT / "web/assets/fonts").glob("LICENSE*"))) == len(
        {font["family"] for font in THEME["fontFaces"]}
    )
