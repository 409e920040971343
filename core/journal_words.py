"""The deeds of the journal in French: the kind of each one, its sentence when it was done and when it was refused."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.audit import Deed


class Group(StrEnum):
    """A kind of deeds, as the address of the journal names it."""

    CONNEXIONS = "connexions"
    MOTS_DE_PASSE = "mots-de-passe"
    DEUX_ETAPES = "deux-etapes"
    COMPTES = "comptes"
    PERSONNES = "personnes"
    CONSULTATIONS = "consultations"
    INVITATIONS = "invitations"
    COURRIELS = "courriels"
    EXPORTS = "exports"
    IMPORTS = "imports"
    DROITS = "droits"
    APPLICATION = "application"


GROUPS: Final = {
    Group.CONNEXIONS: "Connexions et appareils",
    Group.MOTS_DE_PASSE: "Mots de passe",
    Group.DEUX_ETAPES: "Vérification en deux étapes",
    Group.COMPTES: "Accès et adresses",
    Group.PERSONNES: "Personnes : ajouts et changements",
    Group.CONSULTATIONS: "Consultations",
    Group.INVITATIONS: "Invitations",
    Group.COURRIELS: "Courriels",
    Group.EXPORTS: "Exports et téléchargements",
    Group.IMPORTS: "Imports",
    Group.DROITS: "Rôles et droits",
    Group.APPLICATION: "Application",
}


@dataclass(frozen=True)
class Words:
    """What is said of a deed: its kind, the sentence when it was done, the sentence when it was refused."""

    group: Group
    done: str
    refused: str = "Refusé à {who} : « {done} »"


# {who} did it; {of_who}, {for_who} say the same after a noun; {whom}, {of_whom}, {fiche} say whom it is about;
# {people}, {codes}, {lines}, {exported} are counts with their noun; the other names are those of the details.
DEEDS: Final[dict[Deed, Words]] = {
    Deed.SIGN_IN: Words(Group.CONNEXIONS, "Connexion {of_who} par email et mot de passe", "Connexion refusée{for_who}"),
    Deed.GOOGLE_SIGN_IN: Words(
        Group.CONNEXIONS, "Connexion {of_who} avec Google", "Connexion avec Google refusée{for_who}"
    ),
    Deed.SIGN_IN_ALARM: Words(Group.CONNEXIONS, "Alerte : {count} connexions refusées en {minutes} minutes"),
    Deed.SESSION_OPENED: Words(Group.CONNEXIONS, "{who} a ouvert une session"),
    Deed.SESSION_CLOSED: Words(Group.CONNEXIONS, "{who} a fermé sa session"),
    Deed.SESSIONS_CLOSED: Words(Group.CONNEXIONS, "{who} a déconnecté d'autres appareils"),
    Deed.SESSION_DISOWNED: Words(
        Group.CONNEXIONS, "{who} a répondu « Ce n'était pas moi » : toutes ses sessions sont fermées"
    ),
    Deed.STEPPED_UP: Words(
        Group.CONNEXIONS, "{who} a confirmé son identité", "Confirmation d'identité refusée{for_who}"
    ),
    Deed.PASSWORD_CHANGED: Words(
        Group.MOTS_DE_PASSE, "{who} a changé son mot de passe", "Changement de mot de passe refusé{for_who}"
    ),
    Deed.PASSWORD_CHANGE_ASKED: Words(Group.MOTS_DE_PASSE, "{who} a demandé à {whom} de changer son mot de passe"),
    Deed.RESET_ASKED: Words(Group.MOTS_DE_PASSE, "Nouveau mot de passe demandé{for_who}"),
    Deed.RESET_DONE: Words(
        Group.MOTS_DE_PASSE,
        "{who} a choisi un nouveau mot de passe après un oubli",
        "Nouveau mot de passe refusé après un oubli{for_who}",
    ),
    Deed.FACTOR_ON: Words(Group.DEUX_ETAPES, "{who} a activé la vérification en deux étapes"),
    Deed.FACTOR_OFF: Words(Group.DEUX_ETAPES, "{who} a désactivé la vérification en deux étapes"),
    Deed.FACTOR_CHECKED: Words(
        Group.DEUX_ETAPES, "{who} a saisi un code de vérification", "Code de vérification refusé{for_who}"
    ),
    Deed.FACTOR_RESET: Words(Group.DEUX_ETAPES, "{who} a retiré la vérification en deux étapes {of_whom}"),
    Deed.RECOVERY_CODE_USED: Words(Group.DEUX_ETAPES, "{who} a utilisé un code de secours"),
    Deed.RECOVERY_CODES_RENEWED: Words(Group.DEUX_ETAPES, "{who} a renouvelé ses codes de secours"),
    Deed.ACCOUNT_ACTIVATED: Words(Group.COMPTES, "{who} a activé son accès"),
    Deed.ACCOUNT_DELETED: Words(Group.COMPTES, "L'accès {of_whom} a été supprimé, à sa demande"),
    Deed.ACCOUNT_SUSPENDED: Words(Group.COMPTES, "{who} a suspendu l'accès {of_whom}"),
    Deed.ACCOUNT_UNSUSPENDED: Words(Group.COMPTES, "{who} a rétabli l'accès {of_whom}"),
    Deed.EMAIL_CHANGE_ASKED: Words(Group.COMPTES, "{who} a demandé à changer d'adresse email"),
    Deed.EMAIL_CHANGED: Words(Group.COMPTES, "{who} a changé d'adresse email"),
    Deed.GOOGLE_LINKED: Words(
        Group.COMPTES, "{who} a rattaché un compte Google", "Rattachement d'un compte Google refusé{for_who}"
    ),
    Deed.GOOGLE_UNLINKED: Words(Group.COMPTES, "{who} a détaché son compte Google"),
    Deed.PERSONNE_CREATED: Words(Group.PERSONNES, "{who} a créé {fiche}"),
    Deed.VIEW_SAVED: Words(Group.PERSONNES, "{who} a enregistré une vue de la liste"),
    Deed.VIEW_REMOVED: Words(Group.PERSONNES, "{who} a supprimé une vue de la liste"),
    Deed.PERSONNE_CHANGED: Words(
        Group.PERSONNES, "{who} a modifié {fiche}", "Refusé à {who} : changer l'email de {fiche}"
    ),
    Deed.PERSONNE_ARCHIVED: Words(Group.PERSONNES, "{who} a archivé {fiche}", "Refusé à {who} : archiver {fiche}"),
    Deed.PERSONNE_RESTORED: Words(Group.PERSONNES, "{who} a restauré {fiche}", "Refusé à {who} : restaurer {fiche}"),
    Deed.PERSONNE_MERGED: Words(Group.PERSONNES, "{who} a fusionné une autre fiche avec {fiche}"),
    Deed.PERSONNE_EXPORTED: Words(Group.PERSONNES, "{who} a exporté toutes les données de {fiche}"),
    Deed.TOLD_APART: Words(Group.PERSONNES, "{who} a indiqué que {fiche} n'est pas un doublon"),
    Deed.PERSONNE_ERASED: Words(Group.PERSONNES, "{who} a effacé {fiche} pour toujours"),
    Deed.PERSONNE_READ: Words(Group.CONSULTATIONS, "{who} a consulté {fiche}", "Refusé à {who} : consulter {fiche}"),
    Deed.JOURNAL_READ: Words(Group.CONSULTATIONS, "{who} a consulté le journal{about}"),
    Deed.JOURNAL_CHECKED: Words(Group.CONSULTATIONS, "{who} a vérifié l'intégrité du journal"),
    Deed.RIGHTS_READ: Words(Group.CONSULTATIONS, "{who} a consulté la revue des droits"),
    Deed.PERSONNES_EXPORTED: Words(Group.EXPORTS, "{who} a exporté {exported}"),
    Deed.OWN_DATA_EXPORTED: Words(Group.EXPORTS, "{who} a téléchargé ses propres données"),
    Deed.CODES_PRINTED: Words(Group.EXPORTS, "{who} a téléchargé {codes} d'invitation"),
    Deed.JOURNAL_EXPORTED: Words(Group.EXPORTS, "{who} a exporté le journal : {lines}"),
    Deed.PERSONNES_IMPORTED: Words(Group.IMPORTS, "{who} a importé un fichier de personnes"),
    Deed.IMPORT_UNDONE: Words(Group.IMPORTS, "{who} a annulé un import de personnes"),
    Deed.INVITE_ISSUED: Words(Group.INVITATIONS, "{who} a créé un code d'invitation pour {whom}"),
    Deed.INVITE_REVOKED: Words(Group.INVITATIONS, "{who} a annulé le code d'invitation {of_whom}"),
    Deed.INVITE_EXTENDED: Words(Group.INVITATIONS, "{who} a prolongé le code d'invitation {of_whom}"),
    Deed.INVITE_REDEEMED: Words(
        Group.INVITATIONS, "{who} a utilisé son code d'invitation", "Code d'invitation refusé{for_who}"
    ),
    Deed.INVITE_MAILED: Words(Group.COURRIELS, "{who} a envoyé par courriel un code d'invitation à {whom}"),
    Deed.INVITE_REMINDED: Words(Group.COURRIELS, "{who} a rappelé à {whom} son code d'invitation, par courriel"),
    Deed.ROLE_CHANGED: Words(Group.DROITS, "{who} a changé le rôle {of_whom} : {to}, auparavant {from}"),
    Deed.ROLE_GRANT_REFUSED: Words(Group.DROITS, "{who} a donné le rôle {role}", "Refusé à {who} : {grant}"),
    Deed.NOT_ALLOWED: Words(Group.DROITS, "{who} a agi hors de ses droits", "Refusé à {who} : {permission}"),
    Deed.DEMO_FILLED: Words(Group.APPLICATION, "{who} a ajouté {people} de démonstration"),
}
