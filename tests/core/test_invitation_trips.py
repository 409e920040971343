"""What invitations and Accueil cost: one round trip for a screen, the same few for any number of people."""

from uuid import UUID

import pytest

from core import codes, dashboard, invitations, invites
from tests.conftest import PASSWORD, code_for
from tests.core.test_trips import counter, far

__all__ = ["counter", "far"]


@pytest.fixture
def twenty(office, database, marie):
    rows = database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Nom', 'Léa', 'bénévole', now(), now() FROM generate_series(1, 20) "
        'RETURNING "ID_PERSONNE"'
    )
    return [UUID(row[0]) for row in rows]


def test_each_screen_of_data_is_one_trip(far, counter, marie, lucie, jean):
    screens = (
        lambda: codes.page(far, marie, typed="dupont"),
        lambda: invitations.state(far, marie, personne_id=jean),
        lambda: dashboard.read(far, marie),
        lambda: dashboard.read(far, lucie),
    )
    for screen in screens:
        counter.reset()
        screen()
        assert counter.trips == 1


def test_new_codes_cost_the_same_for_one_and_for_twenty(far, counter, marie, twenty):
    costs = []
    for ids in (twenty[:1], twenty):
        counter.reset()
        invitations.issue(far, marie, ids=ids)
        costs.append(counter.trips)
    assert costs[1] <= costs[0] + 1 <= 10  # the further code of the first one is counted


def test_the_news_of_an_activation_costs_no_trip_more_than_before(far, counter, marie, jean, visitor):
    code = code_for(far, marie, jean).code
    counter.reset()
    invites.redeem(far, visitor, code=code, email="j@exemple.fr", password=PASSWORD, confirmation=PASSWORD)
    assert counter.trips <= 8
