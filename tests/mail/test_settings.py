"""The [mail] settings: the right default, and one sentence for each mistake."""

import base64

import pytest

from core import carrying, settings
from core.carrier_folder import FolderCarrier
from core.carrier_mailersend import MailerSendCarrier
from core.carrier_smtp import SmtpCarrier
from core.errors import SetupError

KEY = base64.b64encode(b"k" * 32).decode()
REMOTE = {"ASSO_DATABASE_URL": "postgresql://asso_app@db.exemple.org/postgres", "ASSO_KEY": KEY}
FROM = {"ASSO_MAIL_FROM": "asso@exemple.fr"}


def test_an_embedded_installation_has_a_mailbox_of_its_own(tmp_path):
    loaded = settings.load(tmp_path, {})
    assert isinstance(carrying.chosen(loaded), FolderCarrier)
    assert carrying.keeps_mails(loaded)


def test_a_remote_one_without_provider_keeps_its_mails(tmp_path):
    loaded = settings.load(tmp_path, REMOTE)
    assert carrying.chosen(loaded) is None
    assert not carrying.keeps_mails(loaded)


def test_the_file_names_the_provider(tmp_path):
    (tmp_path / ".streamlit").mkdir()
    lines = 'provider = "smtp"\nfrom = "asso@exemple.fr"\nsmtp_host = "smtp.exemple.fr"\nsmtp_port = 465\n'
    (tmp_path / ".streamlit" / "secrets.toml").write_text(f"[mail]\n{lines}")
    loaded = settings.load(tmp_path, {})
    assert isinstance(carrying.chosen(loaded), SmtpCarrier)
    assert (loaded.mail.smtp_port, loaded.mail.sender) == (465, "asso@exemple.fr")
    again = settings.load(tmp_path, {"ASSO_MAIL_PROVIDER": "mailersend", "ASSO_MAIL_TOKEN": "t"})
    assert isinstance(carrying.chosen(again), MailerSendCarrier)


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"ASSO_MAIL_PROVIDER": "pigeon"}, "doit être mailersend, smtp ou dossier"),
        (FROM, "doit être mailersend, smtp ou dossier"),
        ({"ASSO_MAIL_PROVIDER": "mailersend", **FROM}, "ajoutez .mail. token"),
        ({"ASSO_MAIL_PROVIDER": "mailersend", "ASSO_MAIL_TOKEN": "jeton-secret"}, "ajoutez .mail. from"),
        ({"ASSO_MAIL_PROVIDER": "smtp", **FROM}, "ajoutez .mail. smtp_host"),
        ({"ASSO_MAIL_PROVIDER": "dossier", "ASSO_MAIL_FROM": "asso"}, "doit être une adresse"),
        ({"ASSO_MAIL_PROVIDER": "dossier", "ASSO_MAIL_SMTP_PORT": "0"}, "smtp_port"),
        ({"ASSO_MAIL_PROVIDER": "dossier", "ASSO_MAIL_SMTP_USER": "asso"}, "vont ensemble"),
        ({"ASSO_MAIL_PROVIDER": "dossier", "ASSO_MAIL_BASE_URL": "http://api.exemple.fr"}, "https"),
        ({"ASSO_MAIL_PROVIDER": "dossier", **REMOTE}, "ne vaut qu'avec la base embarquée"),
    ],
)
def test_a_mistake_gets_one_sentence_without_a_secret(tmp_path, environ, sentence):
    with pytest.raises(SetupError, match=sentence) as refused:
        settings.load(tmp_path, environ)
    assert "jeton-secret" not in str(refused.value)
