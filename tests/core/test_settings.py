"""Settings: bad surroundings get one clear sentence, and a key is made once."""

import base64
import threading

import pytest

from core import settings
from core.errors import SetupError
from tests.machine import EVERYWHERE

KEY = base64.b64encode(b"k" * 32).decode()
REMOTE = "postgresql://asso_app:p%40ss@db.exemple.org:5432/postgres"


@pytest.fixture
def secrets(tmp_path):
    folder = tmp_path / ".streamlit"
    folder.mkdir()
    return folder / "secrets.toml"


def test_without_a_file_the_database_is_embedded_and_has_a_key_of_its_own(tmp_path):
    first, again = settings.load(tmp_path, {}), settings.load(tmp_path, {})
    assert first.database_url is None
    assert first.key == again.key
    assert len(first.key) == 32
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_twenty_first_starts_at_once_make_one_key(tmp_path):
    keys = []
    threads = [threading.Thread(target=lambda: keys.append(settings.load(tmp_path, {}).key)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
    assert len(keys) == 20


def test_a_file_gives_the_settings_and_the_environment_wins(tmp_path, secrets):
    secrets.write_text(f'[database]\nurl = "{REMOTE}"\n[asso]\nkey = "{KEY}"\nsigle = "ABC"\nhosts = ["a.fr"]\n')
    loaded = settings.load(tmp_path, {"ASSO_PUBLIC_URL": "https://acces.exemple.fr/", "ASSO_SIGLE": "XYZ"})
    assert loaded.database_url == REMOTE.replace("postgresql:", "postgresql+psycopg2:")
    assert (loaded.sigle, loaded.https, loaded.session_cookie) == ("XYZ", True, "__Host-session")
    assert set(loaded.allowed_hosts) == {"acces.exemple.fr", "localhost", "127.0.0.1", "a.fr"}


def test_over_plain_http_the_cookies_have_plain_names(tmp_path):
    loaded = settings.load(tmp_path, {"ASSO_PORT": "9000"})
    assert (loaded.public_url, loaded.session_cookie, loaded.browser_cookie) == (
        "http://localhost:9000",
        "session",
        "browser",
    )


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://localhost:9000"),
        ("::1", "http://localhost:9000"),
        ("localhost", "http://localhost:9000"),
        ("127.0.0.2", "http://127.0.0.2:9000"),
    ],
)
def test_on_this_machine_the_address_is_where_the_server_listens(tmp_path, host, url):
    assert settings.load(tmp_path, {"ASSO_PORT": "9000"}, host=host).public_url == url


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.168.1.20", "serveur.interne"])
def test_other_machines_are_served_once_it_is_said_how_they_call(tmp_path, host):
    with pytest.raises(SetupError, match=r"\[asso\] public_url"):
        settings.load(tmp_path, {}, host=host)
    assert settings.load(tmp_path, {"ASSO_PUBLIC_URL": "https://acces.exemple.fr"}, host=host).https
    with pytest.raises(SetupError, match=r"\[asso\] public_url"):
        settings.load(tmp_path, {"ASSO_HOSTS": "acces.interne"}, host=host)


def test_another_name_is_called_over_https_too(tmp_path):
    with pytest.raises(SetupError, match=r"doit être en https.+acces\.interne"):
        settings.load(tmp_path, {"ASSO_HOSTS": "127.0.0.1,acces.interne"})
    https = {"ASSO_HOSTS": "acces.interne", "ASSO_PUBLIC_URL": "https://acces.exemple.fr"}
    assert "acces.interne" in settings.load(tmp_path, https).allowed_hosts


@pytest.mark.parametrize(
    "url", ["http://localhost", "http://localhost:8501", "http://127.0.0.1", "http://127.9.9.9:81", "http://[::1]:8501"]
)
def test_plain_http_is_for_this_machine(tmp_path, url):
    assert settings.load(tmp_path, {"ASSO_PUBLIC_URL": url}, host=EVERYWHERE).public_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://acces.exemple.fr",
        "http://192.168.1.20:8501",
        "http://localhost.exemple.fr",
        "http://localhost@exemple.fr",
    ],
)
def test_plain_http_is_for_nobody_else(tmp_path, url):
    with pytest.raises(SetupError, match="doit être en https"):
        settings.load(tmp_path, {"ASSO_PUBLIC_URL": url})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[asso\n", "TOML"),
        ("[asso]\ncle = 'x'\n", "entrée inconnue"),
        ("mot_de_passe = 'x'\n", "entrée inconnue"),
        ("[asso]\nname = 3\n", "doit être un texte"),
        ("[asso]\nhosts = 'a.fr'\n", "doit être une liste"),
        ("[asso]\nhosts = [1]\n", "doit être une liste"),
        ("[asso]\nname = ''\n", "doit être un texte"),
        ("[asso]\nsigle = 'zdl'\n", "lettres majuscules"),
        ("[asso]\npublic_url = 'acces.exemple.fr'\n", "comme https"),
        ("[asso]\npublic_url = 'http://[::1'\n", "comme https"),
        ("[asso]\npublic_url = '/'\n", "comme https"),
        ("[asso]\nkey = 'é'\n", "base64"),
        ("[asso]\nkey = 'YQ=='\n", "trop courte"),
        (f"[database]\nurl = '{REMOTE}'\n", "demande une clé"),
        ("[database]\nurl = 'mysql://a/b'\n", "doit ressembler"),
        ("[database]\nurl = 'nimporte quoi'\n", "pas une adresse"),
        (b"\xff\xfe", "TOML"),
    ],
)
def test_a_bad_entry_gets_one_french_sentence_without_its_value(tmp_path, secrets, text, sentence):
    secrets.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SetupError, match=sentence) as refused:
        settings.load(tmp_path, {})
    assert "p%40ss" not in str(refused.value)


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "var").write_text("un fichier, pas un dossier")
    with pytest.raises(SetupError, match="accessible en écriture"):
        settings.load(tmp_path, {})


def test_a_secrets_file_that_cannot_be_read_is_named(tmp_path, secrets):
    secrets.mkdir()
    with pytest.raises(SetupError, match="pas lisible"):
        settings.load(tmp_path, {})
