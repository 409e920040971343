"""Personnes: created once, found however they are typed, seen only by those who may."""

import pytest

from core import directory, personnes
from core.directory import Wanted
from core.errors import (
    AlreadyDone,
    InvalidCharacters,
    InvalidPhone,
    MissingField,
    NotAllowed,
    NotFound,
    PerhapsDuplicate,
    RoleAboveOwn,
    StepUpNeeded,
    TextTooLong,
    TooManyAttempts,
)
from core.personnes import Access
from core.roles import Role
from tests.core.test_invites import activate, race

ODD_NAMES = [
    "<script>alert(1)</script>",
    "**gras** _italique_",
    "![](https://exemple.org/x.png)",
    "x" * 5000,
    "محمد",
    "Zoë 🐎",
    "O'Brien-d’Œuvre",
]


def create(office, actor, nom="Michel", prenom="Jean", **more):
    return personnes.create(office, actor, id=more.pop("id", office.uuid()), nom=nom, prenom=prenom, **more)


def found(office, actor, search):
    return [row.prenom for row in directory.page(office, actor, Wanted(search)).rows]


def test_the_example_of_the_report_is_created_its_number_kept_as_typed(office, marie):
    created = create(office, marie, telephone_1="1111111111", with_code=True)
    assert (created.telephone_1, created.warnings) == ("1111111111", ("telephone_1",))
    assert created.code.code.startswith("ZDL-")


@pytest.mark.parametrize(
    "typed",
    ["0612345678", "06.12.34.56.78", "06 12 34 56 78", "+33 (0)6 12 34 56 78", "0033612345678", "06-12/34 56 78"],
)
def test_a_french_number_is_kept_as_e164(office, marie, typed):
    assert create(office, marie, telephone_2=typed).telephone_2 == "+33612345678"


@pytest.mark.parametrize("typed", ["+32 470 12 34 56", "+262 692 12 34 56"])
def test_a_number_from_elsewhere_is_kept_as_e164(office, marie, typed):
    created = create(office, marie, telephone_1=typed)
    assert (created.telephone_1, created.warnings) == ("+" + "".join(filter(str.isdigit, typed)), ())


OVERSEAS = {
    "0692 12 34 56": "+262692123456",  # La Réunion
    "0693 12 34 56": "+262693123456",
    "02.62.16.12.34": "+262262161234",
    "0639 01 23 45": "+262639012345",  # Mayotte
    "0269 60 12 34": "+262269601234",
    "0690 00 12 34": "+590690001234",  # Guadeloupe
    "0590 20 12 34": "+590590201234",
    "0694 20 12 34": "+594694201234",  # Guyane
    "0594 10 12 34": "+594594101234",
    "0696-20-12-34": "+596696201234",  # Martinique
    "0596 30 12 34": "+596596301234",
    "0508 43 01 23": "+508430123",  # Saint-Pierre-et-Miquelon
}


@pytest.mark.parametrize(("typed", "kept"), OVERSEAS.items())
def test_a_number_of_the_overseas_departments_is_kept_with_its_country(office, marie, typed, kept):
    created = create(office, marie, telephone_1=typed)
    assert (created.telephone_1, created.warnings) == (kept, ())


@pytest.mark.parametrize(("typed", "kept"), OVERSEAS.items())
def test_it_is_found_as_it_is_dialled_whoever_typed_it_abroad(office, marie, database, typed, kept):
    database.run("UPDATE asso.personnes SET telephone_1 = NULL")
    create(office, marie, telephone_1=kept)
    digits = "".join(filter(str.isdigit, typed))
    for search in (typed, digits, digits[:6], kept, kept[:7]):
        assert found(office, marie, search) == ["Jean"], search
    with pytest.raises(PerhapsDuplicate):
        create(office, marie, nom="Autre", prenom="Nom", telephone_2=typed, apart=())


@pytest.mark.parametrize("typed", ["43 01 23", "04 30 12 3", "0692 12 34", "0692 12 34 56 78", "+33 692 12 34 56"])
def test_a_number_cut_short_or_of_nowhere_is_kept_as_typed_with_a_warning(office, marie, typed):
    created = create(office, marie, telephone_1=typed)
    assert (created.telephone_1, created.warnings) == (typed, ("telephone_1",))


@pytest.mark.parametrize("typed", ["pas un numéro", "06 12 poste 3", "---", "٠٦١٢"])
def test_what_is_no_phone_is_refused_and_nothing_is_written(office, marie, database, typed):
    with pytest.raises(InvalidPhone) as refused:
        create(office, marie, telephone_1=typed)
    assert refused.value.field == "telephone_1"
    assert found(office, marie, "michel") == []


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_name_comes_back_as_it_was_typed(office, marie, name):
    key = create(office, marie, nom=name).id
    assert personnes.get(office, marie, id=key).nom == name


