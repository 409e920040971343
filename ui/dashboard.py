"""The words, ways and drawings of Accueil: what needs doing, then how it goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import streamlit as st

from core.codes import InviteState
from core.dashboard import Dashboard, Todo, Week
from core.figures import ARCHIVE_MONTHS, ARCHIVES_COUNTED_AT_MOST, CODES_COUNTED_AT_MOST, DASHBOARD_TWINS
from core.roles import Actor, Role
from ui import menu
from ui.menu import Screen
from ui.messages import MAY, ROLES
from ui.plain import number

GROUPS: Final = {
    Role.ADMINISTRATEUR: "Administrateurs",
    Role.EMPLOYE: "Employés",
    Role.BENEVOLE: "Bénévoles",
}


@dataclass(frozen=True)
class _Task:
    """Something that waits: what, why it matters, and where it is done."""

    title: str
    text: str
    label: str
    screen: Screen
    query: Mapping[str, str] = field(default_factory=dict)


def what_waits(actor: Actor, found: Dashboard) -> None:
    """What needs doing for an administrateur; for others, what they may do and could do next."""
    if found.todo is None:
        _team(actor, found)
    elif found.total > 1:
        _todo(found.todo)


def _todo(found: Todo) -> None:
    """A card for each thing that waits, with the way to do it; or that nothing waits."""
    st.header("À faire", anchor=False)
    tasks = [*_about_codes(found), *_about_people(found), *_about_archives(found), *_about_mails(found)]
    if not tasks:
        st.success(
            "Rien ne vous attend : les codes, les accès et les courriels sont en ordre.", icon=":material/check:"
        )
    for start in range(0, len(tasks), 2):
        for column, task in zip(st.columns(2), tasks[start : start + 2], strict=False):
            with column.container(border=True, height="stretch"):
                st.subheader(task.title, anchor=False)
                st.text(task.text)
                st.page_link(task.screen.page, label=task.label, query_params=dict(task.query))


def _about_codes(found: Todo) -> Iterator[_Task]:
    if found.ending:
        yield _Task(
            _many(found.ending, "code expire dans 48 h", "codes expirent dans 48 h"),
            "Ces personnes n'ont pas encore activé leur accès. Prolongez leur code, ou prévenez-les."
            if found.ending > 1
            else "Cette personne n'a pas encore activé son accès. Prolongez son code, ou prévenez-la.",
            "Voir les codes qui expirent",
            menu.INVITATIONS,
            {"etat": InviteState.BIENTOT.value},
        )
    if found.ended:
        yield _Task(
            _many(found.ended, "code a expiré", "codes ont expiré"),
            "Ils n'ont pas servi à temps. Envoyez-en de nouveaux, ou annulez-les."
            if found.ended > 1
            else "Il n'a pas servi à temps. Envoyez-en un nouveau, ou annulez-le.",
            "Voir les codes expirés",
            menu.INVITATIONS,
            {"etat": InviteState.EXPIRE.value},
        )


def _about_people(found: Todo) -> Iterator[_Task]:
    if found.twins:
        yield _Task(
            _many(found.twins, "nom porté par plusieurs fiches", "noms portés par plusieurs fiches", DASHBOARD_TWINS),
            f"C'est peut-être la même personne, par exemple {found.twin}. Comparez ces fiches.",
            "Voir ces fiches",
            menu.PERSONNES,
            {"recherche": found.twin},
        )
    if found.bare:
        some = found.bare_administrateurs
        administrateurs = f"{number(some)} administrateur{'s' if some > 1 else ''}"
        yield _Task(
            f"{number(found.bare)} accès sans vérification en deux étapes",
            f"Dont {administrateurs}. Chacun l'active dans « Mon compte ».",
            "Voir qui est concerné",
            menu.RIGHTS,
        )


def _about_archives(found: Todo) -> Iterator[_Task]:
    if found.outdated:
        some = _many(found.outdated, "fiche archivée", "fiches archivées", ARCHIVES_COUNTED_AT_MOST)
        yield _Task(
            f"{some} depuis plus de {ARCHIVE_MONTHS} mois : à effacer ?",
            "Rien ne s'efface tout seul. Effacez ce qui n'a plus de raison d'être gardé, ou restaurez.",
            "Voir les fiches à effacer",
            menu.PERSONNES,
            {"archivees": "anciennes", "tri": "archivage"},
        )


def _about_mails(found: Todo) -> Iterator[_Task]:
    if found.failed_mails:
        yield _Task(
            f"{number(found.failed_mails)} courriel{'s' if found.failed_mails > 1 else ''} en échec",
            "Depuis 30 jours. Vérifiez les adresses, puis envoyez à nouveau ce qui doit l'être.",
            "Voir les courriels",
            menu.COURRIELS,
        )


def _many(count: int, one: str, many: str, limit: int = CODES_COUNTED_AT_MOST) -> str:
    if count >= limit:
        return f"{number(limit)} {many} ou plus"
    return f"{number(count)} {many if count > 1 else one}"


def how_it_goes(found: Dashboard) -> None:
    """For administrateurs, people by role, activations and sign-ins by week: drawn, said in words, and in a table."""
    if not found.weeks:
        return
    st.header("En chiffres", anchor=False)
    _people(found)
    left, right = st.columns(2)
    with left:
        _plot("Accès activés, par semaine", {week.monday: week.activations for week in found.weeks})
    with right:
        _plot("Connexions, par semaine", {week.monday: week.sign_ins for week in found.weeks})
    with st.expander("Lire ces chiffres dans un tableau"):
        _table(found.weeks)


def _people(found: Dashboard) -> None:
    st.subheader(f"{number(found.total)} personnes" if found.total > 1 else "1 personne", anchor=False)
    for column, (role, name) in zip(st.columns(len(GROUPS)), GROUPS.items(), strict=True):
        column.metric(name, number(found.people[role]), border=True)


def _plot(title: str, counts: dict[date, int]) -> None:
    st.subheader(title, anchor=False)
    if not any(counts.values()):
        st.text(f"Aucun chiffre depuis {len(counts)} semaines.")
        return
    said = ", ".join(f"{long_day(monday)} : {count}" for monday, count in counts.items() if count)
    rows = [{"semaine": f"{monday:%d/%m}", "nombre": count} for monday, count in counts.items()]
    st.vega_lite_chart(rows, _BARS, height=220, alt=f"{title}. Semaine du {said}.")


# Whole numbers, weeks in their order, and nothing to drag by accident on a telephone.
_BARS: Final = {
    "mark": {"type": "bar", "cornerRadiusEnd": 3},
    "encoding": {
        "x": {"field": "semaine", "type": "ordinal", "sort": None, "title": "Semaine du", "axis": {"labelAngle": -60}},
        "y": {"field": "nombre", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": "d"}},
        "tooltip": [{"field": "semaine", "title": "Semaine du"}, {"field": "nombre", "title": "Nombre"}],
    },
}


def _table(weeks: tuple[Week, ...]) -> None:
    st.dataframe(
        {
            "Semaine du": [long_day(week.monday) for week in weeks],
            "Accès activés": [week.activations for week in weeks],
            "Connexions": [week.sign_ins for week in weeks],
        },
        hide_index=True,
        height="content",
        row_height=44,
        alt="Accès activés et connexions, par semaine",
    )


def long_day(day: date) -> str:
    """JJ/MM/AAAA."""
    return f"{day:%d/%m/%Y}"


def _team(actor: Actor, found: Dashboard) -> None:
    with st.container(border=True, key="own_rights"):
        st.text(f"Votre rôle : {ROLES[actor.role].lower()}. Il permet de {MAY[actor.role]}.")
        st.text(f"L'association compte {number(found.total)} personnes." if found.total > 1 else "Vous êtes seul ici.")
    steps = list(_steps(actor, found))
    if steps:
        st.header("Pour bien faire", anchor=False)
    for step in steps:
        st.text(f"• {step}")


def _steps(actor: Actor, found: Dashboard) -> Iterator[str]:
    if not actor.has_second_factor:
        yield "Activez la vérification en deux étapes dans « Mon compte » : votre accès sera mieux protégé."
    known = {"un numéro de téléphone": found.phone, "une adresse email": found.email}
    if missing := [name for name, there in known.items() if not there]:
        said = " et ".join(missing)
        them = "les ajouter" if len(missing) > 1 else "l'ajouter"
        yield f"Il manque à votre fiche : {said}. Demandez à un administrateur de {them}."
