"""Rules of the house that a machine can hold: who imports whom, who guards what, who has French words."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import core
from core.errors import Refusal
from core.roles import Permission

ROOT = Path(__file__).parent.parent
# Modules of ours that each folder may import (direction: pages -> ui -> core -> db, server -> web -> core).
MAY_IMPORT = {
    "db": {"db"},
    "core": {"core", "db"},
    "web": {"web", "core"},
    "ui": {"ui", "core"},
    "pages": {"ui", "core"},
}
FOREIGN = {
    "db": {"streamlit", "starlette", "uvicorn"},
    "core": {"streamlit", "starlette", "uvicorn"},
    "web": {"sqlalchemy", "psycopg2"},
    "ui": {"sqlalchemy", "psycopg2", "starlette"},
    "pages": {"sqlalchemy", "psycopg2", "starlette", "db"},
}
OURS = {*MAY_IMPORT, "bench", "server", "manage", "tests", "Home"}
FILES = [path for folder in MAY_IMPORT for path in sorted((ROOT / folder).rglob("*.py"))]
# Helpers that use cases call within their own guard, transaction or statement.
PLUMBING = {
    "core.archives": {"seen", "values"},
    "core.audit": {"entry", "as_json", "record", "record_alone"},
    "core.directory": {"condition", "order", "within_rights"},
    "core.dashboard": {"mondays"},
    "core.code_batches": {"locked", "split", "only_shown", "issue_many"},
    "core.invite_letters": {"reminder", "accepted"},
    "core.emails": {"parse", "key"},
    "core.entrances": {"enter_sql", "enter_values", "enter", "pending", "finish"},
    "core.factor_check": {"holder_of", "seal_seed", "counters", "prove", "read", "refuse", "facts"},
    "core.google": {"accept"},
    "core.google_client": {"from_entries"},
    "core.google_flows": {"keep", "find"},
    "core.columns": {"guess", "digest_of"},
    "core.import_decisions": {"make"},
    "core.import_matches": {"find", "chunks"},
    "core.import_rows": {"check", "parse", "readable"},
    "core.import_writing": {"write", "sign_out"},
    "core.sheet_csv": {"read"},
    "core.sheet_xlsx": {"read"},
    "core.sheets": {"read"},
    "core.invites": {"new_code", "seal", "revoke_sql", "add", "redeemable", "counters"},
    "core.carriers": {"composed", "ascii_address"},
    "core.carrier_smtp": {"send_email_smtp"},
    "core.carrying": {"chosen", "keeps_mails"},
    "core.french": {"moment", "time_of_day", "day", "device", "phone"},
    "core.downloads": {"register", "prepare_in"},
    "core.export_csv": {"write", "table", "safe"},
    "core.export_person": {"dialled"},
    "core.export_print": {"write"},
    "core.export_vcard": {"write"},
    "core.export_xlsx": {"write"},
    "core.own_page": {"page", "said"},
    "core.print_page": {"top", "bottom"},
    "core.letter_layout": {"typed", "masked", "inert", "as_text", "as_html"},
    "core.letters": {
        "invitation",
        "reset",
        "reset_google_only",
        "password_changed",
        "factor_on",
        "factor_off",
        "factor_reset_by_admin",
        "recovery_code_used",
        "password_change_asked",
        "written",
        "association",
        "google_linked",
        "google_unlinked",
        "email_confirm",
        "email_changed_old",
        "new_device",
        "account_deleted",
    },
    "core.security_letters": {"recovery_codes_renewed", "sign_in_alarm"},
    "core.alarm": {"refused"},
    "core.journal": {"walk"},
    "core.journal_filters": {"meaning"},
    "core.journal_sentences": {"who", "whom", "sentence"},
    "core.journal_details": {"in_words"},
    "core.mail_settings": {"from_entries"},
    "core.mailed_links": {"end"},
    "core.outbox": {"post", "drop", "withdraw_sql"},
    "core.limits": {"neighbourhood", "as_json", "reserve", "give_back", "count", "count_command"},
    "core.merge_rows": {"hold", "follow"},
    "core.names": {"parse_name", "parse_note", "parse_phone"},
    "core.office": {"digest", "reachable"},
    "core.opening": {"open_office", "office_on", "current", "close", "migrate"},
    "core.breaches": {"holds"},
    "core.fiche_rows": {
        "administering",
        "append_changes",
        "as_json",
        "changes",
        "lock",
        "lock_in_turn",
        "refuse_last_administrator",
        "take_turn",
        "why_not_role",
    },
    "core.duplicates": {"alike_sql", "count_and_look", "of"},
    "core.erasure": {"full_name"},
    "core.own_data": {"gathered", "packed"},
    "core.fiche_fields": {"parse", "why"},
    "core.hashing": {"hash_password", "is_outdated", "verify", "warm"},
    "core.notices": {"password_changed", "invite_accepted", "recovery_codes_renewed", "sign_in_alarm"},
    "core.password_rules": {"checklist", "normal"},
    "core.passwords": {
        "checklist",
        "unmet",
        "check",
        "refuse_breached",
        "refuse_former",
        "replace",
        "own",
        "kept",
        "words_of",
        "confirm",
    },
    "core.public_address": {"from_entries"},
    "core.search": {"clean", "condition", "recheck", "values"},
    "core.sealing": {"encrypt", "decrypt"},
    "core.recovery_codes": {"normal", "seal", "grouped", "write"},
    "core.roles": {"requires", "refuse", "open_to_visitors", "for_operators"},
    "core.second_factor": {"remove"},
    "core.selection": {"distinct", "carry_out", "changed"},
    "core.sessions": {"open_values", "issue_ticket", "ticket_values", "close_all", "close_those_of"},
    "core.settings": {"load"},
    "core.step_up": {"is_recent", "require_recent", "renew"},
    "core.totp": {"new_seed", "as_text", "uri", "code_of", "step_at", "read"},
}


def imported(path):
    """The top-level packages that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path):
    folder, packages = path.relative_to(ROOT).parts[0], set(imported(path))
    assert packages & OURS <= MAY_IMPORT[folder]
    assert not packages & FOREIGN[folder]


