"""What is logged, and what never is."""

import logging

import pytest

from web import logs
from web.faults import Faults

TYPED = "Jean, né le 3 mai"


@pytest.fixture(autouse=True)
def kept_out():
    factory = logging.getLogRecordFactory()
    access, server = logging.getLogger("uvicorn.access"), logging.getLogger("uvicorn.error")
    before = access.disabled, server.level
    logs.keep_values_out()
    yield
    logging.setLogRecordFactory(factory)
    access.disabled = before[0]
    server.setLevel(before[1])


def broken():
    try:
        logs.incident(None, None)
    except AttributeError as error:
        error.add_note(TYPED)
        return error


def test_an_exception_is_logged_by_its_kind_and_place_alone(caplog):
    try:
        raise ValueError(TYPED)
    except ValueError:
        logging.getLogger("streamlit").exception("Uncaught %s", "app execution")
    assert TYPED not in caplog.text
    assert "Uncaught app execution ValueError (tests/web/test_logs.py:" in caplog.text
    assert "raise" not in caplog.text


def test_the_place_is_the_last_line_of_ours():
    assert logs.place(broken()).startswith("AttributeError (web/logs.py:")


def test_the_place_outside_of_ours_is_the_name_of_a_file():
    with pytest.raises(ValueError, match="invalid") as caught:
        int("invalid")
    outside = caught.value.with_traceback(None)
    assert logs.place(outside) == "ValueError (?)"


def test_an_incident_has_a_number_for_the_person_and_for_the_log(office, caplog):
    number = logs.incident(office, broken())
    assert len(number) == 6
    assert f"Incident {number}: AttributeError (web/logs.py:" in caplog.text
    assert TYPED not in caplog.text


def test_addresses_and_their_codes_are_not_logged(caplog):
    logging.getLogger("uvicorn.access").warning("GET /activer_mon_acces?code=%s", "ZDL-1")
    logging.getLogger("uvicorn.error").info("203.0.113.7 - WebSocket [accepted]")
    assert caplog.text == ""


def test_an_answer_that_breaks_half_way_closes_the_connection(caplog):
    async def half(_scope, _receive, send):
        await send({"type": "http.response.start"})
        raise ValueError(TYPED)

    async def nothing(_message=None):
        return None

    with pytest.raises(ValueError, match=TYPED):
        Faults(half)({"type": "http"}, nothing, nothing).send(None)
    assert "A request broke: ValueError" in caplog.text
    assert TYPED not in caplog.text


def test_a_request_that_breaks_is_answered_in_french_and_logged_without_values(browser, caplog):
    answer = browser().get("/_stcore/bidi-components/broken")
    assert answer.status_code == 500
    assert answer.json()["message"].startswith("Une erreur inattendue")
    assert "A request broke: ValueError (tests/web/conftest.py:" in caplog.text
    assert "saisi" not in caplog.text
