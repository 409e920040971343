"""The embedded mailbox: whole on the machine of the newcomer, absent everywhere else."""

import stat
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID

import pytest

from core import carrying, letters, outbox
from core.mail_settings import MailSettings
from tests.mail.test_mailersend import MAIL
from tests.web.conftest import browser  # noqa: F401 (a fixture)

DOSSIER = MailSettings()


@pytest.fixture
def filled(office):
    """The mailbox with one reset in it; its file."""
    local = replace(office, settings=replace(office.settings, mail=DOSSIER))
    link = "http://localhost:8501/mot_de_passe_oublie?token=jeton&x=1"
    letter = letters.reset(local, to="jean@exemple.fr", prenom="Jean <b>", link=link, otp="123456")
    with office.begin() as db:
        outbox.post(db, office, letter, personne_id=None)
    assert outbox.send_due(local, carrying.chosen(local.settings)) == 1
    return next((office.settings.var / "courriels").glob("*.eml"))


@pytest.fixture
def local(browser):  # noqa: F811
    return browser(peer="127.0.0.1", mail=DOSSIER)


def test_a_mail_is_a_file_that_only_its_owner_reads(filled):
    assert stat.S_IMODE(filled.stat().st_mode) == 0o600
    assert stat.S_IMODE(filled.parent.stat().st_mode) == 0o700
    message = message_from_bytes(filled.read_bytes(), policy=policy.default)
    assert (message["To"], message["Subject"]) == ("jean@exemple.fr", "Réinitialiser votre mot de passe")
    assert "123456" in message.get_body(("plain",)).get_content()


def test_a_newcomer_finds_the_link_and_the_code(filled, local):
    listed = local.get("/_courriels")
    assert f"/_courriels/{filled.stem}" in listed.text
    read = local.get(f"/_courriels/{filled.stem}")
    assert "123456" in read.text
    assert '<a href="http://localhost:8501/mot_de_passe_oublie?token=jeton&amp;x=1">' in read.text


def test_two_mails_of_one_second_stand_in_their_order(office, local):
    carrier = carrying.chosen(replace(office.settings, mail=DOSSIER))
    for digit, later in (("f", 0), ("0", 1)):  # the first one has the greater key
        at = MAIL.at + timedelta(microseconds=later)
        carrier.carry(replace(MAIL, id=UUID(digit * 32), at=at, to=f"mail{later}@exemple.fr"))
    listed = local.get("/_courriels").text
    assert 0 < listed.index("mail1@exemple.fr") < listed.index("mail0@exemple.fr")


def test_a_mail_that_goes_away_while_the_list_is_read_is_left_out(filled, local):
    (filled.parent / "20990101-000000-gone.eml").symlink_to("nowhere")
    assert local.get("/_courriels").text.count("Réinitialiser votre mot de passe") == 1


def test_what_people_typed_is_text_on_this_page(filled, local):
    assert "<b>" not in local.get(f"/_courriels/{filled.stem}").text


def test_an_empty_mailbox_says_so(local):
    assert "Aucun courriel pour le moment" in local.get("/_courriels").text


def test_the_mailbox_is_not_kept_by_browsers(filled, local):
    answer = local.get(f"/_courriels/{filled.stem}")
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "changes",
    [
        {"database_url": "postgresql+psycopg2://h/b"},
        {"mail": None},
        {"mail": MailSettings("smtp", "a@exemple.fr", smtp_host="h")},
        {"public_url": "https://acces.exemple.fr"},
        {"peer": "203.0.113.7"},
        {"peer": "192.168.1.20"},
    ],
)
def test_elsewhere_it_does_not_exist(filled, browser, changes):  # noqa: F811
    web = browser(**({"peer": "127.0.0.1", "mail": DOSSIER} | changes))
    assert web.get("/_courriels").status_code == 404
    assert web.get(f"/_courriels/{filled.stem}").status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_nor_through_a_proxy_on_the_same_machine(filled, local, header):
    assert local.get("/_courriels", headers={header: "203.0.113.7"}).status_code == 404


@pytest.mark.parametrize("name", ["..%2Fsecret", "secret.key", "20261121-130500-" + "0" * 36])
def test_no_other_file_can_be_read(filled, local, name):
    assert local.get(f"/_courriels/{name}").status_code == 404


def test_the_newest_two_hundred_are_kept(office, filled, monkeypatch):
    monkeypatch.setattr("core.carrier_folder.MAILBOX_KEEPS", 3)
    for number in range(5):
        (filled.parent / f"2026010{number}-000000-{'0' * 36}.eml").write_text("")
    carrier = carrying.chosen(replace(office.settings, mail=DOSSIER))
    carrier.carry(MAIL)
    assert len(list(filled.parent.glob("*.eml"))) == 3
    assert filled.exists()


def test_a_full_disk_loses_no_mail(office, post, state):
    (office.settings.var / "courriels").write_text("un fichier, pas un dossier")
    post()
    outbox.send_due(office, carrying.chosen(replace(office.settings, mail=DOSSIER)))
    assert state() == ({"deferred"}, "disk")
