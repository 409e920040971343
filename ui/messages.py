"""What is said in French: refusals, rules of passwords, deeds of the journal, roles, answers of the edge."""

from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any, Final

from core import errors
from core.audit import Deed
from core.errors import Refusal
from core.roles import Role
from core.wanted import Access
from ui.plain import number, plain

FIELDS: Final = {
    "nom": "Nom",
    "prenom": "Prénom",
    "telephone_1": "Téléphone 1",
    "telephone_2": "Téléphone 2",
    "code": "Code d'invitation",
    "email": "Email",
    "note": "Note",
    "view": "Nom de la vue",
    "role": "Rôle",
    "fusion": "Fusion avec une autre fiche",
    "password": "Mot de passe",
    "current_password": "Mot de passe actuel",
    "otp": "Code OTP",
    "totp": "Code à 6 chiffres",
    "factor_code": "Code",
}

ROLES: Final = {Role.ADMINISTRATEUR: "Administrateur", Role.EMPLOYE: "Employé", Role.BENEVOLE: "Bénévole"}
MAY: Final = {
    Role.ADMINISTRATEUR: "tout, y compris les rôles et les codes d'invitation",
    Role.EMPLOYE: "consulter, ajouter, modifier, archiver, importer et exporter des personnes",
    Role.BENEVOLE: "voir sa fiche et les noms de l'équipe",
}
ACCESS: Final = {
    Access.SANS_CODE: "Sans code",
    Access.CODE_ENVOYE: "Code envoyé",
    Access.EXPIRE: "Expiré",
    Access.ACTIVE: "Activé",
    Access.SUSPENDU: "Suspendu",
}

