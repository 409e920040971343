"""What is said in French of mails: their kinds, their states, why one did not arrive."""

from typing import Final

from core.carriers import Reason
from core.letter import Kind
from core.mails import MailState

KINDS: Final = {
    Kind.INVITATION: "Invitation",
    Kind.INVITE_REMINDER: "Rappel d'une invitation",
    Kind.INVITE_ACCEPTED: "Accès activé (à qui a invité)",
    Kind.RESET: "Réinitialisation du mot de passe",
    Kind.RESET_GOOGLE_ONLY: "Réinitialisation demandée, accès par Google",
    Kind.PASSWORD_CHANGED: "Mot de passe changé",
    Kind.PASSWORD_CHANGE_ASKED: "Nouveau mot de passe demandé",
    Kind.FACTOR_ON: "Vérification en deux étapes activée",
    Kind.FACTOR_OFF: "Vérification en deux étapes désactivée",
    Kind.FACTOR_RESET: "Vérification en deux étapes retirée",
    Kind.RECOVERY_CODE_USED: "Code de secours utilisé",
    Kind.RECOVERY_CODES_RENEWED: "Codes de secours renouvelés",
    Kind.SIGN_IN_ALARM: "Alerte : connexions refusées",
    Kind.GOOGLE_LINKED: "Compte Google rattaché",
    Kind.GOOGLE_UNLINKED: "Compte Google détaché",
    Kind.EMAIL_CONFIRM: "Confirmation d'une adresse",
    Kind.EMAIL_CHANGED: "Adresse changée",
    Kind.NEW_DEVICE: "Nouvel appareil",
    Kind.ACCOUNT_DELETED: "Accès supprimé",
}

# The word, the colour of its badge, its icon: never the colour alone.
STATES: Final = {
    MailState.EN_ATTENTE: ("En attente", "blue", ":material/schedule_send:"),
    MailState.ACCEPTE: ("Accepté", "green", ":material/check:"),
    MailState.DISTRIBUE: ("Distribué", "green", ":material/done_all:"),
    MailState.ECHEC_PROVISOIRE: ("Échec provisoire", "orange", ":material/history:"),
    MailState.ECHEC: ("Échec", "red", ":material/error:"),
    MailState.PLAINTE: ("Plainte", "red", ":material/report:"),
    MailState.INCONNU: ("Inconnu", "orange", ":material/help:"),
}

REASONS: Final = {
    Reason.UNREACHABLE: "Le fournisseur ne répond pas.",
    Reason.CERTIFICATE: "Le certificat du fournisseur n'est pas valable : rien ne lui a été envoyé.",
    Reason.UNAUTHORIZED: "Le fournisseur refuse l'accès : vérifiez le jeton ou le mot de passe dans les réglages.",
    Reason.BUSY: "Le fournisseur demande d'attendre.",
    Reason.DISK: "Le disque est plein ou n'est pas accessible.",
    Reason.BROKEN: "La connexion s'est coupée pendant l'envoi : il est peut-être arrivé.",
    Reason.INTERRUPTED: "L'application s'est arrêtée pendant l'envoi : il est peut-être arrivé.",
    Reason.REFUSED: "Le fournisseur refuse ce courriel.",
    Reason.ADDRESS: "L'adresse n'est pas acceptée.",
    Reason.UNREADABLE: "La clé de l'application a changé : le courriel est illisible.",
    Reason.EXPIRED: "Il n'a pas pu partir à temps.",
    Reason.REPLACED: "Un courriel plus récent l'a remplacé.",
    Reason.WITHDRAWN: "Le code d'invitation dont il parlait ne sert plus.",
    Reason.SOFT_BOUNCED: "La boîte du destinataire ne l'accepte pas pour le moment.",
    Reason.HARD_BOUNCED: "L'adresse n'existe pas ou le refuse.",
    Reason.COMPLAINT: "Le destinataire l'a signalé comme indésirable.",
}
