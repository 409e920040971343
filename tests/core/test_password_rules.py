"""The policy: what is refused, what is welcome, and that nothing is ever cut off."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from core import accounts, hashing, passwords
from core.errors import SamePassword, SessionEnded, WeakPassword
from core.password_rules import BUNDLED, Holder, checklist
from core.roles import Role
from tests.conftest import PASSWORD

FRENCH = Path(__file__).parents[3] / "shared" / "data" / "french_passwords_top20000.txt"
MARIE = Holder(Role.BENEVOLE, ("Dupont", "Marie", "m.dupont@exemple.fr", "+33612345678"))


def unmet(password, holder=MARIE):
    return {rule for rule, met in checklist(password, holder) if not met}


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "Kj8$mPq2!xZw",
        "sept mots qui font une bonne phrase",
        "élan🐎ü-Zk7!Öß",
        "Tr0mb!n3s&V3lo",
        "nuage velours citron ardoise",
    ],
)
def test_good_passwords_are_welcome_spaces_accents_and_emoji_included(password):
    """ASVS V6.2.5, V6.2.9: any character is allowed; a passphrase needs no classes."""
    assert unmet(password) == set()


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Kj8$mPq2!xZ", "min_12"),
        ("x" * 129, "max_128"),
        ("kj8$mpq2!xzw", "four_kinds_or_phrase"),
        ("Kj8$abcd!xZw", "no_sequence"),
        ("Kj8$9876!xZw", "no_sequence"),
        ("Kj8$aZeR!xZw", "no_sequence"),
        ("Kj8$mmm2!xZw", "no_sequence"),
        ("Kj8$Dupont!xZ", "not_own_words"),
        ("Kj8$DÛPONT!xZ", "not_own_words"),
        ("Kj8$12345678!xZ", "not_own_words"),
        ("Aa1!Aa1!Aa1!", "hard_to_guess"),
        ("MotDePasse2026!", "not_common"),
        ("motdepasse2026!", "not_common"),
    ],
)
def test_each_rule_refuses_what_it_is_for(password, rule):
    """ASVS V6.2.1, V6.2.4, V6.2.11."""
    assert rule in unmet(password)


def test_an_administrateur_needs_fifteen():
    assert "min_15" in unmet("Kj8$mPq2!xZwTr", Holder(Role.ADMINISTRATEUR))
    assert "min_15" not in unmet("Kj8$mPq2!xZwTr7", Holder(Role.ADMINISTRATEUR))


def test_the_words_of_the_association_are_refused(office):
    """ASVS V6.1.2, V6.2.11."""
    here = replace(office, settings=replace(office.settings, words=("Grenoble",)))
    assert "not_own_words" in passwords.unmet(here, "Kj8$Grenoble!x", None)


def test_every_common_french_password_of_twelve_and_more_is_refused(office, tmp_path):
    """ASVS V6.2.4: also from a file named by a setting; the bundled list alone refuses its own entries."""
    more = tmp_path / "liste.txt"
    more.write_text("Un-Mot-De-Passe-Connu-7\n" + (FRENCH.read_text("utf-8", "replace") if FRENCH.exists() else ""))
    here = replace(office, settings=replace(office.settings, passwords_file=more))
    entries = [line.strip() for path in (more, BUNDLED) for line in path.read_text("utf-8").splitlines()]
    accepted = [entry for entry in entries if len(entry) >= 12 and not passwords.unmet(here, entry, None)]
    assert accepted == []


def test_an_empty_field_meets_no_rule():
    assert len(unmet("")) == 7


def change(office, actor, current, new):
    passwords.change(office, actor, current=current, new=new, confirmation=new)


def test_none_of_the_last_five_comes_back_and_the_sixth_may(office, marie, clock):
    """ASVS V6.2: B6 of the requirements."""
    used = [PASSWORD, *(f"Phrase numéro {word} du jardin" for word in ("violet", "orange", "marron", "blanc", "gris"))]
    for current, new in pairwise(used):
        change(office, marie, current, new)
        clock.advance(minutes=1)
    with pytest.raises(SamePassword):
        change(office, marie, used[-1], used[-1])
    for former in used[1:-1]:
        with pytest.raises(WeakPassword) as refused:
            change(office, marie, used[-1], former)
        assert refused.value.unmet == ("not_former",)
    change(office, marie, used[-1], used[0])


def test_former_passwords_are_erased_after_two_years(office, marie, clock, database):
    change(office, marie, PASSWORD, "Une première phrase longue")
    clock.advance(days=731)
    change(office, marie, "Une première phrase longue", "Une deuxième phrase longue")
    assert database.run("SELECT count(*) FROM asso.former_passwords") == [(1,)]


def test_another_cost_or_scheme_is_taken_up_at_the_next_sign_in(office, marie, visitor, database):
    """ASVS V11.2.2: hashes are versioned and upgraded."""
    for here in (replace(office.settings, password_cost=5), replace(office.settings, password_scheme="argon2id")):
        accounts.sign_in(replace(office, settings=here), visitor, email=marie.email, password=PASSWORD)
        kept = database.run("SELECT password_hash FROM asso.users")[0][0]
        assert not hashing.is_outdated(replace(office, settings=here), kept)
    assert kept.startswith("argon2id-hmac-sha384:$argon2id$")
    assert accounts.sign_in(replace(office, settings=here), visitor, email=marie.email, password=PASSWORD)


@pytest.mark.parametrize("scheme", ["bcrypt", "argon2id"])
def test_long_passwords_that_differ_in_the_last_character_differ(office, scheme):
    """ASVS V6.2.8."""
    here = replace(office, settings=replace(office.settings, password_scheme=scheme))
    kept = hashing.hash_password(here, "é🐎" * 60 + "a")
    assert hashing.verify(here, "é🐎" * 60 + "a", kept)
    assert not hashing.verify(here, "é🐎" * 60 + "b", kept)
    assert not hashing.verify(here, "é🐎" * 60 + "a", None)


def test_an_administrateur_can_require_a_new_password(office, marie, visitor, database):
    database.run("UPDATE asso.users SET password_change_required_at = created_at")
    from core import directory, sessions
    from core.directory import Wanted
    from core.errors import PasswordChangeRequired

    token = sessions.open(
        office, visitor, ticket=accounts.sign_in(office, visitor, email=marie.email, password=PASSWORD)
    )
    again = sessions.resume(office, visitor, token=token.token)
    with pytest.raises(PasswordChangeRequired):
        directory.page(office, again, Wanted())
    change(office, again, PASSWORD, "Une nouvelle phrase longue")
    with pytest.raises(SessionEnded):
        sessions.resume(office, visitor, token=token.token)
