"""The French words: every refusal, deed, role, state and rule has some, and what people typed stays text in them."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core import errors, figures, passwords
from core.audit import Deed
from core.errors import Refusal
from core.personnes import Access
from core.roles import GRANTS, Permission, Role
from ui import messages

# Whatever people may type is like this in the facts.
TYPED = "**Zoé** [ici](https://exemple.org) :smile:"
FACTS = {
    "reason": "idle",
    "permission": "roles_grant",
    "retry_after": timedelta(seconds=61),
    "field": "nom",
    "limit": 5000,
    "length": 123456,
    "unmet": ("min_12", "max_128"),
    "word": TYPED,
    "pending": "jeton",
    "address": "https://acces.exemple.fr",
    "domain": "exemple.fr",
    "own": True,
    "id": UUID(int=1),
    "by": TYPED,
    "at": datetime(2026, 11, 21, 13, 5, tzinfo=UTC),
    "kept": {"note": TYPED},
    "version": 2,
    "alike": (),
    "apart": (),
    "hidden": True,
    "days": 30,
    "asked": 600,
    "count": 3,
    "people": (),
    "gone": 3,
    "line": 12,
}


def kinds(parent=Refusal):
    for kind in parent.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_whole_sentence(kind):
    said = messages.in_french(kind(**{fact.name: FACTS[fact.name] for fact in fields(kind)}))
    assert said[0].isupper()
    assert said.endswith(".")
    assert "{" not in said
    assert "_" not in said
    assert TYPED not in said


def test_nothing_else_has_a_sentence():
    assert set(messages.SENTENCES) == set(kinds())


@pytest.mark.parametrize("field", list(messages.FIELDS))
def test_every_field_has_its_label(field):
    assert f"« {messages.FIELDS[field]} »" in messages.in_french(errors.MissingField(field)).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "1 min"), (60, "1 min"), (61, "2 min"), (119 * 60, "119 min"), (86_400, "24 h")]
)
def test_a_wait_is_rounded_up(seconds, said):
    assert messages.wait(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize("role", [None, *Role])
def test_every_rule_of_passwords_has_words(office, role):
    named = [name for name, _ in passwords.checklist(office, "", role)]
    assert all(messages.rule(name)[0].isupper() for name in [*named, "not_breached", "not_former"])


def test_a_weak_password_is_told_every_rule_it_breaks():
    said = messages.in_french(errors.WeakPassword((f"min_{figures.PASSWORD_MIN}", "max_128")))
    assert said.replace("\xa0", " ") == "Mot de passe trop faible : au moins 12 caractères, au plus 128 caractères."


@pytest.mark.parametrize("name", list(Deed))
def test_every_deed_has_words_done_and_refused(name):
    done = messages.deed(name.value, "done")
    assert messages.deed(name.value, "refused") == f"{done} – tentative refusée"


def test_roles_and_states_have_words():
    assert set(messages.ROLES) == set(messages.MAY) == set(Role)
    assert set(messages.ACCESS) == set(Access)


@pytest.mark.parametrize(
    ("permission", "verbs"),
    [
        (Permission.PERSONNES_READ, ["consulter"]),
        (Permission.PERSONNES_WRITE, ["ajouter", "modifier", "archiver", "importer"]),
        (Permission.PERSONNES_EXPORT, ["exporter"]),
    ],
)
def test_whoever_gives_a_role_reads_all_that_it_may_do_with_people(permission, verbs):
    for role in set(Role) - {Role.ADMINISTRATEUR}:  # who may do everything, and it is said so
        assert [verb in messages.MAY[role] for verb in verbs] == [permission in GRANTS[role]] * len(verbs)


@pytest.mark.parametrize("status", [0, 400, 403, 429, 503])
def test_every_answer_of_the_edge_has_a_sentence(status):
    assert messages.edge(status).endswith(".")
