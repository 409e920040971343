"""Have I Been Pwned: asked once, late, with five characters, and missed by nobody."""

import threading
from dataclasses import replace
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core import breaches, invites, passwords, resets
from core.errors import Refusal, ResetVoid, TooManyAttempts, WeakPassword
from tests.conftest import PASSWORD, code_for
from tests.core.test_resets import ask

BREACHED = "Tr0mb!n3s&V3lo"


class Range(BaseHTTPRequestHandler):
    """A Have I Been Pwned of the test's own, that knows BREACHED and pads its answers."""

    asked: list[str] = []  # noqa: RUF012 (read by the test)
    answer = 200

    def do_GET(self):
        Range.asked.append(self.path)
        digest = sha1(BREACHED.encode(), usedforsecurity=False).hexdigest().upper()
        self.send_response(Range.answer)
        self.end_headers()
        self.wfile.write(f"{'0' * 35}:0\r\n{digest[5:]}:42\r\n".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def asking(office, monkeypatch):
    """An office that asks the local Have I Been Pwned, which answers when this process gets round to it."""
    monkeypatch.setattr(breaches, "TIMEOUT", 10)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Range)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    Range.asked, Range.answer = [], 200
    yield replace(
        office, settings=replace(office.settings, breaches_url=f"http://127.0.0.1:{server.server_port}/range")
    )
    server.shutdown()
    server.server_close()


def test_a_breached_password_is_refused_and_only_five_characters_leave(asking, marie):
    """ASVS V6.2.12."""
    with pytest.raises(WeakPassword) as refused:
        passwords.refuse_breached(asking, BREACHED)
    assert refused.value.unmet == ("not_breached",)
    assert [len(path.removeprefix("/range/")) for path in Range.asked] == [5]


CHOSEN = {"new": BREACHED, "confirmation": BREACHED}


def resets_it(office, lucie, visitor, letters, **_):
    handle, _, otp = ask(office, visitor, letters, lucie.email)
    return lambda typed: resets.finish(office, visitor, key=handle, otp=typed or otp, **CHOSEN)


def redeems(office, marie, visitor, jean, **_):
    account = {"email": "jean@exemple.fr", "password": BREACHED, "confirmation": BREACHED}
    code = code_for(office, marie, jean).code
    return lambda typed: invites.redeem(office, visitor, code=typed or code, **account)


def changes_it(office, lucie, **_):
    return lambda typed: passwords.change(office, lucie, current=typed or PASSWORD, **CHOSEN)


WAYS = pytest.mark.parametrize("choose", [resets_it, redeems, changes_it], indirect=True)


@pytest.fixture
def choose(request, asking, marie, lucie, jean, visitor, letters, monkeypatch):
    """Choose BREACHED in one of the ways, proved by what is typed or, typed nothing, by what is right."""
    monkeypatch.setattr(resets, "FLOOR", 0.0)
    return request.param(office=asking, marie=marie, lucie=lucie, jean=jean, visitor=visitor, letters=letters)


@WAYS
def test_every_way_to_choose_a_password_asks_once_and_refuses_a_breached_one(choose):
    """ASVS V6.2.12."""
    with pytest.raises(WeakPassword) as refused:
        choose("")
    assert refused.value.unmet == ("not_breached",)
    assert len(Range.asked) == 1


@WAYS
def test_who_has_tried_too_often_asks_nothing_more(choose):
    for _ in range(12):
        with pytest.raises(Refusal):
            choose("000000")
    asked = len(Range.asked)
    with pytest.raises((TooManyAttempts, ResetVoid)):
        choose("000000")
    assert len(Range.asked) == asked <= 10


def test_padding_counts_for_nothing(asking):
    assert not breaches.holds(asking, "Kj8$mPq2!xZw")


@pytest.mark.parametrize("broken", ["status", "address"])
def test_a_breach_service_that_is_down_stops_nobody_and_is_logged(asking, broken, caplog):
    """ASVS V16.5.2: and no part of the password is in the log."""
    Range.answer = 500
    nowhere = replace(asking, settings=replace(asking.settings, breaches_url="http://127.0.0.1:9/range"))
    passwords.refuse_breached(asking if broken == "status" else nowhere, BREACHED)
    assert "breach check skipped" in caplog.text
    assert BREACHED not in caplog.text
