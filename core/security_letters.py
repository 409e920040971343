"""Letters that watch over accounts: recovery codes renewed, many sign-ins refused."""

from datetime import datetime

from core.french import moment
from core.letter import Kind, Letter
from core.letter_layout import Link, Words, typed
from core.letters import written
from core.office import Office


def recovery_codes_renewed(office: Office, *, to: str, prenom: str, device: str, at: datetime) -> Letter:
    """A notice: the recovery codes are other ones."""
    words = Words(
        f"Vos codes de secours ont été renouvelés le {moment(at)}, depuis {typed(device)}. "
        "Les anciens ne servent plus. Gardez les nouveaux en lieu sûr."
    )
    not_you = Words(
        "Si ce n'était pas vous, changez votre mot de passe sans attendre (page « Mot de passe oublié ») "
        "et prévenez un administrateur."
    )
    subject = "Vos codes de secours ont été renouvelés"
    return written(office, Kind.RECOVERY_CODES_RENEWED, to, prenom, subject, words, not_you)


def sign_in_alarm(office: Office, *, to: str, prenom: str, count: int, minutes: int, link: str) -> Letter:
    """To administrateurs: somebody tries many passwords; `link` opens the journal at the refused sign-ins."""
    return written(
        office,
        Kind.SIGN_IN_ALARM,
        to,
        prenom,
        "Alerte : beaucoup de connexions refusées",
        Words(
            f"En {minutes} minutes, {count} connexions ont été refusées. Quelqu'un essaie peut-être des mots de passe."
        ),
        Words("L'application ralentit déjà ces essais : personne n'est bloqué pour longtemps."),
        Link("Pour voir ces connexions :", "Ouvrir le journal", link),
        Words("Si elles continuent, prévenez la personne qui gère l'application."),
    )
