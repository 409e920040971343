"""« Exporter mes données »: everything on oneself, nothing secret, nobody else."""

import io
import json
import zipfile
from types import SimpleNamespace

import pytest

from core import accounts, audit, downloads, own_data
from core.errors import StepUpNeeded
from core.roles import Permission, Visitor
from db import credentials, mail, models, people, records
from tests.conftest import PASSWORD

# Tables that know of a person by a key, and are not in the file, each for its reason.
LEFT_OUT = {
    "pending_sign_ins": "five minutes of a sign-in that is not over",
    "session_tickets": "thirty seconds of a sign-in",
    "not_duplicates": "says that two fiches are two people: the other one is somebody else",
}
TABLES = [
    table for module in (credentials, mail, models, people, records) for table in module.Base.metadata.sorted_tables
]
KEYS = {"user_id", "personne_id", "ID_PERSONNE", "owner_id", "actor_id"}


def files(office, actor):
    """The JSON, read, and the page of the export of `actor`."""
    token = downloads.prepare(office, actor, kind=own_data.KIND, wanted={}).rpartition("/")[2]
    with downloads.fetch(office, actor, token=token).content as content:
        folder = zipfile.ZipFile(io.BytesIO(content.read()))
    return json.loads(folder.read("Mes données.json")), folder.read("Mes données.html").decode()


@pytest.mark.parametrize("table", sorted({found.name for found in TABLES if KEYS & {*found.c.keys()}}))
def test_every_table_that_knows_a_person_is_in_the_file(table):
    said = " ".join([*own_data.SECTIONS.values(), str(own_data._EVENTS)])
    assert (f"asso.{table} " in said or f"asso.{table}\n" in said) != (table in LEFT_OUT)


def test_what_is_kept_on_somebody_is_in_both_files(office, lucie):
    data, page = files(office, lucie)
    assert data["Votre fiche"][0]["Téléphone 1"] == "+33611223344"
    assert data["Votre accès"][0]["Email de connexion"] == "lucie@exemple.fr"
    assert data["Appareils connectés"][0]["Adresse IP"] == "203.0.113.7"
    assert "lucie@exemple.fr" in page
    assert "21/11/2026 à 14 h 05" in page
    assert any("Lucie Martin" in event["Événement"] for event in data["Journal"])


def test_no_secret_is_in_the_file(office, lucie, database):
    (kept,) = database.run("SELECT password_hash FROM asso.users WHERE email = 'lucie@exemple.fr'")
    (token,) = database.run("SELECT encode(token_hash, 'hex') FROM asso.user_sessions LIMIT 1")
    everything = str(files(office, lucie))
    assert not any(secret in everything for secret in (kept[0], token[0], PASSWORD))


def test_nobody_else_is_in_the_file(office, marie, lucie):
    audit.record_alone(office, marie, audit.Deed.PERSONNE_READ, personne_id=lucie.personne_id)
    data, page = files(office, lucie)
    assert any("Une autre personne" in event["Événement"] for event in data["Journal"])
    assert not any(name in page + str(data) for name in ("Marie", "Dupont", "marie@exemple.fr"))


def test_what_nobody_did_is_not_the_deed_of_who_has_no_account(office, jean):
    audit.record_alone(office, Visitor("198.51.100.9", ""), audit.Deed.INVITE_REMINDED, personne_id=jean)
    someone = SimpleNamespace(user_id=None, personne_id=jean, prenom="Jean", nom="Michel")
    with office.begin() as db:
        [event] = own_data.gathered(db, someone)["Journal"]
    assert event["Adresse IP"] == ""


def test_what_somebody_typed_is_text_in_the_page(office, lucie, database):
    database.run("UPDATE asso.personnes SET note = '<script>alert(1)</script>' WHERE nom = 'Martin'")
    assert "&lt;script&gt;alert(1)" in (page := files(office, lucie)[1])
    assert "<script" not in page


def test_it_asks_for_a_fresh_proof_and_is_in_the_own_journal(office, lucie, clock):
    files(office, lucie)
    assert accounts.overview(office, lucie).events[0].deed == "own_data_exported"
    clock.advance(minutes=11)
    with pytest.raises(StepUpNeeded):
        files(office, lucie)
    assert lucie.may(Permission.ACCOUNT_OWN)
