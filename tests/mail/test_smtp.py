"""Mails by SMTP, against a real server: verified TLS or nothing, and what each answer means."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest

from core import carrier_smtp
from core.carrier_smtp import SmtpCarrier
from core.carriers import Outgoing, PermanentFailure, Reason, TemporaryFailure, Unsure
from core.mail_settings import MailSettings
from tests.mail.smtp import PASSWORD

LONG = "Ligne d'un texte accentué, é, bien plus longue que soixante-dix-huit signes, et qui le reste. " * 20
AT = datetime(2026, 11, 21, tzinfo=UTC)
MAIL = Outgoing(UUID(int=7), "jean@exemple.fr", "Votre accès à l'été", f"{LONG}\n.\nFin", "<p>é</p>", AT)


def carrier(port, **about) -> SmtpCarrier:
    given = {"smtp_host": "localhost", "smtp_user": "asso", "smtp_password": PASSWORD} | about
    return SmtpCarrier(MailSettings("smtp", "asso@exemple.fr", smtp_port=port, **given), "Zone de Liberté")


def test_a_mail_arrives_whole_over_verified_tls(smtp):
    assert carrier(smtp.port).carry(MAIL) is None
    envelope, message = smtp.kept[0], message_from_bytes(smtp.kept[0].content, policy=policy.default)
    assert (envelope.mail_from, envelope.rcpt_tos, smtp.encrypted) == ("asso@exemple.fr", ["jean@exemple.fr"], [True])
    assert (message["From"], message["Subject"]) == ("Zone de Liberté <asso@exemple.fr>", "Votre accès à l'été")
    assert message.get_body(("plain",)).get_content().replace("\r", "") == MAIL.text + "\n"
    assert message.get_body(("html",)).get_content().strip() == "<p>é</p>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_implicit_tls_works_too(smtp, monkeypatch):
    monkeypatch.setattr(carrier_smtp, "IMPLICIT_TLS", smtp.listen(implicit=True))
    assert carrier(carrier_smtp.IMPLICIT_TLS).carry(MAIL) is None
    assert smtp.encrypted == [True]


def test_a_certificate_of_a_stranger_gets_neither_mail_nor_password(smtp, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(TemporaryFailure) as raised:
        carrier(smtp.port).carry(MAIL)
    assert raised.value.reason is Reason.CERTIFICATE


def test_a_certificate_of_another_host_gets_nothing(smtp):
    with pytest.raises(TemporaryFailure) as raised:
        carrier(smtp.port, smtp_host="127.0.0.1").carry(MAIL)
    assert raised.value.reason in {Reason.CERTIFICATE, Reason.UNREACHABLE}
    assert smtp.kept == []


def test_a_server_without_tls_gets_nothing(smtp):
    with pytest.raises(TemporaryFailure):
        carrier(smtp.listen(plain=True)).carry(MAIL)
    assert smtp.kept == []


def test_old_tls_is_refused():
    assert ssl.create_default_context().minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_wrong_password_waits_to_be_put_right(smtp):
    with pytest.raises(TemporaryFailure) as raised:
        carrier(smtp.port, smtp_password="autre").carry(MAIL)
    assert raised.value.reason is Reason.UNAUTHORIZED


@pytest.mark.parametrize(
    ("command", "answer", "failure", "reason"),
    [
        ("RCPT", "550 no such user", PermanentFailure, Reason.REFUSED),
        ("RCPT", "450 greylisted", TemporaryFailure, Reason.BUSY),
        ("DATA", "554 spam", PermanentFailure, Reason.REFUSED),
        ("DATA", "451 later", TemporaryFailure, Reason.BUSY),
        ("DATA", "drop", Unsure, Reason.BROKEN),
    ],
)
def test_each_answer_has_its_meaning(smtp, command, answer, failure, reason):
    smtp.says = {command: answer}
    with pytest.raises(failure) as raised:
        carrier(smtp.port).carry(MAIL)
    assert raised.value.reason is reason
    assert smtp.kept == []


@pytest.mark.parametrize("to", ["jean@exemple.fr\r\nRCPT TO:<autre@exemple.fr>", "jeän@exemple.fr"])
def test_an_address_that_is_none_is_never_written_to_the_server(smtp, to):
    with pytest.raises((PermanentFailure, ValueError)):
        carrier(smtp.port).carry(replace(MAIL, to=to))
    assert smtp.kept == []


@pytest.fixture
def mailersend(smtp, monkeypatch):
    """The server, taken for MailerSend's own."""
    monkeypatch.setattr(carrier_smtp, "_MAILERSEND", "localhost")
    return smtp


def test_mailersend_says_450_of_what_it_will_never_take(mailersend):
    mailersend.says = {"DATA": "450 The from.email domain must be verified"}
    with pytest.raises(PermanentFailure):
        carrier(mailersend.port).carry(MAIL)


def test_mailersend_gives_a_number_that_its_webhooks_quote(mailersend):
    mailersend.says = {"DATA": "250 Message queued as 5fc0d003f718c90162341852"}
    assert carrier(mailersend.port).carry(MAIL) == "5fc0d003f718c90162341852"  # pragma: allowlist secret


def test_a_server_that_is_not_there_has_taken_nothing(smtp):
    smtp.controllers.pop().stop()
    with pytest.raises(TemporaryFailure) as raised:
        carrier(smtp.port).carry(MAIL)
    assert raised.value.reason is Reason.UNREACHABLE
