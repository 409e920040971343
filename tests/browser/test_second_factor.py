"""The second factor in a browser: scanned off the real screen, asked at the next sign-in, lost, taken away."""

import re
import subprocess

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from core import factor_reset, second_factor
from core.roles import Role
from tests.browser.axe import serious
from tests.conftest import PASSWORD, enrol
from tests.machine import needed

TITLE = "Vérification en deux étapes"
CODE = re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$")


@pytest.fixture
def member(office):
    """Somebody new: member("Prénom")."""
    return lambda prenom, role=Role.EMPLOYE: enrol(office, prenom, "Essai", role)


@pytest.fixture
def protected(office, member):
    """Somebody whose factor is on: who, the typed key and the recovery codes."""

    def make(prenom):
        actor = member(prenom)
        key = second_factor.begin(office, actor).key.replace(" ", "")
        return actor, key, second_factor.confirm(office, actor, code=now_code(key))

    return make


def now_code(key, *options):
    """What the real oathtool shows; each run of a test may spend a step, so it can also show the next one."""
    shown = subprocess.run(
        [needed("oathtool"), "--totp", "--base32", *options, key], capture_output=True, text=True, check=True
    )
    return shown.stdout.strip()


def next_code(key):
    return now_code(key, "--now=+30 seconds")


def scanned(screen, tmp_path):
    """The address that zbarimg reads in a screenshot of the screen."""
    picture = tmp_path / "screen.png"
    screen.page.locator(".square svg").scroll_into_view_if_needed()
    screen.page.screenshot(path=picture)
    read = subprocess.run([needed("zbarimg"), "-q", "--raw", picture], capture_output=True, text=True, check=True)
    return read.stdout.strip()


def begin(screen, office, actor):
    screen.enter(office, actor, "/mon_compte")
    screen.click("Activer la vérification en deux étapes")
    screen.sees("Clé à saisir si vous ne pouvez pas scanner le carré")


def shown_codes(screen):
    """The ten recovery codes, once they are drawn."""
    codes = screen.page.get_by_role("listitem").filter(has_text=CODE)
    expect(codes).to_have_count(10)
    return codes.all_inner_texts()


