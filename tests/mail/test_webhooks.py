"""Delivery events: signed or refused, counted once, in whatever order they come (R11)."""

import hmac
import json
from time import perf_counter

import pytest

from core import mails, outbox
from core.carriers import Reason, Unsure
from core.deliveries import PUBLIC_SECRET
from core.mail_settings import MailSettings
from core.mails import MailState
from tests.web.conftest import browser  # noqa: F401 (a fixture)

SECRET = "le secret du webhook"
NUMBER = "5fc0d003f718c90162341852"  # pragma: allowlist secret
EVENT = "62f114f8165fe0d8db0288e3"  # pragma: allowlist secret
WITH_SECRET = MailSettings("mailersend", "asso@exemple.fr", token="t", webhook_secret=SECRET)


def event(
    kind: str,
    *,
    id: str = EVENT,
    number: str = NUMBER,
    tags: object = None,
) -> bytes:
    email = {"message": {"id": number}, "tags": tags, "recipient": {"email": "jean@exemple.fr"}}
    data = {"object": "activity", "id": id, "meta": [], "email": email}
    return json.dumps({"type": kind, "created_at": "2026-11-21T13:05:00.000000Z", "data": data}).encode()


@pytest.fixture
def call(browser):  # noqa: F811
    """POST an event as MailerSend does; the status of the answer."""
    web = browser(mail=WITH_SECRET)

    def called(body: bytes, *, secret: str = SECRET, signature: str | None = None) -> int:
        signed = signature if signature is not None else hmac.new(secret.encode(), body, "sha256").hexdigest()
        return web.post("/webhooks/mailersend", content=body, headers={"Signature": signed.encode()}).status_code

    return called


class Numbered:
    def carry(self, _mail):
        return NUMBER


@pytest.fixture
def sent(office, post, jean):
    """A mail that MailerSend has accepted."""
    post(personne_id=jean)
    outbox.send_due(office, Numbered())


@pytest.fixture
def seen(office, marie):
    """What « Courriels » says of the only mail."""

    def read() -> tuple[str, str | None]:
        row = mails.page(office, marie).rows[0]
        return row.state, row.reason

    return read


@pytest.mark.parametrize(
    ("kinds", "state", "reason"),
    [
        (["activity.sent"], MailState.ACCEPTE, None),
        (["activity.sent", "activity.delivered"], MailState.DISTRIBUE, None),
        (["activity.delivered", "activity.sent"], MailState.DISTRIBUE, None),
        (["activity.soft_bounced"], MailState.ECHEC_PROVISOIRE, "soft_bounced"),
        (["activity.deferred", "activity.delivered"], MailState.DISTRIBUE, None),
        (["activity.hard_bounced"], MailState.ECHEC, "hard_bounced"),
        (["activity.hard_bounced", "activity.soft_bounced"], MailState.ECHEC, "hard_bounced"),
        (["activity.delivered", "activity.spam_complaint"], MailState.PLAINTE, "complaint"),
        (["activity.opened", "recipient.on_hold_added", "activity.clicked"], MailState.ACCEPTE, None),
    ],
)
def test_events_tell_what_became_of_a_mail(call, sent, seen, kinds, state, reason):
    statuses = [call(event(kind, id=f"e{number}")) for number, kind in enumerate(kinds)]
    assert set(statuses) == {204}
    assert seen() == (state, reason)


def test_an_event_counts_once_however_often_it_comes(call, sent, database, clock, office):
    body = event("activity.delivered")
    assert call(body) == 204
    first = database.run("SELECT delivered_at FROM asso.mails")
    clock.advance(hours=1)
    assert [call(body), call(event("activity.hard_bounced"))] == [204, 204]  # the second has the first one's number
    assert database.run("SELECT delivered_at FROM asso.mails") == first
    assert database.run("SELECT failed_at, (SELECT count(*) FROM asso.mail_events) FROM asso.mails") == [(None, 1)]


@pytest.mark.parametrize("signature", ["", "0" * 64, "é", "Signature"])
def test_a_forged_event_is_refused_and_changes_nothing(call, sent, seen, database, signature):
    assert call(event("activity.hard_bounced"), signature=signature) == 403
    assert seen() == (MailState.ACCEPTE, None)
    assert database.run("SELECT count(*) FROM asso.mail_events") == [(0,)]


def test_a_signature_is_that_of_the_very_bytes(call, sent, seen):
    body = event("activity.hard_bounced")
    signature = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    assert call(body + b" ", signature=signature) == 403
    assert seen() == (MailState.ACCEPTE, None)


def test_the_public_secret_only_answers_the_ping(call, sent, seen):
    assert call(json.dumps({"type": "webhook.test", "data": []}).encode(), secret=PUBLIC_SECRET) == 204
    assert call(event("activity.hard_bounced"), secret=PUBLIC_SECRET) == 403
    assert call(b"webhook.test", secret=PUBLIC_SECRET) in {400, 403}
    assert seen() == (MailState.ACCEPTE, None)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"type": "activity.sent"}', event("activity.sent", id="../x")])
def test_a_signed_body_that_is_no_event_is_refused(call, body):
    assert call(body) == 400


def test_a_body_is_read_up_to_a_limit(call):
    assert call(b" " * 70_000) == 413


def test_an_event_of_another_mail_is_accepted_and_forgotten(call, sent, seen):
    assert call(event("activity.hard_bounced", number="0" * 24, tags=["infolettre"])) == 204
    assert seen() == (MailState.ACCEPTE, None)


def test_an_event_settles_a_mail_whose_answer_was_lost(call, office, post, postman, seen, database):
    post()
    postman.failures = [Unsure(Reason.BROKEN)]
    outbox.send_due(office, postman)
    assert seen() == (MailState.INCONNU, "broken")
    key = database.run("SELECT id FROM asso.mails")[0][0]
    assert call(event("activity.sent", tags=["x", "courriel-x", f"courriel-{key}"])) == 204
    assert seen() == (MailState.ACCEPTE, None)
    assert call(event("activity.delivered", id="autre")) == 204  # by the number that the first one brought
    assert seen() == (MailState.DISTRIBUE, None)


def test_an_event_faster_than_our_own_record_is_kept(call, office, post, seen, database):
    class Fast:
        def carry(self, mail):
            assert call(event("activity.hard_bounced", tags=[f"courriel-{mail.id}"])) == 204
            return NUMBER

    post()
    outbox.send_due(office, Fast())
    assert seen() == (MailState.ECHEC, "hard_bounced")


def test_an_answer_takes_far_less_than_three_seconds(call, sent):
    begun = perf_counter()
    assert [call(event("activity.sent", id=f"e{number}")) for number in range(20)] == [204] * 20
    assert perf_counter() - begun < 3


@pytest.mark.parametrize("mail", [None, MailSettings("smtp", "a@exemple.fr", smtp_host="h")])
def test_without_a_secret_the_address_does_not_exist(browser, mail):  # noqa: F811
    assert browser(mail=mail).post("/webhooks/mailersend", content=b"{}").status_code == 404


def test_only_post_is_answered(browser):  # noqa: F811
    assert browser(mail=WITH_SECRET).get("/webhooks/mailersend").status_code == 405
