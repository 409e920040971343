"""docs/asvs.md says the truth: every row has an answer, and the page is the one that manage.py docs makes."""

from tests import asvs


def test_every_row_has_a_test_a_document_or_a_reasoned_deviation():
    shown, said = asvs.tests(), asvs.answers()
    assert [row["id"] for row in asvs.rows() if row["id"] not in shown and row["id"] not in said] == []


def test_no_answer_is_for_a_row_that_does_not_exist_and_each_is_of_a_known_kind():
    rows = {row["id"] for row in asvs.rows()}
    assert set(asvs.answers()) <= rows
    assert {answer["kind"] for answer in asvs.answers().values()} == {"test", "document", "écart"}


def test_every_test_that_an_answer_names_exists():
    for answer in asvs.answers().values():
        for word in answer["answer"].replace(",", " ").split():
            if word.startswith("tests/") and word.endswith(".py"):
                assert (asvs.ROOT / word).exists(), word


def test_the_page_is_up_to_date():
    assert asvs.PAGE.read_text("utf-8") == asvs.page()
