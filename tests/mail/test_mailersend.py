"""MailerSend by its official client, against a local server: what each answer means, and no habit of its own."""

import logging
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core import carrier_mailersend, carrying, outbox
from core.carrier_mailersend import MailerSendCarrier
from core.carriers import Outgoing, PermanentFailure, Reason, TemporaryFailure, Unsure
from core.mail_settings import MailSettings
from tests.mail.api import ACCEPTED, Api

ID = UUID(int=7)
MAIL = Outgoing(ID, "jean@exemple.fr", "Objet", "Texte", "<p>HTML</p>", datetime(2026, 11, 21, tzinfo=UTC))


def settings(url: str) -> MailSettings:
    return MailSettings("mailersend", "asso@exemple.fr", token="jeton-secret", base_url=url)


@pytest.fixture
def carrier(api: Api) -> MailerSendCarrier:
    return MailerSendCarrier(settings(api.url), "Zone de Liberté")


def test_a_mail_is_handed_over_once_with_its_number(carrier, api):
    assert carrier.carry(MAIL) == ACCEPTED
    assert len(api.asked) == 1
    assert api.asked[0]["from"] == {"email": "asso@exemple.fr", "name": "Zone de Liberté"}
    assert [to["email"] for to in api.asked[0]["to"]] == ["jean@exemple.fr"]
    assert (api.asked[0]["subject"], api.asked[0]["text"], api.asked[0]["html"]) == ("Objet", "Texte", "<p>HTML</p>")
    assert api.asked[0]["tags"] == [f"courriel-{ID}"]
    assert api.headers[0]["Authorization"] == "Bearer jeton-secret"


def test_nobody_is_tracked(carrier, api):
    carrier.carry(MAIL)
    assert api.asked[0]["settings"] == {"track_clicks": False, "track_opens": False}


@pytest.mark.parametrize(
    ("answer", "failure", "reason"),
    [
        ((401, {}), TemporaryFailure, Reason.UNAUTHORIZED),
        ((403, {}), TemporaryFailure, Reason.UNAUTHORIZED),
        ((404, {}), TemporaryFailure, Reason.UNAUTHORIZED),
        ((302, {"location": "https://ailleurs.example"}), TemporaryFailure, Reason.UNAUTHORIZED),
        ((422, {}), PermanentFailure, Reason.REFUSED),
        ((429, {}), TemporaryFailure, Reason.BUSY),
        ((500, {}), TemporaryFailure, Reason.BUSY),
        ((503, {}), TemporaryFailure, Reason.BUSY),
        ((504, {}), Unsure, Reason.BROKEN),
        ("drop", Unsure, Reason.BROKEN),
        ("silence", Unsure, Reason.BROKEN),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else None,
)
def test_each_answer_has_its_meaning_and_is_asked_for_once(carrier, api, monkeypatch, answer, failure, reason):
    if answer == "silence":
        monkeypatch.setattr(carrier_mailersend, "TIMEOUT", (1.0, 0.3))
    api.answer = answer
    with pytest.raises(failure) as raised:
        carrier.carry(MAIL)
    assert raised.value.reason is reason
    assert len(api.asked) == 1


@pytest.mark.parametrize(("said", "wait"), [("120", timedelta(minutes=2)), ("demain", None), ("99999999", None)])
def test_the_provider_says_how_long_to_wait(carrier, api, said, wait):
    api.answer = (429, {"Retry-After": said})
    with pytest.raises(TemporaryFailure) as raised:
        carrier.carry(MAIL)
    assert raised.value.retry_after == (wait or (carrier_mailersend.LONGEST_RETRY_AFTER if said.isdecimal() else None))


def test_a_server_that_is_not_there_has_taken_nothing():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        carrier = MailerSendCarrier(settings(f"http://127.0.0.1:{unused.getsockname()[1]}/v1"), "A")
        with pytest.raises(TemporaryFailure) as raised:
            carrier.carry(MAIL)
    assert raised.value.reason is Reason.UNREACHABLE


def test_an_unknown_certificate_gets_no_mail(smtp):
    """Encrypted is not enough: the server must be who it says (V12.3.2); its port speaks TLS from the first byte."""
    port = smtp.listen(plain=True)
    carrier = MailerSendCarrier(settings(f"https://localhost:{port}/v1"), "A")
    with pytest.raises((TemporaryFailure, Unsure)):
        carrier.carry(MAIL)


@pytest.mark.parametrize("to", ["jeän@exemple.fr", "jean@serveur.local"])
def test_an_address_that_the_provider_refuses_is_refused_here(carrier, api, to):
    with pytest.raises(PermanentFailure) as raised:
        carrier.carry(replace(MAIL, to=to))
    assert raised.value.reason is Reason.ADDRESS
    assert api.asked == []


def test_a_domain_with_accents_is_sent_in_ascii(carrier, api):
    carrier.carry(replace(MAIL, to="jean@éléphant.fr"))
    assert api.asked[0]["to"][0]["email"] == "jean@xn--lphant-9uab.fr"


def test_no_log_holds_a_letter(carrier, api, caplog):
    caplog.set_level(logging.DEBUG)
    api.answer = (422, {})
    with pytest.raises(PermanentFailure) as raised:
        carrier.carry(MAIL)
    assert not any(word in caplog.text for word in ("Objet", "Texte", "jeton", "mailersend"))
    assert raised.value.__cause__ is None


def test_the_whole_way_from_the_settings_to_the_provider(office, post, api, database):
    """The outbox, the carrier of the settings and the provider's number in the table."""
    with_mail = replace(office, settings=replace(office.settings, mail=settings(api.url)))
    post()
    assert outbox.send_due(with_mail, carrying.chosen(with_mail.settings)) == 1
    assert database.run("SELECT provider_id FROM asso.mails") == [(ACCEPTED,)]
    assert api.asked[0]["subject"] == "Objet secret"
