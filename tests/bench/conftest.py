"""A small world to measure, and its application."""

import pytest

from bench import programs, world

PEOPLE = 2000
FAR = 120  # milliseconds


@pytest.fixture(scope="session")
def made():
    """Two thousand made-up people in a database of their own."""
    with world.opened() as opened:
        opened.fill(PEOPLE)
        yield opened


@pytest.fixture(scope="session")
def address(made):
    """The application, far from its database, as the bench starts it."""
    with programs.application(made, FAR) as (url, _):
        yield url
