"""« Exporter mes données »: everything that is kept on somebody, for themselves, to read and for another program.

Right of access and portability (RGPD, articles 15 and 20). Secrets are left out, and other people's names.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from core import audit, downloads, own_page
from core.journal import Entry
from core.journal_details import in_words
from core.journal_sentences import sentence
from core.office import Office
from core.own_page import Data
from core.roles import Actor, Permission

KIND: Final = "mes_donnees"
_OTHER: Final = "une autre personne"

# Each section and the statement that reads it; what a column is called here, it is called in the file.
SECTIONS: Final[dict[str, str]] = {
    "Votre fiche": """
SELECT nom AS "Nom", prenom AS "Prénom", role AS "Rôle", email AS "Email", telephone_1 AS "Téléphone 1",
  telephone_2 AS "Téléphone 2", note AS "Note", created_at AS "Créée le", updated_at AS "Modifiée le",
  archived_at AS "Archivée le" FROM asso.personnes WHERE "ID_PERSONNE" = :personne_id""",
    "Votre accès": """
SELECT u.email AS "Email de connexion", u.created_at AS "Accès activé le", u.last_sign_in_at AS "Dernière connexion le",
  u.password_hash IS NOT NULL AS "Mot de passe", u.password_changed_at AS "Mot de passe changé le",
  u.google_sub AS "Identifiant Google", u.suspended_at AS "Suspendu le",
  u.password_change_required_at AS "Nouveau mot de passe demandé le",
  (SELECT f.confirmed_at FROM asso.second_factors f WHERE f.user_id = u.id) AS "Vérification en deux étapes depuis le",
  (SELECT count(*) FROM asso.recovery_codes c WHERE c.user_id = u.id AND c.used_at IS NULL) AS "Codes de secours"
FROM asso.users u WHERE u.id = :user_id""",
    "Anciens mots de passe (jamais en clair)": """
SELECT retired_at AS "Remplacé le" FROM asso.former_passwords WHERE user_id = :user_id ORDER BY retired_at""",
    "Demandes de nouveau mot de passe": """
SELECT created_at AS "Demandé le", used_at AS "Utilisé le", attempts AS "Essais"
FROM asso.password_resets WHERE user_id = :user_id ORDER BY created_at""",
    "Changement d'adresse en attente": """
SELECT email AS "Nouvelle adresse", created_at AS "Demandé le", expires_at AS "Valable jusqu'au"
FROM asso.email_changes WHERE user_id = :user_id""",
    "Invitations reçues": """
SELECT created_at AS "Créée le", expires_at AS "Valable jusqu'au", reminded_at AS "Rappelée le",
  redeemed_at AS "Utilisée le", revoked_at AS "Annulée le"
FROM asso.user_invites WHERE "ID_PERSONNE" = :personne_id ORDER BY created_at""",
    "Appareils connectés": """
SELECT created_at AS "Connexion le", last_seen_at AS "Dernière activité le", closed_at AS "Fermée le",
  ip AS "Adresse IP", user_agent AS "Navigateur", method AS "code du moyen", closed_reason AS "code de la fin"
FROM asso.user_sessions WHERE user_id = :user_id ORDER BY created_at""",
    "Modifications de votre fiche": """
SELECT at AS "Le", field AS "code du champ", before AS "Avant", after AS "Après"
FROM asso.personne_changes WHERE personne_id = :personne_id ORDER BY at""",
    "Courriels envoyés par l'application": """
SELECT created_at AS "Demandé le", accepted_at AS "Envoyé le", delivered_at AS "Distribué le", kind AS "code du genre"
FROM asso.mails WHERE personne_id = :personne_id ORDER BY created_at""",
    "Vues enregistrées": """
SELECT name AS "Nom", shared AS "Partagée", created_at AS "Créée le", query::text AS "code de la vue"
FROM asso.saved_views WHERE owner_id = :user_id ORDER BY created_at""",
    "Imports que vous avez faits": """
SELECT at AS "Le", file_name AS "Fichier", created AS "Créées", changed AS "Modifiées", undone_at AS "Annulé le"
FROM asso.imports WHERE actor_id = :user_id ORDER BY at""",
}
_EVENTS: Final = text("""
SELECT seq, at, deed, outcome, actor_id, personne_id, ip, details FROM asso.audit_log
WHERE actor_id = :user_id OR personne_id = :personne_id ORDER BY seq
""")


def _produce(office: Office, actor: Actor, _asked: downloads.Wanted) -> Iterator[bytes]:
    """A ZIP with a page to read and the same as JSON."""
    with office.begin() as db:
        data = gathered(db, actor)
        audit.record(db, audit.entry(office, actor, audit.Deed.OWN_DATA_EXPORTED, personne_id=actor.personne_id))
    yield packed(office, data)


def packed(office: Office, data: Data) -> bytes:
    """The ZIP of what was gathered."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as folder:
        folder.writestr("Mes données.html", own_page.page(office, data))
        folder.writestr("Mes données.json", json.dumps(data, ensure_ascii=False, indent=2, default=_as_json))
    return file.getvalue()


def gathered(db: Session, actor: Any) -> Data:
    """All that is kept on `actor`, who has user_id, personne_id, prenom and nom (an Actor, or a row)."""
    whose = {"user_id": actor.user_id, "personne_id": actor.personne_id}
    found = {title: [dict(row._mapping) for row in db.execute(text(sql), whose)] for title, sql in SECTIONS.items()}
    return found | {"Journal": [_event(actor, row) for row in db.execute(_EVENTS, whose)]}


def _event(actor: Any, row: Row[Any]) -> Mapping[str, Any]:
    """What happened, where the person stands under their name and everybody else as somebody else."""
    name = f"{actor.prenom} {actor.nom}"
    mine, about_me = row.actor_id is not None and row.actor_id == actor.user_id, row.personne_id == actor.personne_id
    entry = Entry(
        **row._mapping,
        actor=name if mine else _OTHER if row.actor_id else None,
        personne=name if about_me else _OTHER if row.personne_id else None,
        own=mine and about_me,
    )
    details = ", ".join(f"{label} {value}" for label, value in in_words(row.details).values()) if mine else ""
    return {"Le": row.at, "Événement": sentence(entry), "Adresse IP": row.ip if mine else "", "Détails": details}


def _as_json(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


downloads.register(KIND, "Mes données.zip", "application/zip", _produce, permission=Permission.ACCOUNT_OWN)
