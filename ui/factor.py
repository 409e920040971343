"""« Vérification en deux étapes » of Mon compte: its state, the QR code, the recovery codes shown once."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from core import second_factor
from core.accounts import Overview
from core.figures import RECOVERY_CODES_FEW
from core.office import Office
from core.roles import Actor, Duty
from core.second_factor import Enrolment
from ui import feedback, frame, recovery_card, square
from ui.plain import moment

_BEGIN: Final = "factor_begin"
_CONFIRM: Final = "factor_confirm"
_RENEW: Final = "factor_renew"
_DISABLE: Final = "factor_disable"
_FIELDS: Final = {form: f"{form}_code" for form in (_CONFIRM, _RENEW, _DISABLE)}
_SWITCHED_ON: Final = "La vérification en deux étapes est activée. Vos autres appareils sont déconnectés."
NEEDED: Final = "Votre rôle demande la vérification en deux étapes. Activez-la pour continuer."


def section(office: Office, actor: Actor, mine: Overview) -> None:
    """Whichever of its four faces is due: fresh recovery codes, switched on, being enrolled, switched off."""
    st.subheader("Vérification en deux étapes", anchor=False)
    if Duty.SECOND_FACTOR in actor.duties:
        st.warning(NEEDED, icon=":material/shield_lock:")
    with st.container(border=True):
        if codes := feedback.done(_CONFIRM) or feedback.done(_RENEW):
            _fresh_codes(office, actor, codes)
        elif mine.factor_since:
            _on(office, mine)
        elif enrolment := feedback.done(_BEGIN):
            _enrol(office, enrolment)
        else:
            _off(office)


def _off(office: Office) -> None:
    if feedback.done(_DISABLE):
        st.success("La vérification en deux étapes est désactivée.", icon=":material/check_circle:")
    st.write(
        "Désactivée. Une fois activée, un code de votre téléphone est demandé à chaque connexion : "
        "votre mot de passe seul ne suffit plus."
    )
    feedback.tell(_BEGIN)
    st.button(
        "Activer la vérification en deux étapes",
        type="primary",
        icon=":material/shield_lock:",
        on_click=lambda: feedback.attempt(_BEGIN, lambda: second_factor.begin(office, frame.actor())),
    )


def _enrol(office: Office, enrolment: Enrolment) -> None:
    st.write(
        "1. Installez sur votre téléphone une application de codes : FreeOTP, Aegis, Google Authenticator…\n"
        "2. Avec elle, scannez ce carré, ou saisissez la clé.\n"
        "3. Saisissez ici le code à 6 chiffres qu'elle montre."
    )
    square.show(enrolment.uri, label="QR code à scanner avec le téléphone")
    st.caption("Clé à saisir si vous ne pouvez pas scanner le carré")
    st.code(enrolment.key, language=None, wrap_lines=True)
    with st.form(_CONFIRM, border=False):
        _code_field(_CONFIRM, "Code à 6 chiffres")
        st.form_submit_button("Activer", type="primary", on_click=_confirm, args=(office,))
    st.button("Annuler", on_click=feedback.forget, args=(_BEGIN,))


def _fresh_codes(office: Office, actor: Actor, codes: tuple[str, ...]) -> None:
    said = "Vos anciens codes de secours ne servent plus." if feedback.done(_RENEW) else _SWITCHED_ON
    st.success(said, icon=":material/check_circle:")
    st.write("**Vos codes de secours.** Ils remplacent votre téléphone s'il est perdu ; chacun ne sert qu'une fois.")
    recovery_card.show(office, actor, codes)
    st.button("J'ai gardé mes codes", type="primary", icon=":material/check:", on_click=_kept)


def _on(office: Office, mine: Overview) -> None:
    st.write(f"Activée le {moment(mine.factor_since)}.")
    left = mine.recovery_codes_left
    if left <= RECOVERY_CODES_FEW:
        st.warning(f"Codes de secours restants : {left}. Créez-en de nouveaux.", icon=":material/warning:")
    else:
        st.write(f"Codes de secours restants : {left}.")
    with st.expander("Créer de nouveaux codes de secours"), st.form(_RENEW, border=False):
        st.write("Les anciens ne serviront plus.")
        _code_field(_RENEW, "Code à 6 chiffres")
        st.form_submit_button("Créer de nouveaux codes", on_click=_renew, args=(office,))
    with st.expander("Désactiver la vérification en deux étapes"), st.form(_DISABLE, border=False):
        st.write("Votre mot de passe seul suffira de nouveau. Vos autres appareils seront déconnectés.")
        _code_field(_DISABLE, "Code à 6 chiffres ou code de secours")
        st.form_submit_button("Désactiver", on_click=_disable, args=(office,))


def _code_field(form: str, label: str) -> None:
    st.text_input(label, key=_FIELDS[form], autocomplete="one-time-code")
    feedback.tell(form)


def _attempt(form: str, command: Callable[[str], Any]) -> Any:
    """Run `command` with the code that is typed, which then has served."""
    code = st.session_state[_FIELDS[form]]
    return feedback.attempt(form, lambda: command(code), spent=(_FIELDS[form],))


def _confirm(office: Office) -> None:
    if feedback.done(_CONFIRM):  # a second click must not lose the codes that the first one brought
        return
    if _attempt(_CONFIRM, lambda code: second_factor.confirm(office, frame.actor(), code=code)):
        feedback.forget(_BEGIN)


def _renew(office: Office) -> None:
    if not feedback.done(_RENEW):
        _attempt(_RENEW, lambda code: second_factor.renew_recovery_codes(office, frame.actor(), code=code))


def _disable(office: Office) -> None:
    _attempt(_DISABLE, lambda code: second_factor.disable(office, frame.actor(), code=code) or True)


def _kept() -> None:
    feedback.forget(_CONFIRM)
    feedback.forget(_RENEW)
