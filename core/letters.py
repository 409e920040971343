"""Every letter that the association sends, in French, as text and HTML: one function each (R8, R11)."""

from datetime import datetime, timedelta
from typing import Final

from core.figures import EMAIL_CHANGE_LIFE, NOTICE_LIFE, RESET_LIFE
from core.french import moment
from core.letter import Kind, Letter
from core.letter_layout import Code, Link, Part, Words, as_html, as_text, inert, masked, typed
from core.office import Office

_NOT_YOU: Final = Words(
    "Si ce n'était pas vous, changez votre mot de passe sans attendre (page « Mot de passe oublié ») "
    "et prévenez un administrateur."
)


def invitation(office: Office, *, to: str, prenom: str, code: str, link: str, expires_at: datetime) -> Letter:
    """A code to activate one's access; it is worth nothing after `expires_at`."""
    name = association(office)
    return written(
        office,
        Kind.INVITATION,
        to,
        prenom,
        f"Votre accès à {name}",
        Words(f"{name} vous ouvre un accès à son outil interne."),
        Link("Pour l'activer, ouvrez cette page :", "Activer mon accès", link),
        Code("Code d'invitation :", code),
        Words(f"Ce code ne sert qu'une fois, jusqu'au {moment(expires_at)}. Ne le transmettez à personne."),
        Words("Si vous n'attendiez pas cette invitation, ignorez ce message."),
        life=expires_at - office.now(),
    )


