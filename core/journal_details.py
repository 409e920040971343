"""The details of an entry of the journal in French: those that are known here and no others: none is a secret."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from core.figures import ARCHIVE_MONTHS
from core.roles import Permission

PERMISSIONS: Final = {
    Permission.TEAM_READ: "voir les noms et les rôles de l'équipe",
    Permission.ACCOUNT_OWN: "gérer son propre compte",
    Permission.PERSONNES_READ: "consulter les fiches",
    Permission.PERSONNES_WRITE: "ajouter et modifier des personnes",
    Permission.ARCHIVES_READ: "consulter et restaurer les fiches archivées",
    Permission.PERSONNES_ERASE: "effacer une fiche pour toujours",
    Permission.INVITES_MANAGE: "gérer les codes d'invitation",
    Permission.ROLES_GRANT: "changer les rôles",
    Permission.FACTORS_RESET: "retirer la vérification en deux étapes d'une autre personne",
    Permission.PERSONNES_EXPORT: "exporter des personnes",
    Permission.ACCOUNTS_MANAGE: "suspendre et rétablir des accès",
    Permission.AUDIT_READ: "consulter le journal, les courriels et les droits",
}
HOW: Final = {
    "password": "le mot de passe",
    "google": "Google",
    "totp": "un code du téléphone",
    "recovery_code": "un code de secours",
}
FORMATS: Final = {
    "csv": "tableur (CSV)",
    "xlsx": "Excel",
    "vcard": "carnet d'adresses",
    "emargement": "feuille d'émargement",
}
FIELDS: Final = {
    "nom": "nom",
    "prenom": "prénom",
    "telephone_1": "téléphone 1",
    "telephone_2": "téléphone 2",
    "email": "email",
    "note": "note",
    "role": "rôle",
}
ARCHIVES: Final = {"oui": "oui", "anciennes": f"depuis plus de {ARCHIVE_MONTHS} mois"}
REASONS: Final = {
    "wrong_password": "mot de passe incorrect",
    "taken": "ce compte Google est rattaché à un autre accès",
    "WrongFactorCode": "code incorrect",
    "UsedFactorCode": "code déjà utilisé",
    "ClockOff": "téléphone qui n'est pas à l'heure",
    "OwnRole": "son propre rôle",
    "OwnFiche": "sa propre fiche",
    "RoleAboveOwn": "un rôle qui a plus de droits que le sien",
    "LastAdministrator": "le dernier administrateur",
}


def _as_typed(value: Any) -> str:
    return str(value)[:200]


def _number(value: Any) -> str:
    return f"{value:,}".replace(",", "\u202f") if isinstance(value, int) else _as_typed(value)


def _days(value: Any) -> str:
    return "1 jour" if value == 1 else f"{_number(value)} jours"


def _yes(value: Any) -> str:
    return "oui" if value else "non"


def _one_of(words: Mapping[Any, str]) -> Callable[[Any], str]:
    return lambda value: words.get(value, "autre")


def _fields(value: Any) -> str:
    return ", ".join(FIELDS.get(field, "autre") for field in value) if isinstance(value, list) else ""


def _day(value: Any) -> str:
    return "/".join(reversed(str(value).split("-")))[:20]


# What an entry may hold besides who, whom, when and where: the name of the detail, its label, its words.
KNOWN: Final[dict[str, tuple[str, Callable[[Any], str]]]] = {
    "role": ("Rôle", _as_typed),
    "from": ("Auparavant", _as_typed),
    "to": ("Désormais", _as_typed),
    "permission": ("Droit qui manquait", _one_of(PERMISSIONS)),
    "reason": ("Motif", _one_of(REASONS)),
    "how": ("Par", _one_of(HOW)),
    "fields": ("Champs modifiés", _fields),
    "account": ("Avec un accès", _yes),
    "created": ("Créées", _number),
    "changed": ("Modifiées", _number),
    "rejected": ("Rejetées", _number),
    "rejected_rows": ("Lignes rejetées d'un import", _yes),
    "erased": ("Fiches effacées", _number),
    "restored": ("Fiches rétablies", _number),
    "shared": ("Partagée avec tout le monde", _yes),
    "days": ("Durée du code", _days),
    "left": ("Codes de secours restants", _number),
    "codes": ("Codes créés", _number),
    "why": ("Motif", _one_of(REASONS)),
    "count": ("Nombre", _number),
    "minutes": ("Minutes", _number),
    "first": ("Premier administrateur", _yes),
    "type": ("Type", _as_typed),
    "du": ("Du", _day),
    "au": ("Au", _day),
    "refus": ("Actions refusées seulement", _as_typed),
    "recherche": ("Avec une recherche", _yes),
    "selection": ("Fiches choisies une à une", _yes),
    "acces": ("Accès", _as_typed),
    "archivees": ("Fiches archivées", _one_of(ARCHIVES)),
    "format": ("Format", _one_of(FORMATS)),
    "rows": ("Lignes vérifiées", _number),
    "first_altered": ("Première ligne modifiée", _number),
}
# For those who keep the application: names of our own functions and keys of rows, which say nothing to readers.
UNSAID: Final = frozenset({"what", "id", "other", "from_key", "to_key", "keys"})


def in_words(details: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The label and the words of each detail that is known, under its name."""
    said = {name: (label, as_words(details[name])) for name, (label, as_words) in KNOWN.items() if name in details}
    return {name: (label, value) for name, (label, value) in said.items() if details[name] is not None}
