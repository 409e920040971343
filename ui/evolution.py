"""« Évolution »: people by role and by state of the access, week after week; read when it is opened."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from core import evolution
from core.evolution import Moment
from core.office import Office
from core.roles import Actor, Permission
from ui.dashboard import GROUPS, long_day
from ui.messages import ACCESS
from ui.plain import number

_KEY: Final = "evolution"


def offer(office: Office, actor: Actor) -> None:
    """The box, for administrateurs; it asks the database once it is opened."""
    if not actor.may(Permission.INVITES_MANAGE):
        return
    box = st.expander("Évolution par rôle et par état de l'accès", key=_KEY, on_change="rerun")
    if box.open:
        with box:
            _draw(evolution.read(office, actor))


def _draw(moments: tuple[Moment, ...]) -> None:
    today = moments[-1]
    st.subheader("Accès aujourd'hui", anchor=False)
    for column, (state, name) in zip(st.columns(len(ACCESS)), ACCESS.items(), strict=True):
        column.metric(name, number(today.access[state]), border=True)
    roles = {name: [moment.roles[role] for moment in moments] for role, name in GROUPS.items()}
    access = {name: [moment.access[state] for moment in moments] for state, name in ACCESS.items()}
    days = [long_day(moment.day) for moment in moments]
    _plot("Personnes par rôle", days, roles)
    _plot("Personnes par état de l'accès", days, access)
    st.caption(
        "À la fin de chaque semaine, puis aujourd'hui, sans les fiches archivées. Un rôle est celui que la personne "
        "avait alors si le journal en garde le changement, sinon celui d'aujourd'hui. Les fiches effacées et les "
        "comptes supprimés depuis ne sont pas comptés."
    )
    st.dataframe(
        {"Au": days} | roles | access,
        hide_index=True,
        height="content",
        row_height=44,
        alt="Personnes par rôle et par état de l'accès, à la fin de chaque semaine",
    )


def _plot(title: str, days: list[str], counts: Mapping[str, list[int]]) -> None:
    """Stacked bars, and the same in words."""
    st.subheader(title, anchor=False)
    rows: list[dict[str, Any]] = [
        {"jour": day[:5], "nombre": count, "groupe": name, "ordre": order}
        for order, (name, course) in enumerate(counts.items())
        for day, count in zip(days, course, strict=True)
    ]
    said = ". ".join(f"Au {day} : {_said(counts, at)}" for at, day in enumerate(days))
    st.vega_lite_chart(rows, _STACKED, height=320, alt=f"{title}. {said}.")


def _said(counts: Mapping[str, list[int]], at: int) -> str:
    return ", ".join(f"{name.lower()} {course[at]}" for name, course in counts.items() if course[at]) or "personne"


_STACKED: Final = {
    "mark": {"type": "bar"},
    "encoding": {
        "x": {"field": "jour", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": -60}},
        "y": {"field": "nombre", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": "d"}},
        "color": {
            "field": "groupe",
            "type": "nominal",
            "sort": None,
            "title": None,
            "legend": {"orient": "top", "columns": 2},
        },
        "order": {"field": "ordre"},
        "tooltip": [
            {"field": "jour", "title": "Au"},
            {"field": "groupe", "title": "Groupe"},
            {"field": "nombre", "title": "Nombre"},
        ],
    },
}
