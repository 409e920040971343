"""The letters around an invitation: a reminder before its end, and the news that it was used."""

from datetime import datetime

from core.french import moment
from core.letter import Kind, Letter
from core.letter_layout import Link, Words, typed
from core.letters import association, written
from core.office import Office


def reminder(office: Office, *, to: str, prenom: str, link: str, expires_at: datetime) -> Letter:
    """The code is about to end; it cannot be said again, for it is not kept."""
    name = association(office)
    return written(
        office,
        Kind.INVITE_REMINDER,
        to,
        prenom,
        f"Votre invitation se termine bientôt : {name}",
        Words(
            f"{name} vous a envoyé un code d'invitation, qui n'a pas encore servi. "
            f"Il n'est valable que jusqu'au {moment(expires_at)}."
        ),
        Words("Vous trouverez ce code dans notre premier message, dont l'objet commence par « Votre accès »."),
        Link("Pour activer votre accès, ouvrez cette page :", "Activer mon accès", link),
        Words("Vous ne retrouvez pas le code ? Demandez-en un nouveau à un administrateur de l'association."),
        Words("Si vous n'attendiez pas cette invitation, ignorez ce message."),
        life=expires_at - office.now(),
    )


def accepted(office: Office, *, to: str, prenom: str, whom: str, at: datetime) -> Letter:
    """To the administrateur who invited: `whom` has an access now."""
    return written(
        office,
        Kind.INVITE_ACCEPTED,
        to,
        prenom,
        "Une invitation a servi",
        Words(f"{typed(whom)} a activé son accès le {moment(at)}, avec le code que vous aviez créé."),
        Words("Si ce n'est pas normal, suspendez cet accès et prévenez les autres administrateurs."),
    )
