"""The theme that is sent with each run is Streamlit's own, though it is made once."""

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from ui import theme_message

SECTIONS = ("light", "dark", "sidebar")


@pytest.fixture
def made_once(monkeypatch):
    """The server's way; put back afterwards for the other tests."""
    monkeypatch.setattr(app_session, "_populate_theme_msg", app_session._populate_theme_msg)
    theme_message.make_once()
    return app_session._populate_theme_msg


def theme(populate):
    """What a run sends: the theme and its sections, as AppSession fills them in."""
    message = CustomThemeConfig()
    populate(message)
    for section in SECTIONS:
        populate(getattr(message, section), f"theme.{section}")
    return message


def test_each_run_sends_what_streamlit_makes(made_once):
    expected = theme(theme_message._POPULATE)
    assert expected.light.primary_color
    assert [theme(made_once), theme(made_once)] == [expected, expected]
    assert not theme(made_once).HasField("sidebar")


def test_the_settings_are_read_once(made_once, monkeypatch):
    theme(made_once)
    monkeypatch.setattr(config, "get_options_for_section", None)
    assert theme(made_once).light.primary_color