SENTENCES: Final[dict[type[Refusal], str | Callable[[Any], str]]] = {
    errors.NotSignedIn: "Connectez-vous pour continuer.",
    errors.SessionEnded: "Votre session a été terminée pour des raisons de sécurité. Reconnectez-vous.",
    errors.NotAllowed: "Votre rôle ne permet pas cette action. Adressez-vous à un administrateur.",
    errors.TooManyAttempts: lambda why: f"Trop de tentatives. Réessayez dans {wait(why.retry_after)}.",
    errors.WrongCredentials: "Identifiants invalides, veuillez réessayer.",
    errors.UnusableCode: ("Ce code n'est pas valable ou a expiré. Demandez-en un nouveau à un administrateur."),
    errors.MissingField: lambda why: f"Le champ « {FIELDS[why.field]} » est obligatoire.",
    errors.TextTooLong: lambda why: (
        f"Le champ « {FIELDS[why.field]} » est trop long : {number(why.length)} caractères, "
        f"alors qu'il en accepte {number(why.limit)}."
    ),
    errors.InvalidCharacters: lambda why: (
        f"Le champ « {FIELDS[why.field]} » contient des caractères invisibles. Effacez-le, puis saisissez-le."
    ),
    errors.InvalidPhone: lambda why: (
        f"Le champ « {FIELDS[why.field]} » n'est pas un numéro de téléphone. Exemple : 06 12 34 56 78."
    ),
    errors.InvalidEmail: "Cette adresse email n'est pas valable. Exemple : prenom.nom@\u2060asso.org.",  # no link
    errors.EmailTaken: "Un accès existe déjà avec cet email. Connectez-vous, ou choisissez un autre email.",
    errors.WeakPassword: lambda why: f"Mot de passe trop faible : {', '.join(map(lowered, why.unmet))}.",
    errors.PasswordsDiffer: "Les deux mots de passe sont différents. Saisissez-les à nouveau.",
    errors.WrongCurrentPassword: "Le mot de passe actuel est incorrect.",
    errors.SamePassword: "Le nouveau mot de passe est le même que l'actuel. Choisissez-en un autre.",
    errors.RoleAboveOwn: "Ce rôle a plus de droits que le vôtre : demandez à un administrateur.",
    errors.AlreadyActivated: "Cette personne a déjà activé son accès : elle n'a plus besoin de code.",
    errors.AlreadyDone: "C'est déjà fait : cette fiche a été créée. Vous la trouverez dans la liste.",
    errors.NotFound: "Cette fiche n'existe pas, ou votre rôle ne permet pas de la voir.",
    errors.WrongOtp: "Ce code n'est pas le bon. Vérifiez les six chiffres du courriel.",
    errors.ResetVoid: "Cette demande n'est plus valable. Recommencez, ou contactez un administrateur.",
    errors.LinkVoid: "Ce lien n'est plus valable : il a servi, expiré, été remplacé ou annulé. Demandez-en un nouveau.",
    errors.LastAdministrator: lambda why: (
        ("Vous êtes le" if why.own else "C'est le")
        + " dernier administrateur : donnez d'abord ce rôle à une autre personne, qui aura activé son accès."
    ),
    errors.WrongConfirmation: lambda why: f"Pour confirmer, saisissez « {plain(why.word)} ».",
    errors.PasswordChangeRequired: "Un administrateur vous demande de changer votre mot de passe, dans « Mon compte ».",
    errors.StepUpNeeded: "Confirmez d'abord votre identité.",
    errors.SecondFactorNeeded: "Saisissez le code que montre votre téléphone.",
    errors.SecondFactorRequired: "Activez d'abord la vérification en deux étapes, dans « Mon compte ».",
    errors.SignInOver: "La vérification a pris plus de cinq minutes. Reconnectez-vous.",
    errors.WrongFactorCode: "Ce code n'est pas le bon. Vérifiez-le, ou attendez le suivant.",
    errors.UsedFactorCode: "Ce code a déjà servi. Attendez le suivant : il change toutes les 30 secondes.",
    errors.ClockOff: (
        "Votre téléphone n'est pas à l'heure : ce code est celui d'un autre moment. "
        "Réglez la date et l'heure du téléphone sur « automatique », puis saisissez un nouveau code."
    ),
    errors.FactorAlreadyOn: "La vérification en deux étapes est déjà activée. Rechargez la page.",
    errors.FactorNotOn: "La vérification en deux étapes n'est pas activée.",
    errors.EnrolmentOver: "Ce carré n'est plus valable. Recommencez l'activation.",
    errors.OwnFactor: "Un autre administrateur doit le faire pour vous.",
    errors.GoogleNotConfigured: "La connexion avec Google n'est pas configurée.",
    errors.GoogleUnavailable: "Google ne répond pas. Réessayez dans quelques instants.",
    errors.GoogleInterrupted: "La connexion avec Google n'a pas abouti, ou a pris plus de dix minutes. Recommencez.",
    errors.GoogleElsewhere: lambda why: f"Pour utiliser Google, ouvrez l'application à l'adresse {why.address}.",
    errors.GoogleDeclined: "Vous n'avez pas donné votre accord sur la page de Google. Rien n'a été fait.",
    errors.GoogleEmailUnverified: "Google n'a pas vérifié l'adresse de ce compte. Vérifiez-la chez Google.",
    errors.GoogleOtherDomain: lambda why: f"Seuls les comptes Google de {why.domain} sont acceptés. Choisissez-en un.",
    errors.UnknownGoogleAccount: (
        "Ce compte Google n'est rattaché à aucun accès. Activez d'abord votre accès avec votre code d'invitation "
        "(« Activer mon accès »), ou connectez-vous autrement puis rattachez-le dans « Mon compte »."
    ),
    errors.GoogleTaken: "Ce compte Google est déjà rattaché à un autre accès. Choisissez-en un autre.",
    errors.GoogleAlreadyLinked: "Un compte Google est déjà rattaché à votre accès. Détachez-le d'abord.",
    errors.OtherGoogleAccount: "Ce n'est pas le compte Google rattaché à votre accès. Recommencez avec celui-ci.",
    errors.LastWayIn: "C'est votre seul moyen de connexion : il ne peut pas être retiré.",
    errors.AccessSuspended: "Votre accès est suspendu. Adressez-vous à un administrateur de l'association.",
    errors.CodeReplaced: "Ce code n'est plus valable : il a servi, expiré ou été remplacé. Créez-en un nouveau.",
    errors.NoLiveCode: "Cette personne n'a pas de code en cours : créez-en un nouveau.",
    errors.OtherCode: (
        "Cette personne a un autre code que celui-ci, et il n'a pas changé. Rechargez la page pour le voir."
    ),
    errors.CodeAtFullLife: lambda why: (
        f"Ce code dure déjà {why.days} jours, le plus long possible : créez-en un nouveau avant sa fin."
    ),
    errors.NoAddress: "Cette fiche n'a pas d'adresse email : ajoutez-la, ou transmettez le code vous-même.",
    errors.NotSentAgain: "Ce courriel ne se renvoie pas : la personne concernée peut en demander un autre.",
    errors.DownloadVoid: (
        "Ce fichier a déjà été téléchargé, ou attend depuis plus de cinq minutes. Préparez-le à nouveau."
    ),
    errors.BadSignature: "Cet avis de distribution n'est pas signé par le fournisseur.",
    errors.TooManyPeople: lambda why: (
        f"Vous avez sélectionné {number(why.asked)} personnes : {number(why.limit)} au plus à la fois."
    ),
    errors.TwoAccounts: (
        "Ces deux fiches ont chacune un accès activé. L'une des deux personnes doit d'abord supprimer son accès, "
        "dans « Mon compte » : elle seule peut choisir lequel garder."
    ),
    errors.SameFiche: "C'est la même fiche. Choisissez-en une autre.",
    errors.OwnFiche: "Vous ne pouvez pas le faire sur votre propre fiche. Demandez-le à un autre administrateur.",
    errors.OwnRole: "Vous ne pouvez pas changer votre propre rôle. Demandez-le à un autre administrateur.",
    errors.FicheChanged: "Cette fiche vient d'être modifiée par quelqu'un d'autre. Vérifiez-la, puis recommencez.",
    errors.FicheConflict: "Cette fiche a été modifiée pendant que vous la corrigiez. Rien n'a été enregistré.",
    errors.EmailOnAnotherFiche: lambda why: (
        "Une autre fiche a déjà cet email. Ouvrez-la, ou saisissez un autre email."
        if why.id
        else "Une fiche archivée a déjà cet email. Demandez à un administrateur, ou saisissez un autre email."
    ),
    errors.PerhapsDuplicate: "Cette personne est peut-être déjà dans la liste. Rien n'a encore été créé.",
    errors.NoAccount: "Cette personne n'a pas de compte.",
    errors.NoPassword: "Ce compte n'a pas de mot de passe : il passe par Google.",
    errors.FileTooBig: lambda why: (
        f"Ce fichier dépasse {why.limit} Mo. Enlevez les images, ou partagez-le en plusieurs fichiers."
    ),
    errors.NotASheet: (
        "Ce fichier n'est ni un CSV ni un classeur Excel (.xlsx). Enregistrez votre liste dans l'un de ces formats."
    ),
    errors.LockedSheet: (
        "Ce classeur est protégé par un mot de passe, ou dans l'ancien format .xls. "
        "Ouvrez-le, puis enregistrez-le en .xlsx sans mot de passe."
    ),
    errors.BrokenSheet: (
        "Ce fichier est abîmé et ne peut pas être lu. Ouvrez-le dans votre tableur, puis enregistrez-le à nouveau."
    ),
    errors.InflatedSheet: "Ce classeur contient beaucoup trop de données pour une liste de personnes. Rien n'a été lu.",
    errors.NulBytes: (
        "Ce fichier contient des octets nuls : ce n'est pas du texte. "
        "Enregistrez à nouveau votre liste en CSV ou en .xlsx."
    ),
    errors.EmptySheet: "Ce fichier est vide. Choisissez-en un autre.",
    errors.TooManyRows: lambda why: (
        f"Ce fichier a plus de {number(why.limit)} lignes. Partagez-le en plusieurs fichiers."
    ),
    errors.SameFieldTwice: lambda why: (
        f"Deux colonnes sont choisies pour « {FIELDS[why.field]} ». Gardez-en une seule."
    ),
    errors.NothingToImport: "Il n'y a rien à créer ni à modifier dans ce fichier.",
    errors.PlanOutdated: "Des fiches ont changé depuis l'aperçu. Rien n'a été importé : voici l'aperçu à jour.",
    errors.ImportRunning: "Un autre import est en cours. Rien n'a été importé : réessayez dans une minute.",
    errors.ImportUndone: "Cet import a déjà été annulé.",
    errors.ChangedSinceImport: lambda why: f"Cet import ne peut plus être annulé : {_changed_since(why)}",
    errors.FormulaInField: lambda why: (
        f"Le champ « {FIELDS[why.field]} » contient une formule. Remplacez-la par sa valeur."
    ),
    errors.UnknownRole: "Ce rôle n'existe pas. Rôles possibles : bénévole, employé.",
    errors.RoleNotByFile: "Le rôle administrateur ne se donne pas par un fichier. Changez-le ensuite sur la fiche.",
    errors.FicheOfAdministrateur: "C'est la fiche d'un administrateur : un import ne la modifie pas.",
    errors.ArchivedFiche: "Cette fiche est archivée. Restaurez-la d'abord.",
    errors.HiddenFiche: "Une fiche archivée est peut-être celle de cette personne. Demandez à un administrateur.",
    errors.RepeatedRow: lambda why: f"Cette personne est déjà à la ligne {number(why.line)} du fichier.",
    errors.RepeatedEmail: lambda why: (
        f"Cet email est déjà à la ligne {number(why.line)} du fichier, pour une autre personne."
    ),
    errors.EmailOfAnother: "Cet email est celui d'une fiche à un autre prénom. Vérifiez de qui il s'agit.",
    errors.SameName: "Une fiche porte déjà ce nom, sans téléphone ni email en commun.",
    errors.SwappedName: "Une fiche porte déjà ce nom et ce prénom, dans l'autre ordre.",
    errors.SamePhone: "Une fiche à un autre nom a déjà ce téléphone.",
    errors.SameNameAsRow: lambda why: (
        f"Ce nom est déjà à la ligne {number(why.line)}, sans téléphone ni email en commun."
    ),
    errors.SwappedNameAsRow: lambda why: (
        f"Ce nom et ce prénom sont déjà à la ligne {number(why.line)}, dans l'autre ordre."
    ),
    errors.SamePhoneAsRow: lambda why: f"Ce téléphone est déjà à la ligne {number(why.line)}, sous un autre nom.",
    errors.Unavailable: (
        "La base de données ne répond pas. Ce que vous avez saisi est conservé : réessayez dans quelques instants."
    ),
}