def test_a_telephone_scans_the_square_and_recovery_codes_are_shown_once(office, member, screen, tmp_path):
    actor = member("Scan")
    begin(screen, office, actor)
    key = screen.page.locator("main code").inner_text().replace(" ", "")
    for scheme in ("light", "dark"):
        screen.page.emulate_media(color_scheme=scheme)
        expect(screen.page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        address = scanned(screen, tmp_path)
        assert address.startswith(f"otpauth://totp/Association:{actor.email.replace('@', '%40')}?")
        assert re.search("secret=([A-Z2-7]{32})", address).group(1) == key
    screen.type("Code à 6 chiffres", now_code(key))
    screen.button("Activer").last.click()
    screen.sees("La vérification en deux étapes est activée.", "Vos codes de secours.")
    codes = shown_codes(screen)
    assert len(set(codes)) == 10
    with screen.page.expect_download() as downloaded:
        screen.click("Télécharger")
    text = downloaded.value.path().read_text("utf-8")
    assert all(code in text for code in codes)
    assert key not in text
    screen.click("J'ai gardé mes codes")
    screen.sees("Codes de secours restants : 10.")
    screen.page.reload()
    screen.sees("Codes de secours restants : 10.")
    assert not any(code in screen.page.content() for code in codes)


def test_the_next_sign_in_asks_for_a_code_and_a_recovery_code_helps(protected, screen):
    actor, key, codes = protected("Double")
    screen.open("/personnes")
    screen.sign_in(actor.email)
    screen.title(TITLE)
    screen.settle()
    assert serious(screen.page) == []
    screen.type("Code à 6 chiffres", "000000")
    screen.click("Vérifier")
    screen.sees("Ce code n'est pas le bon.")
    screen.type("Code à 6 chiffres", next_code(key))
    screen.click("Vérifier")
    screen.title("Personnes")
    screen.sign_out()
    screen.sign_in(actor.email)
    screen.click("Utiliser un code de secours")
    screen.sees("Téléphone et codes de secours perdus ?")
    screen.settle()
    assert serious(screen.page) == []
    screen.type("Code de secours", codes[0].lower())
    screen.click("Vérifier")
    screen.title("Accueil")
    screen.go("Mon compte")
    screen.sees("Codes de secours restants : 9.")


def test_the_step_stays_on_the_server_and_a_telephone_that_is_late_is_told_so(protected, screen):
    actor, key, _ = protected("Retard")
    screen.open("/connexion")
    screen.sign_in(actor.email)
    screen.title(TITLE)
    kept = screen.page.evaluate(
        "JSON.stringify([location.href, document.cookie, {...localStorage, ...sessionStorage}])"
    )
    assert "pending" not in kept
    screen.page.reload()
    screen.title("Connexion")
    screen.sign_in(actor.email)
    screen.title(TITLE)
    screen.type("Code à 6 chiffres", now_code(key, "--now=+200 seconds"))
    screen.click("Vérifier")
    screen.sees("Votre téléphone n'est pas à l'heure")
    screen.click("Recommencer")
    screen.title("Connexion")


def test_new_recovery_codes_then_switching_it_off(office, protected, screen):
    actor, key, codes = protected("Fini")
    screen.enter(office, actor, "/mon_compte")
    screen.page.get_by_text("Créer de nouveaux codes de secours").click()
    screen.type("Code à 6 chiffres", next_code(key))
    screen.click("Créer de nouveaux codes")
    fresh = shown_codes(screen)
    assert not set(fresh) & set(codes)
    screen.click("J'ai gardé mes codes")
    screen.sees("Codes de secours restants : 10.")
    screen.settle()  # until then all that stands below still moves, under the pointer too
    screen.page.get_by_text("Désactiver la vérification en deux étapes").click()
    screen.type("Code à 6 chiffres ou code de secours", fresh[0])
    screen.button("Désactiver").last.click()
    screen.sees("La vérification en deux étapes est désactivée.")
    screen.sign_out()
    screen.sign_in(actor.email)
    screen.title("Accueil")


def late(office, actor, minutes):
    """The last proof of every session of `actor` was so long ago."""
    moved = "UPDATE asso.user_sessions SET stepped_up_at = stepped_up_at - make_interval(mins => :m) WHERE user_id = :u"
    office.ask(text(moved), m=minutes, u=actor.user_id)


def test_after_ten_minutes_the_password_is_asked_again(office, member, screen):
    actor = member("Preuve")
    screen.enter(office, actor, "/mon_compte")
    screen.title("Mon compte")
    late(office, actor, 11)
    screen.click("Activer la vérification en deux étapes")
    screen.sees("confirmez que c'est bien vous")
    screen.type("Votre mot de passe", "faux")
    screen.button("Confirmer").last.click()
    screen.sees("Le mot de passe actuel est incorrect.")
    screen.type("Votre mot de passe", PASSWORD)
    screen.button("Confirmer").last.click()
    screen.sees("Votre identité est confirmée pour dix minutes.")
    screen.click("Activer la vérification en deux étapes")
    screen.sees("Clé à saisir si vous ne pouvez pas scanner le carré")


def test_an_administrateur_is_reminded_then_kept_on_mon_compte(office, member, screen):
    actor = member("Rappel", Role.ADMINISTRATEUR)
    screen.enter(office, actor, "/accueil")
    screen.sees("Votre rôle demande la vérification en deux étapes. Activez-la dans")
    week = "UPDATE asso.users SET created_at = created_at - interval '8 days' WHERE id = :u"
    office.ask(text(week), u=actor.user_id)
    for address in ("/accueil", "/personnes"):
        screen.open(address)
        screen.title("Mon compte")
        screen.sees("Votre rôle demande la vérification en deux étapes. Activez-la pour continuer.")
    expect(screen.page.get_by_role("link", name="Personnes")).to_have_count(0)


def test_an_administrateur_takes_a_lost_factor_away_and_the_session_ends(office, member, protected, screen):
    marie, (actor, _, _) = member("Aide", Role.ADMINISTRATEUR), protected("Perdu")
    screen.enter(office, actor, "/mon_compte").title("Mon compte")
    factor_reset.reset_for(office, marie, personne_id=actor.personne_id)
    screen.page.reload()
    screen.title("Connexion")
    screen.sign_in(actor.email)
    screen.sees("Activer la vérification en deux étapes")