def test_blanks_are_squeezed_and_accents_composed(office, marie):
    created = create(office, marie, nom="  De  la\tTour ", prenom="E\u0301lise")
    assert (created.nom, created.prenom) == ("De la Tour", "Élise")


@pytest.mark.parametrize(
    ("nom", "refusal"),
    [(" ", MissingField), ("x" * 5001, TextTooLong), ("a\0b", InvalidCharacters), ("a\x1bb", InvalidCharacters)],
)
def test_a_name_that_cannot_be_kept_is_refused(office, marie, nom, refusal):
    with pytest.raises(refusal):
        create(office, marie, nom=nom)


def test_twenty_sendings_of_one_form_make_one_personne(office, marie, database):
    key = office.uuid()
    outcomes = race(20, lambda number: create(office, marie, id=key, with_code=True))
    assert sum(isinstance(outcome, AlreadyDone) for outcome in outcomes) == 19
    assert database.run("SELECT count(*) FROM asso.user_invites") == [(1,)]


def test_a_personne_and_its_code_are_created_together_or_not_at_all(office, marie, database, monkeypatch):
    database.run("ALTER TABLE asso.user_invites ADD CONSTRAINT broken CHECK (false) NOT VALID")
    try:
        with pytest.raises(Exception, match="broken"):
            create(office, marie, with_code=True)
    finally:
        database.run("ALTER TABLE asso.user_invites DROP CONSTRAINT broken")
    assert found(office, marie, "michel") == []


def test_the_thirty_first_command_of_a_minute_waits(office, marie, clock):
    for number in range(30):
        create(office, marie, nom=f"Nom{number}")
    with pytest.raises(TooManyAttempts):
        create(office, marie)
    clock.advance(minutes=1)
    create(office, marie)


@pytest.mark.parametrize("role", [Role.ADMINISTRATEUR, Role.EMPLOYE])
def test_an_employee_gives_no_role_and_the_attempt_is_audited(office, karim, deeds, role):
    with pytest.raises(RoleAboveOwn):
        create(office, karim, role=role)
    assert deeds()[-1] == ("unauthorized_role_change_attempt", "refused")


def test_a_role_above_benevole_needs_a_fresh_proof(office, marie, clock):
    clock.advance(minutes=9)
    assert create(office, marie, nom="Neuf", role=Role.EMPLOYE)
    clock.advance(minutes=2)
    for role in (Role.EMPLOYE, Role.ADMINISTRATEUR):
        with pytest.raises(StepUpNeeded):
            create(office, marie, nom="Onze", role=role)
    assert found(office, marie, "onze") == []
    create(office, marie, nom="Onze", with_code=True)


def test_an_employee_asks_for_no_code_and_the_attempt_is_audited(office, karim, deeds):
    with pytest.raises(NotAllowed):
        create(office, karim, with_code=True)
    assert deeds()[-1] == ("not_allowed", "refused")


def test_an_employee_creates_a_benevole_and_a_benevole_creates_nobody(office, karim, lucie):
    assert create(office, karim).code is None
    with pytest.raises(NotAllowed):
        create(office, lucie)


def test_a_benevole_reads_the_own_fiche_only_and_the_attempt_is_audited(office, lucie, jean, deeds):
    assert personnes.get(office, lucie, id=lucie.personne_id).telephone_1 == "+33611223344"
    for unseen in (jean, office.uuid()):
        with pytest.raises(NotFound):
            personnes.get(office, lucie, id=unseen)
        assert deeds()[-1] == ("personne_read", "refused")


def test_reading_a_fiche_leaves_an_event_and_an_unknown_one_is_not_found(office, karim, jean, deeds):
    personnes.get(office, karim, id=jean)
    assert deeds()[-1] == ("personne_read", "done")
    with pytest.raises(NotFound):
        personnes.get(office, karim, id=office.uuid())


def test_the_way_to_an_account_is_read_from_the_dates(office, marie, visitor, clock):
    def access(key):
        return personnes.get(office, marie, id=key).access

    without, invited = create(office, marie, nom="Sans").id, create(office, marie, with_code=True)
    assert (access(without), access(invited.id)) == (Access.SANS_CODE, Access.CODE_ENVOYE)
    clock.advance(days=8)
    assert access(invited.id) is Access.EXPIRE
    fresh = create(office, marie, nom="Neuf", with_code=True)
    activate(office, visitor, fresh.code.code)
    assert access(fresh.id) is Access.ACTIVE