def in_french(refusal: Refusal) -> str:
    """The sentence for a refusal, with its facts; what people typed in it stays text in Markdown."""
    said = SENTENCES[type(refusal)]
    return said if isinstance(said, str) else said(refusal)


def _changed_since(why: errors.ChangedSinceImport) -> str:
    if why.gone == why.count:
        one, several = "une fiche a été effacée ou fusionnée", "fiches ont été effacées ou fusionnées"
    else:
        one, several = "une fiche a changé", "fiches ont changé"
    return f"{one} depuis." if why.count == 1 else f"{number(why.count)} {several} depuis."


def wait(duration: timedelta) -> str:
    """How long to wait, rounded up: 12 min, or hours when there are many minutes."""
    minutes = max(1, ceil(duration.total_seconds() / 60))
    return f"{minutes} min" if minutes < 120 else f"{ceil(minutes / 60)} h"


_RULES: Final = {
    "four_kinds_or_phrase": "Majuscule, minuscule, chiffre et autre signe, ou une phrase de 20 caractères",
    "no_sequence": "Ni suite (1234, azer) ni répétition (aaa)",
    "not_own_words": "Ni votre nom, ni votre adresse, ni votre téléphone, ni le nom de l'association",
    "hard_to_guess": "Difficile à deviner",
    "not_common": "Pas un mot de passe courant",
    "not_breached": "Pas un mot de passe connu des pirates",
    "not_former": "Pas l'un de vos cinq derniers mots de passe",
}


