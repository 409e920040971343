"""The theme as it is sent with each run, made once: Streamlit reads its hundred settings anew each time.

That was a sixth of the processor's time of a click (docs/decisions/0013).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

_POPULATE: Final[Callable[..., None]] = app_session._populate_theme_msg


def make_once() -> None:
    """Have every run send the theme that the first one sent, for the life of this process."""
    app_session._populate_theme_msg = _populate


def _populate(message: CustomThemeConfig, section: str = "theme") -> None:
    made = _made(section)
    if made.ListFields():  # merged with nothing, a section would be sent that nobody has set
        message.MergeFrom(made)


@lru_cache
def _made(section: str) -> CustomThemeConfig:
    made = CustomThemeConfig()
    _POPULATE(made, section)
    return made
