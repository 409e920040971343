"""The [google] table: complete, or one clear sentence."""

import pytest

from core import settings
from core.errors import SetupError
from core.google_client import ISSUER, GoogleClient

BOTH = {"ASSO_GOOGLE_CLIENT_ID": "id", "ASSO_GOOGLE_CLIENT_SECRET": "hush"}


def test_without_a_table_there_is_no_google(tmp_path):
    assert settings.load(tmp_path, {}).google is None


def test_a_file_and_the_environment_make_the_client(tmp_path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('[google]\nclient_id = "id"\nclient_secret = "old"\n')
    loaded = settings.load(tmp_path, {"ASSO_GOOGLE_CLIENT_SECRET": "hush", "ASSO_GOOGLE_HD": "asso.org"})
    assert loaded.google == GoogleClient("id", "hush", "asso.org", ISSUER)
    assert "hush" not in repr(loaded)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"ASSO_GOOGLE_CLIENT_ID": "id"}, "tous les deux"),
        ({"ASSO_GOOGLE_HD": "asso.org"}, "tous les deux"),
        (BOTH | {"ASSO_GOOGLE_HD": "Asso"}, "nom de domaine"),
        (BOTH | {"ASSO_GOOGLE_ISSUER": "https://accounts.google.com.evil.example"}, "issuer doit être"),
        (BOTH | {"ASSO_GOOGLE_ISSUER": "http://evil.example"}, "issuer doit être"),
    ],
)
def test_a_bad_table_is_one_sentence_without_its_secret(tmp_path, environ, sentence):
    with pytest.raises(SetupError, match=sentence) as refused:
        settings.load(tmp_path, environ)
    assert "hush" not in str(refused.value)


def test_a_provider_of_this_machine_serves_for_trials(tmp_path):
    environ = BOTH | {"ASSO_GOOGLE_ISSUER": "http://localhost:8921"}
    assert settings.load(tmp_path, environ).google.issuer == "http://localhost:8921"