def rule(name: str) -> str:
    """A rule of passwords.checklist in words; a length stands in its name."""
    kind, _, value = name.partition("_")
    lengths = {"min": f"Au moins {value} caractères", "max": f"Au plus {value} caractères"}
    return lengths.get(kind) or _RULES[name]


def lowered(name: str) -> str:
    """A rule of passwords.checklist inside a sentence."""
    said = rule(name)
    return said[0].lower() + said[1:]


_DEEDS: Final = {
    Deed.SESSION_OPENED: "Ouverture d'une session",
    Deed.SESSION_CLOSED: "Déconnexion",
    Deed.SESSIONS_CLOSED: "Déconnexion des autres appareils",
    Deed.SIGN_IN: "Connexion par email et mot de passe",
    Deed.PASSWORD_CHANGED: "Changement du mot de passe",
    Deed.ACCOUNT_ACTIVATED: "Activation de l'accès",
    Deed.INVITE_ISSUED: "Création d'un code d'invitation",
    Deed.INVITE_REVOKED: "Annulation d'un code d'invitation",
    Deed.INVITE_REDEEMED: "Utilisation d'un code d'invitation",
    Deed.INVITE_MAILED: "Envoi d'un code d'invitation par courriel",
    Deed.INVITE_EXTENDED: "Prolongation d'un code d'invitation",
    Deed.INVITE_REMINDED: "Rappel d'un code d'invitation par courriel",
    Deed.CODES_PRINTED: "Impression de codes d'invitation",
    Deed.GOOGLE_SIGN_IN: "Connexion avec Google",
    Deed.GOOGLE_LINKED: "Rattachement d'un compte Google",
    Deed.GOOGLE_UNLINKED: "Détachement du compte Google",
    Deed.RESET_ASKED: "Demande d'un nouveau mot de passe",
    Deed.RESET_DONE: "Réinitialisation du mot de passe",
    Deed.EMAIL_CHANGE_ASKED: "Demande d'une nouvelle adresse email",
    Deed.EMAIL_CHANGED: "Changement de l'adresse email",
    Deed.ACCOUNT_DELETED: "Suppression du compte",
    Deed.SESSION_DISOWNED: "Déconnexion de tous les appareils : « Ce n'était pas moi »",
    Deed.STEPPED_UP: "Confirmation de votre identité",
    Deed.FACTOR_ON: "Activation de la vérification en deux étapes",
    Deed.FACTOR_OFF: "Désactivation de la vérification en deux étapes",
    Deed.FACTOR_CHECKED: "Code de la vérification en deux étapes",
    Deed.FACTOR_RESET: "Retrait d'une vérification en deux étapes",
    Deed.RECOVERY_CODE_USED: "Utilisation d'un code de secours",
    Deed.RECOVERY_CODES_RENEWED: "Création de nouveaux codes de secours",
    Deed.PERSONNE_CREATED: "Ajout d'une personne",
    Deed.PERSONNE_READ: "Consultation d'une fiche",
    Deed.PERSONNE_CHANGED: "Modification d'une fiche",
    Deed.PERSONNE_EXPORTED: "Export des données d'une personne",
    Deed.TOLD_APART: "Deux fiches déclarées différentes",
    Deed.PERSONNE_ARCHIVED: "Archivage d'une fiche",
    Deed.PERSONNE_RESTORED: "Restauration d'une fiche",
    Deed.PERSONNE_ERASED: "Effacement définitif d'une fiche",
    Deed.PERSONNE_MERGED: "Fusion de deux fiches",
    Deed.ROLE_CHANGED: "Changement de rôle",
    Deed.PASSWORD_CHANGE_ASKED: "Demande de changer le mot de passe",
    Deed.ACCOUNT_SUSPENDED: "Suspension d'un accès",
    Deed.ACCOUNT_UNSUSPENDED: "Rétablissement d'un accès",
    Deed.SIGN_IN_ALARM: "Alerte : beaucoup de connexions refusées",
    Deed.JOURNAL_READ: "Consultation du journal",
    Deed.JOURNAL_EXPORTED: "Export du journal",
    Deed.JOURNAL_CHECKED: "Vérification de l'intégrité du journal",
    Deed.RIGHTS_READ: "Consultation de la revue des droits",
    Deed.PERSONNES_EXPORTED: "Export de personnes",
    Deed.OWN_DATA_EXPORTED: "Export de vos données",
    Deed.PERSONNES_IMPORTED: "Import d'un fichier de personnes",
    Deed.IMPORT_UNDONE: "Annulation d'un import",
    Deed.VIEW_SAVED: "Enregistrement d'une vue de la liste",
    Deed.VIEW_REMOVED: "Suppression d'une vue de la liste",
    Deed.DEMO_FILLED: "Remplissage pour une démonstration",
    Deed.NOT_ALLOWED: "Action que votre rôle ne permet pas",
    Deed.ROLE_GRANT_REFUSED: "Changement d'un rôle",
}


def deed(name: str, outcome: str) -> str:
    """An event of the journal in words; `name` and `outcome` as core.audit keeps them."""
    return _DEEDS[Deed(name)] + (" – tentative refusée" if outcome == "refused" else "")


# Said once at the top of a page that was just loaded again; the key stands in its address (?fait=).
DONE: Final = {
    "activation": "Votre accès est activé.",
    "mot_de_passe": "Votre mot de passe est changé. Vos autres appareils sont déconnectés.",
    "google": "Votre compte Google est rattaché. Vos autres appareils sont déconnectés.",
    "identite": "Votre identité est confirmée pour dix minutes. Vous pouvez continuer.",
    "deconnexion": "Vous êtes déconnecté.",
}

_EDGE: Final = {
    400: "L'ouverture de la session a pris trop de temps. Recommencez.",
    429: "Trop de tentatives. Réessayez dans 1 min.",
    503: "La base de données ne répond pas. Réessayez dans quelques instants.",
}


def edge(status: int) -> str:
    """Why the edge did not set or clear the session cookie; 0 when it could not be reached."""
    return _EDGE.get(status, "La session n'a pas pu être enregistrée dans ce navigateur. Rechargez la page.")
