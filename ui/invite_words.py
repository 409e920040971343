"""What is said in French of invitations: their states, their dates, their mails."""

from typing import Final

from core.codes import CodeState, InviteState
from ui.mail_words import STATES as MAILS
from ui.plain import moment

# The word, the colour of its badge, its icon: never the colour alone.
STATES: Final = {
    InviteState.EN_ATTENTE: ("En attente", "blue", ":material/hourglass_top:"),
    InviteState.BIENTOT: ("Expire bientôt", "orange", ":material/timer:"),
    InviteState.EXPIRE: ("Expiré", "red", ":material/timer_off:"),
    InviteState.ACTIVE: ("Activé", "green", ":material/check_circle:"),
    InviteState.REVOQUE: ("Annulé", "grey", ":material/key_off:"),
    InviteState.REMPLACE: ("Remplacé", "grey", ":material/autorenew:"),
}


def word(code: CodeState) -> str:
    """The state in a cell."""
    return STATES[code.state][0]


def end(code: CodeState) -> str:
    """What its end is or was: « jusqu'au … », « activé le … », « annulé le … »."""
    if code.redeemed_at:
        return f"activé le {moment(code.redeemed_at)}"
    if code.revoked_at:
        return f"annulé le {moment(code.revoked_at)}"
    until = "jusqu'au" if code.live else "expiré le"
    return f"{until} {moment(code.expires_at)}"


def mail(code: CodeState) -> str:
    """What became of its mail; nothing when it was handed over otherwise."""
    return MAILS[code.mail][0] if code.mail else "Non envoyé"


def issued(code: CodeState) -> str:
    """When it was made, and by whom."""
    by = f" par {code.issued_by}" if code.issued_by else ""
    return f"Code créé le {moment(code.created_at)}{by}"
