"""What a bench measures is there: its people, its distance, its screens; and nothing else is measured."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from sqlalchemy import text

from bench import contest, crowd, entrance, importing, programs
from bench.results import SCENARIOS
from bench.screen import NotAsExpected, Screen
from tests.bench.conftest import FAR, PEOPLE


def finished(work):
    """What a coroutine returns; in a thread of its own, because a browser of another test keeps a loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


def ask(made, statement):
    return [tuple(row) for row in made.office.ask(text(statement))]


def test_the_people_of_a_seed_are_always_the_same(made):
    found = ask(
        made, "SELECT nom, prenom, telephone_1 FROM asso.personnes WHERE email LIKE '%.%700@exemple.fr' ORDER BY email"
    )
    assert found == [("Le Goff", "Océane", "+33640363587")]


def test_some_have_a_phone_an_email_an_account_or_a_code(made):
    count = "SELECT count(telephone_1), count(email), count(DISTINCT nom) FROM asso.personnes"
    phones, emails, names = ask(made, count)[0]
    assert 0.8 < phones / PEOPLE < 0.9
    assert 0.6 < emails / PEOPLE < 0.8
    assert names > 500
    ways = "SELECT (SELECT count(*) FROM asso.users), (SELECT count(*) FROM asso.user_invites)"
    assert min(ask(made, ways)[0]) >= PEOPLE // 12


def test_a_distance_costs_what_it_says_on_each_trip(made):
    with programs.network(made, 40) as (host, port):
        connection = psycopg2.connect(host=host, port=port, user="asso_app", dbname="asso")
        connection.autocommit = True
        began = time.perf_counter()
        for _ in range(3):
            connection.cursor().execute("SELECT 1")
        assert time.perf_counter() - began >= 3 * 0.040
        connection.close()


def on_screen(address, cookie, scenarios):
    async def gestures():
        async with Screen(address, "personnes", cookie) as screen:
            return [await contest.ours(screen, scenario, PEOPLE // 40) for scenario in scenarios]

    return finished(gestures())


def test_every_gesture_shows_what_it_asks_for(made, address):
    assert min(on_screen(address, made.cookie(0), (*SCENARIOS, *SCENARIOS))) > 1


def test_a_search_far_from_the_database_waits_for_one_trip(made, address):
    async def search():
        async with Screen(address, "personnes", made.cookie(2)) as screen:
            await screen.open()
            await screen.change("recherche", "martin")
            words = ("dupont", "jean mich", "simon", "petit", "durand", "zoé", "hugo", "emma")
            return [(await screen.change("recherche", word)).ms for word in words]

    assert FAR < min(finished(search())) < 2 * FAR


def test_so_does_another_page_of_the_list_by_its_address(made, address):
    async def turn():
        async with Screen(address, "personnes", made.cookie(2)) as screen:
            await screen.open()
            return [(await screen.open(query)).ms for query in ("page=2", "page=3", "") * 3]

    assert FAR < min(finished(turn())) < 2 * FAR


def test_a_screen_that_shows_something_else_is_not_measured(address):
    with pytest.raises(NotAsExpected, match="Connexion"):
        on_screen(address, "session=nobody", ["list"])


def test_a_sign_in_is_measured_up_to_its_cookie(made, address):
    email = made.hire(1)
    opened = f"SELECT count(*) FROM asso.user_sessions JOIN asso.users u ON u.id = user_id WHERE u.email = '{email}'"
    pair = finished(entrance.measure(address, email, rounds=1))
    assert ask(made, opened) == [(1,)]
    assert pair.ours > 0


def test_a_sign_in_that_is_refused_is_not_measured(address):
    with pytest.raises(NotAsExpected, match="connexion"):
        finished(entrance.sign_in(address, "personne@bench.test"))


def test_a_long_list_is_measured_to_its_last_fiche_and_so_are_the_clicks_of_another(made, address):
    found = finished(importing.measure(address, (made.cookie(3), made.cookie(4)), rows=40))
    assert ask(made, "SELECT count(*) FROM asso.personnes WHERE email LIKE 'liste%'") == [(40,)]
    assert FAR < found.clicks.p50 <= found.clicks.p95 <= found.longest


def test_a_list_that_does_not_go_in_whole_is_not_measured(made, address, monkeypatch):
    short = importing.content(3, first=1000)
    monkeypatch.setattr(importing, "content", lambda _rows: short)
    with pytest.raises(NotAsExpected, match="terminé"):
        finished(importing.measure(address, (made.cookie(3), made.cookie(4)), rows=4))


def test_who_still_waits_skips_a_click(monkeypatch):
    monkeypatch.setattr(crowd, "PERIOD", 0.1)

    async def slow(number):
        await asyncio.sleep(0.15)
        return 150.0

    clicks = finished(crowd._clicked([slow], 1.0))
    assert clicks.skipped >= 4
    assert (clicks.p50, clicks.p95) == (150.0, 150.0)
