"""/healthz."""

import pytest

from core.errors import Unavailable
from db import migrations


def test_health_tells_the_database_and_its_schema(browser):
    answer = browser().get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "schema": migrations.newest()})


@pytest.fixture
def silent(monkeypatch):
    def fall_silent():
        def refuse(_office):
            raise Unavailable

        monkeypatch.setattr("core.health.schema", refuse)

    return fall_silent


def test_health_tells_that_the_database_is_silent(browser, silent):
    silent()
    answer = browser().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "indisponible"})


def test_health_asks_the_database_once_a_second_at_most(browser, silent, monkeypatch):
    time = [100.0]
    monkeypatch.setattr("web.health.time.monotonic", lambda: time[0])
    client = browser()
    assert client.get("/healthz").status_code == 200
    silent()
    assert client.get("/healthz").status_code == 200
    time[0] += 1
    assert client.get("/healthz").status_code == 503
