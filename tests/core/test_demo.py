"""The demonstration shows every state, and never touches a remote or a used database."""

from dataclasses import replace

import pytest

from core import accounts, demo, directory
from core.directory import Access, Wanted
from core.errors import SetupError


def test_the_demonstration_shows_three_hundred_people_in_every_state(office, visitor, marie, database):
    database.run("DELETE FROM asso.users; DELETE FROM asso.personnes")
    said = []
    demo.fill(office, say=said.append)
    rows = directory.page(office, marie, Wanted(), size=500).rows
    archived = directory.page(office, marie, Wanted(archived=True)).total
    assert len(rows) + archived == demo.COUNT
    assert archived
    assert {row.email for row in rows} > {None, "demo3@exemple.fr"}
    assert {row.access for row in rows} == set(Access)
    assert accounts.sign_in(office, visitor, email="demo0@exemple.fr", password=demo.PASSWORD)
    assert demo.PASSWORD in said[-1]


def test_a_remote_database_is_never_filled(office):
    remote = replace(office, settings=replace(office.settings, database_url="postgresql://ailleurs/asso"))
    with pytest.raises(SetupError, match="jamais une base distante"):
        demo.fill(remote)


def test_a_used_database_is_never_filled(office, marie, jean):
    with pytest.raises(SetupError, match="déjà des Personnes"):
        demo.fill(office)
