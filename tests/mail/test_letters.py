"""The letters: the words of the report, nobody's words but ours, nothing that spies."""

import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from core import invite_letters, letters, security_letters
from core.letter import Kind, Letter

NASTY = "<script>alert(1)</script> {{secret}} {$nom} http://mechant.example\r\nBcc: x@y.fr"


def all_letters(office, **about: str) -> list[Letter]:
    who = {"to": "jean@exemple.fr", "prenom": "Jean"} | about
    link, at = "https://acces.exemple.fr/page?token=abc&x=1", office.now()
    return [
        letters.invitation(office, **who, code="ZDL-ABCDEF-12345", link=link, expires_at=at + timedelta(days=7)),
        invite_letters.reminder(office, **who, link=link, expires_at=at + timedelta(days=2)),
        invite_letters.accepted(office, **who, whom="Lucie Martin", at=at),
        letters.reset(office, **who, link=link, otp="123456"),
        letters.reset_google_only(office, **who),
        letters.password_changed(office, **who, device="Firefox sur Windows", at=at),
        letters.password_change_asked(office, **who),
        letters.factor_on(office, **who),
        letters.factor_off(office, **who),
        letters.factor_reset_by_admin(office, **who),
        letters.recovery_code_used(office, **who, left=3),
        security_letters.recovery_codes_renewed(office, **who, device="Firefox sur Windows", at=at),
        security_letters.sign_in_alarm(office, **who, count=200, minutes=5, link=link),
        letters.google_linked(office, **who),
        letters.google_unlinked(office, **who),
        letters.email_confirm(office, **who, link=link),
        letters.email_changed_old(office, **who, new="nouvelle@exemple.org"),
        letters.new_device(office, **who, device="Firefox sur Windows", at=at, link=link),
        letters.account_deleted(office, **who),
    ]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_there_is_one_letter_of_each_kind(office):
    assert [letter.kind for letter in all_letters(office)].sort() == list(Kind).sort()
    assert len({letter.kind for letter in all_letters(office)}) == len(Kind)


def test_the_reset_says_the_words_of_the_report(office):
    text = letters.reset(office, to="j@exemple.fr", prenom="Jean", link="https://x.fr/l", otp="123456").text
    assert text.startswith("Bonjour Jean,\n\nVous avez demandé à réinitialiser votre mot de passe.")
    assert "Lien magique (ouvre la page)\u00a0:\nhttps://x.fr/l\n" in text
    assert "Code OTP (obligatoire)\u00a0: 123456\n" in text
    assert "Ce lien et ce code expirent dans 20 minutes. " in text
    assert "Si vous n'êtes pas à l'origine de cette demande, ignorez ce message." in text


def test_text_and_html_say_the_same(office):
    for letter in all_letters(office):
        shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", letter.html, flags=re.DOTALL)
        words = set(re.findall(r"\w{4,}", letter.text))
        assert words <= set(re.findall(r"\w{4,}", shown))


@pytest.mark.parametrize("number", range(len(Kind)))
def test_nothing_is_loaded_run_or_followed(office, number):
    html = all_letters(office)[number].html
    assert not {"img", "script", "link", "iframe", "form", "svg", "object"} & set(Tags(html).tags)
    assert "url(" not in html
    assert "@import" not in html
    assert {link.split("/")[2] for link in Tags(html).links} <= {"acces.exemple.fr"}


@pytest.mark.parametrize("number", range(len(Kind)))
def test_a_name_is_only_a_name(office, number):
    letter = all_letters(office, prenom=NASTY)[number]
    assert "<script>" not in letter.html
    assert not re.search(r"\{[{$%#]", letter.html + letter.text + letter.subject)
    assert "http://mechant" not in letter.text + letter.html
    assert "\nBcc" not in letter.text
    assert "\n" not in letter.subject


def test_the_association_cannot_break_its_letters_either(office):
    named = replace(office, settings=replace(office.settings, association='A & <b>\n"B" {{x}}'))
    for letter in all_letters(named):
        assert "\n" not in letter.subject
        assert "<b>" not in letter.html
        assert "{{" not in letter.text + letter.html + letter.subject


def test_a_letter_is_not_sent_after_what_it_announces(office):
    lives = {letter.kind: letter.life for letter in all_letters(office)}
    assert lives[Kind.INVITATION] == timedelta(days=7)
    assert lives[Kind.RESET] == timedelta(minutes=20)
    assert lives[Kind.EMAIL_CONFIRM] == timedelta(hours=24)


def test_a_change_of_address_does_not_tell_the_new_one(office):
    letter = letters.email_changed_old(office, to="a@exemple.fr", prenom="Jean", new="nouvelle@exemple.org")
    assert "nouvelle" not in letter.text + letter.html
    assert "n•••@" in letter.text


@pytest.mark.parametrize(("left", "said"), [(9, "Il en reste 9."), (3, "créez-en"), (1, "un seul"), (0, "aucun")])
def test_the_recovery_codes_left_are_counted(office, left, said):
    assert said in letters.recovery_code_used(office, to="a@exemple.fr", prenom="J", left=left).text


def test_french_signs_never_begin_a_line(office):
    for letter in all_letters(office):
        assert not re.search(r"[^\u00a0\s/][ ][:;!?»]|« ", letter.text + letter.subject)