def reset(office: Office, *, to: str, prenom: str, link: str, otp: str) -> Letter:
    """The link and the code that together change a forgotten password."""
    minutes = int(RESET_LIFE.total_seconds() // 60)
    return written(
        office,
        Kind.RESET,
        to,
        prenom,
        "Réinitialiser votre mot de passe",
        Words("Vous avez demandé à réinitialiser votre mot de passe."),
        Link("Lien magique (ouvre la page) :", "Ouvrir la page", link),
        Code("Code OTP (obligatoire) :", otp),
        Words(
            f"Ce lien et ce code expirent dans {minutes} minutes. "
            "Si vous n'êtes pas à l'origine de cette demande, ignorez ce message."
        ),
        life=RESET_LIFE,
    )


def reset_google_only(office: Office, *, to: str, prenom: str) -> Letter:
    """For somebody who forgot the password of an account that has none."""
    return written(
        office,
        Kind.RESET_GOOGLE_ONLY,
        to,
        prenom,
        "Votre accès passe par Google",
        Words("Vous avez demandé à réinitialiser votre mot de passe."),
        Words(
            "Votre accès n'a pas de mot de passe : il passe par Google. Sur la page Connexion, choisissez « Google »."
        ),
        Words("Si vous n'êtes pas à l'origine de cette demande, ignorez ce message."),
        life=RESET_LIFE,
    )


def password_changed(office: Office, *, to: str, prenom: str, device: str, at: datetime) -> Letter:
    """A notice: the password is another one."""
    words = Words(
        f"Votre mot de passe a été changé le {moment(at)}, depuis {typed(device)}. "
        "Toutes les sessions ouvertes avant ont été fermées."
    )
    return written(office, Kind.PASSWORD_CHANGED, to, prenom, "Votre mot de passe a été changé", words, _NOT_YOU)


def password_change_asked(office: Office, *, to: str, prenom: str) -> Letter:
    """A notice: an administrateur wants another password."""
    words = Words(
        "Un administrateur vous demande de choisir un nouveau mot de passe. Rien ne presse : à votre prochaine "
        "connexion, l'application vous conduira à « Mon compte », où vous le changerez avant de continuer."
    )
    careful = Words("Ne donnez votre mot de passe à personne, pas même à un administrateur.")
    subject = "Choisissez un nouveau mot de passe"
    return written(office, Kind.PASSWORD_CHANGE_ASKED, to, prenom, subject, words, careful)


def factor_on(office: Office, *, to: str, prenom: str) -> Letter:
    """A notice: a second factor is asked from now on."""
    words = Words(
        "La vérification en deux étapes est activée : un code de votre téléphone vous est demandé à chaque connexion. "
        "Gardez vos codes de secours en lieu sûr."
    )
    return written(office, Kind.FACTOR_ON, to, prenom, "Vérification en deux étapes activée", words, _NOT_YOU)


def factor_off(office: Office, *, to: str, prenom: str) -> Letter:
    """A notice: no second factor is asked any more."""
    words = Words("La vérification en deux étapes est désactivée : le mot de passe ou Google suffit à vous connecter.")
    return written(office, Kind.FACTOR_OFF, to, prenom, "Vérification en deux étapes désactivée", words, _NOT_YOU)


def factor_reset_by_admin(office: Office, *, to: str, prenom: str) -> Letter:
    """A notice: an administrateur took away the second factor of somebody who lost it."""
    words = Words(
        "Un administrateur a retiré votre vérification en deux étapes, et vos sessions ont été fermées. "
        "Vous pourrez l'activer à nouveau dans « Mon compte »."
    )
    not_asked = Words("Si vous ne l'avez pas demandé, prévenez un administrateur sans attendre.")
    return written(
        office, Kind.FACTOR_RESET, to, prenom, "Vérification en deux étapes retirée par un administrateur", words,
        not_asked,
    )  # fmt: skip


def recovery_code_used(office: Office, *, to: str, prenom: str, left: int) -> Letter:
    """A notice: one recovery code less."""
    count = {0: "Il n'en reste aucun", 1: "Il en reste un seul"}.get(left, f"Il en reste {left}")
    advice = " : créez-en de nouveaux dans « Mon compte »." if left <= 3 else "."
    words = Words(f"Un de vos codes de secours vient de servir. {count}{advice}")
    return written(office, Kind.RECOVERY_CODE_USED, to, prenom, "Un code de secours a servi", words, _NOT_YOU)


def google_linked(office: Office, *, to: str, prenom: str) -> Letter:
    """A notice: a Google account opens this access too."""
    words = Words("Un compte Google est maintenant rattaché à votre accès : il permet de vous connecter.")
    return written(office, Kind.GOOGLE_LINKED, to, prenom, "Compte Google rattaché", words, _NOT_YOU)


def google_unlinked(office: Office, *, to: str, prenom: str) -> Letter:
    """A notice: the Google account opens nothing any more."""
    words = Words("Le compte Google n'est plus rattaché à votre accès : il ne permet plus de vous connecter.")
    return written(office, Kind.GOOGLE_UNLINKED, to, prenom, "Compte Google détaché", words, _NOT_YOU)


def email_confirm(office: Office, *, to: str, prenom: str, link: str) -> Letter:
    """To the new address: its owner confirms it."""
    return written(
        office,
        Kind.EMAIL_CONFIRM,
        to,
        prenom,
        "Confirmer votre nouvelle adresse",
        Words("Vous avez demandé à utiliser cette adresse pour votre accès."),
        Link("Pour la confirmer :", "Confirmer mon adresse", link),
        Words("Ce lien expire dans 24 heures. Si vous n'êtes pas à l'origine de cette demande, ignorez ce message."),
        life=EMAIL_CHANGE_LIFE,
    )


def email_changed_old(office: Office, *, to: str, prenom: str, new: str) -> Letter:
    """To the old address: it does not serve any more; the new one is only hinted at."""
    words = Words(
        f"L'adresse de votre accès a été remplacée par {masked(new)}. Celle-ci ne permet plus de vous connecter."
    )
    not_asked = Words("Si ce n'était pas vous, prévenez un administrateur sans attendre.")
    return written(office, Kind.EMAIL_CHANGED, to, prenom, "Votre adresse a été changée", words, not_asked)


def new_device(office: Office, *, to: str, prenom: str, device: str, at: datetime, link: str) -> Letter:
    """A notice of a sign-in from a device never seen; `link` ends every session."""
    return written(
        office,
        Kind.NEW_DEVICE,
        to,
        prenom,
        "Connexion depuis un nouvel appareil",
        Words(f"Votre accès a été ouvert le {moment(at)}, depuis {typed(device)}."),
        Words("Si c'était vous, vous n'avez rien à faire."),
        Link("Sinon, fermez toutes les sessions ouvertes :", "Ce n'était pas moi", link),
    )


def account_deleted(office: Office, *, to: str, prenom: str) -> Letter:
    """The last letter."""
    return written(
        office,
        Kind.ACCOUNT_DELETED,
        to,
        prenom,
        "Votre accès a été supprimé",
        Words("Votre accès a été supprimé, à votre demande : cette adresse et vos moyens de connexion sont effacés."),
        Words("Si ce n'était pas vous, prévenez un administrateur sans attendre."),
    )


def written(
    office: Office, kind: Kind, to: str, prenom: str, subject: str, *parts: Part, life: timedelta = NOTICE_LIFE
) -> Letter:
    """A letter of `parts`, with its greeting and its foot, as text and HTML."""
    name = association(office)
    whole = (Words(f"Bonjour {typed(prenom)},"), *parts)
    foot = f"Message automatique de {name} ({office.settings.public_url}). Merci de ne pas y répondre."
    return Letter(
        kind=kind,
        to=to,
        subject=inert(subject),
        text=as_text(whole, foot),
        html=as_html(whole, title=subject, name=name, foot=foot),
        life=life,
    )


def association(office: Office) -> str:
    """The name of the association, on one line."""
    return " ".join(office.settings.association.split())
