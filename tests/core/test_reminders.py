"""A reminder 48 hours before an invitation ends, and the news to who invited."""

import threading
from dataclasses import replace
from uuid import UUID

import pytest

from core import code_batches, google_activation, invitations, invite_mails, invites, reminders
from core.google import Identity
from core.google_client import GoogleClient
from tests.conftest import PASSWORD, only


@pytest.fixture
def mailed(office, marie, jean, database):
    """Jean's fiche holds his address, and his code was mailed there."""
    database.run("UPDATE asso.personnes SET email = 'jean@exemple.fr' WHERE nom = 'Michel'")
    return invite_mails.send_new_to_many(office, marie, ids=[jean]).done[0]


def kinds(letters):
    return [letter.kind for letter in letters()]


def test_a_code_is_recalled_two_days_before_its_end_and_once(office, mailed, letters, clock):
    clock.advance(days=4, hours=23)
    assert reminders.remind_due(office) == 0
    clock.advance(hours=1)
    assert [reminders.remind_due(office) for _ in range(2)] == [1, 0]
    recalled = letters()[-1]
    assert (recalled.kind, recalled.to) == ("invite_reminder", "jean@exemple.fr")
    assert "28/11/2026 à 14 h 05" in recalled.text
    assert mailed.code not in recalled.text + recalled.html


@pytest.mark.parametrize(
    "spoiled",
    [
        "UPDATE asso.user_invites SET revoked_at = created_at",
        "UPDATE asso.user_invites SET created_at = created_at + interval '3 days 1 minute'",
        "UPDATE asso.personnes SET archived_at = updated_at WHERE nom = 'Michel'",
        "UPDATE asso.personnes SET email = NULL WHERE nom = 'Michel'",
        "UPDATE asso.mails SET sealed = NULL, failed_at = created_at",
        "DELETE FROM asso.mails",
    ],
)
def test_nobody_is_recalled_in_vain(office, mailed, database, clock, spoiled):
    database.run(spoiled)
    clock.advance(days=6)
    assert reminders.remind_due(office) == 0


def test_a_prolonged_code_is_recalled_before_its_new_end_too(office, marie, jean, mailed, clock):
    clock.advance(days=6)
    assert reminders.remind_due(office) == 1
    only(invitations.extend_many(office, marie, ids=[jean]))
    assert reminders.remind_due(office) == 0
    clock.advance(days=7)
    assert reminders.remind_due(office) == 1


def test_nobody_waits_for_a_fiche_that_somebody_holds(office, mailed, jean, clock):
    clock.advance(days=6)
    with office.begin() as db:
        code_batches.locked(db, [jean])
        assert reminders.remind_due(office) == 0
    assert reminders.remind_due(office) == 1


def test_two_replicas_never_recall_one_code_twice(office, marie, database, mailed, letters, clock):
    database.run(
        'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, email, created_at, updated_at) '
        "SELECT gen_random_uuid(), 'Nom', 'Léa', 'bénévole', n || '@exemple.fr', now(), now() "
        "FROM generate_series(1, 40) AS n"
    )
    ids = [row[0] for row in database.run("SELECT \"ID_PERSONNE\"::text FROM asso.personnes WHERE nom = 'Nom'")]
    invite_mails.send_new_to_many(office, marie, ids=map(UUID, ids))
    clock.advance(days=6)
    start, counts = threading.Barrier(3), []
    threads = [
        threading.Thread(target=lambda: (start.wait(), counts.append(reminders.remind_due(office)))) for _ in "abc"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 41
    assert kinds(letters).count("invite_reminder") == 41


def test_who_invited_hears_that_the_access_is_activated(office, visitor, mailed, marie, letters):
    invites.redeem(office, visitor, code=mailed.code, email="j@exemple.fr", password=PASSWORD, confirmation=PASSWORD)
    news = next(letter for letter in letters() if letter.kind == "invite_accepted")
    assert news.to == marie.email
    assert "Jean Michel a activé son accès le 21/11/2026 à 14 h 05" in news.text


def test_so_it_is_with_google(office, visitor, mailed, letters, settings):
    google_too = replace(office, settings=replace(settings, google=GoogleClient("client", "secret")))
    identity = Identity(sub="2002", email="jean@gmail.com", email_verified=True)
    google_activation.redeem(google_too, visitor, code=mailed.code, identity=identity)
    assert "invite_accepted" in kinds(letters)


@pytest.mark.parametrize(
    "spoiled",
    [
        "UPDATE asso.users SET suspended_at = now() + interval '1 year'",
        "UPDATE asso.personnes SET role = 'bénévole' WHERE nom = 'Dupont'",
        "UPDATE asso.personnes SET archived_at = updated_at WHERE nom = 'Dupont'",
    ],
)
def test_who_manages_no_invitations_any_more_hears_nothing(office, visitor, mailed, letters, database, spoiled):
    database.run(spoiled)
    invites.redeem(office, visitor, code=mailed.code, email="j@exemple.fr", password=PASSWORD, confirmation=PASSWORD)
    assert "invite_accepted" not in kinds(letters)