def public_functions():
    for found in pkgutil.iter_modules(core.__path__, "core."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield module.__name__, name, function


@pytest.mark.parametrize(
    ("module", "name", "function"), list(public_functions()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_use_case_wears_a_guard(module, name, function):
    guarded = isinstance(getattr(function, "guard", None), Permission | str)
    assert guarded != (name in PLUMBING.get(module, set()))
    if guarded:
        assert function.__doc__


def test_every_permission_guards_something_or_decides_something():
    used = " ".join(path.read_text() for path in FILES)
    unused = {permission.name for permission in Permission if f"Permission.{permission.name}" not in used}
    assert unused == set()


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_every_page_begins_by_guarding_itself(path):
    statements = [
        node for node in ast.parse(path.read_text()).body if not isinstance(node, ast.Import | ast.ImportFrom)
    ]
    first = (
        statements[1]
        if isinstance(statements[0], ast.Expr) and ast.get_docstring(ast.parse(path.read_text()))
        else statements[0]
    )
    call = first.value if isinstance(first, ast.Assign | ast.Expr) else None
    assert isinstance(call, ast.Call)
    assert ast.unparse(call.func) in {"enter", "visitors_only", "anybody"}


def refusals(kind=Refusal):
    for subclass in kind.__subclasses__():
        yield subclass
        yield from refusals(subclass)


@pytest.mark.parametrize("refusal", list(refusals()), ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_its_french_sentence(refusal):
    from ui import messages

    assert refusal in messages.SENTENCES


def test_core_says_nothing_to_people():
    """Refusals are facts; only SetupError, for the person who runs the application, carries a sentence."""
    for node in ast.walk(ast.parse((ROOT / "core" / "errors.py").read_text())):
        assert not isinstance(node, ast.JoinedStr)


def test_every_public_class_and_function_of_core_says_what_it_is():
    for module, name, function in public_functions():
        assert function.__doc__, f"{module}.{name}"


# What silences a tool, then what tells why: in brackets, or after another mark. « import-untyped » says it itself.
SILENCED = re.compile(r"# (?:noqa|type: ignore)(?!\[import-untyped\])(.*)")
TOLD = re.compile(r": [A-Z0-9, ]+ \(.+\).*|\[[\w, -]+\] # .+")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_silences_a_tool_tells_why(path):
    found = (SILENCED.search(line) for line in path.read_text().splitlines())
    assert [silenced[0] for silenced in found if silenced and not TOLD.fullmatch(silenced[1])] == []


# A space that no line ends on (U+00A0) stands before « : ; ! ? » and inside the marks of a quotation.
UNTIDY = re.compile(r" [:;!?](?=\s|$)|«(?!\u00a0)|(?<!\u00a0)»")


def sentences(path):
    """The texts of a Python file, but for SQL and what only its readers see."""
    tree = ast.parse(path.read_text())
    notes = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [text.value for text in texts if text not in notes and "asso." not in text.value]


@pytest.mark.parametrize("path", [path for path in FILES if "db" not in path.parts], ids=lambda path: path.name)
def test_french_sentences_have_the_spaces_of_french(path):
    assert [said for said in sentences(path) if UNTIDY.search(said)] == []


@pytest.mark.parametrize(
    "path", [path for folder in ("ui", "web") for path in (ROOT / folder).rglob("*.js")], ids=lambda path: path.name
)
def test_so_have_those_of_the_browser(path):
    code = re.sub(r"^ *//.*$", "", path.read_text(), flags=re.MULTILINE).replace("\\u00a0", "\u00a0")
    assert [said for said in re.findall(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`', code) if UNTIDY.search(said[1:-1])] == []
