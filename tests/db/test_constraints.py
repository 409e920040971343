"""The constraints are the law: each named rule, broken on purpose by the application's own role."""

import psycopg2
import pytest

FICHE = (
    'INSERT INTO asso.personnes ("ID_PERSONNE", nom, prenom, role, created_at, updated_at, {more}) '
    "VALUES (gen_random_uuid(), {nom}, 'P', {role}, now(), now(), {value})"
)


def broken(database, statement):
    with pytest.raises(psycopg2.errors.IntegrityError) as error:
        database.run(statement, role="asso_app")
    return error.value.diag.constraint_name


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("role = 'chef'", "ck_personnes_role_known"),
        ("nom = '  '", "ck_personnes_nom_sized"),
        ("nom = repeat('x', 5001)", "ck_personnes_nom_sized"),
        ("prenom = ''", "ck_personnes_prenom_sized"),
        ("telephone_2 = repeat('1', 61)", "ck_personnes_telephones_sized"),
        ("updated_at = created_at - interval '1 s'", "ck_personnes_dates_in_order"),
        ("archived_at = created_at - interval '1 s'", "ck_personnes_dates_in_order"),
    ],
)
def test_a_fiche_keeps_its_rules(database, marie, change, constraint):
    assert broken(database, f"UPDATE asso.personnes SET {change}") == constraint


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("password_hash = NULL", "ck_users_has_a_way_in"),
        ("email = repeat('x', 300)", "ck_users_email_sized"),
        ("last_sign_in_at = created_at - interval '1 s'", "ck_users_dates_in_order"),
        ("personne_id = gen_random_uuid()", "fk_users_personne_id"),
    ],
)
def test_an_account_keeps_its_rules(database, marie, change, constraint):
    assert broken(database, f"UPDATE asso.users SET {change}") == constraint


@pytest.mark.parametrize("email", ["MARIE@EXEMPLE.FR", "ｍarie@exemple.fr"])
def test_an_address_is_unique_whatever_its_case_or_unicode_form(database, marie, karim, email):
    statement = f"UPDATE asso.users SET email = '{email}' WHERE email = 'karim@exemple.fr'"
    assert broken(database, statement) == "uq_users_email_key"


INVITE = (
    'INSERT INTO asso.user_invites ("ID_INVITE", token, "ID_PERSONNE", created_at, expires_at, redeemed_at, revoked_at)'
    ' SELECT gen_random_uuid(), sha256(gen_random_uuid()::text::bytea), "ID_PERSONNE", now(), '
    "now() + {life}, {redeemed}, {revoked} FROM asso.personnes"
)


@pytest.mark.parametrize(
    ("life", "redeemed", "revoked", "constraint"),
    [
        ("interval '721 h'", "NULL", "NULL", "ck_user_invites_life_at_most_30_days"),
        ("interval '-1 h'", "NULL", "NULL", "ck_user_invites_life_at_most_30_days"),
        ("interval '1 h'", "now() + interval '2 h'", "NULL", "ck_user_invites_redeemed_while_alive"),
        ("interval '1 h'", "now()", "now()", "ck_user_invites_redeemed_or_revoked"),
        ("interval '1 h'", "NULL", "now() - interval '1 h'", "ck_user_invites_revoked_after_creation"),
    ],
)
def test_an_invitation_keeps_its_rules(database, jean, life, redeemed, revoked, constraint):
    assert broken(database, INVITE.format(life=life, redeemed=redeemed, revoked=revoked)) == constraint


def test_a_personne_has_one_live_invitation(database, jean):
    live = INVITE.format(life="interval '1 h'", redeemed="NULL", revoked="NULL")
    database.run(live, role="asso_app")
    assert broken(database, live) == "uq_user_invites_one_live_per_personne"


def test_an_erased_personne_takes_its_invitations_along(database, jean):
    database.run(INVITE.format(life="interval '1 h'", redeemed="NULL", revoked="NULL"), role="asso_app")
    database.run("DELETE FROM asso.personnes", role="asso_app")
    assert database.run("SELECT count(*) FROM asso.user_invites") == [(0,)]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("expires_at = created_at + interval '9 h'", "ck_user_sessions_life_at_most_8_hours"),
        ("last_seen_at = created_at - interval '1 s'", "ck_user_sessions_dates_in_order"),
        ("closed_at = now()", "ck_user_sessions_closed_with_a_reason"),
        ("closed_at = now(), closed_reason = 'x'", "ck_user_sessions_closed_reason_known"),
        ("token_hash = 'clair'", "ck_user_sessions_token_is_a_digest"),
    ],
)
def test_a_session_keeps_its_rules(database, marie, change, constraint):
    assert broken(database, f"UPDATE asso.user_sessions SET {change}") == constraint


def test_a_ticket_lives_thirty_seconds_at_most(database, marie):
    statement = (
        "INSERT INTO asso.session_tickets SELECT sha256('x'), id, now(), now() + interval '31 s' FROM asso.users"
    )
    assert broken(database, statement) == "ck_session_tickets_life_at_most_30_seconds"


def test_a_counter_never_passes_what_it_allows(database, office):
    statement = (
        "INSERT INTO asso.rate_counters (name, key, hits, allowed, grows, started_at, forgotten_at) "
        "VALUES ('x', sha256('x'), 4, 3, false, now(), now() + interval '1 h')"
    )
    assert broken(database, statement) == "ck_rate_counters_at_most_allowed"


def test_a_private_view_has_an_owner(database, office):
    statement = (
        "INSERT INTO asso.saved_views (id, owner_id, name, query, shared, created_at) "
        "VALUES (gen_random_uuid(), NULL, 'Vue', '{}', {shared}, now())"
    )
    assert broken(database, statement.replace("{shared}", "false")) == "ck_saved_views_private_has_owner"
    database.run(statement.replace("{shared}", "true"), role="asso_app")


def test_the_chain_has_one_head(database):
    with pytest.raises(psycopg2.errors.IntegrityError, match="ck_audit_head_one_row"):
        database.run("INSERT INTO asso.audit_head VALUES (2, 0, '')", role="postgres")


@pytest.mark.parametrize(
    ("typed", "key"),
    [("Élise  D’Œuvre-Æther", "elise d oeuvre aether"), ("ÀÉÎÕÜŸÇ", "aeiouyc"), (" O'Brien ", "o brien")],
)
def test_the_key_of_a_name_ignores_case_accents_and_signs(database, typed, key):
    assert database.run("SELECT asso.cle(%s)", typed) == [(key,)]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [("+33 6 12", "0612"), ("0033612", "0612"), ("+33 (0)6 12", "0612"), ("+32 470", "32470"), (None, "")],
)
def test_the_digits_of_a_phone_are_those_one_dials(database, typed, digits):
    assert database.run("SELECT asso.chiffres(%s)", typed) == [(digits,)]
