"""The SQL functions of the migrations, kept apart because they are read more often than run."""

# A database of locale C lowers A to Z only: letters lose their accents before, and those that are made of no other
# letter are named. Every collation that knows more is missing from some server.
_LOWER = "translate(lower(normalize(t, {form})), 'ÆŒØĐÐÞŁĦŦŊ', 'æœøđðþłħŧŋ')"

# Lower case, without accents, apostrophes or hyphens: one definition for what is sorted, searched and typed.
# Only core SQL: the embedded PostgreSQL has no contrib extension and no ICU.
CLE = rf"""
CREATE OR REPLACE FUNCTION asso.cle(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
  regexp_replace(replace(replace({_LOWER.format(form="NFD")}, 'œ', 'oe'), 'æ', 'ae'), '[\u0300-\u036f]', '', 'g'),
  '[''’‘‐‑–—\s-]+', ' ', 'g'))
"""

# The digits of a phone as people dial them in France: +33 6 12, 0033 6 12 and 06 12 are the same.
CHIFFRES = r"""
CREATE OR REPLACE FUNCTION asso.chiffres(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(regexp_replace(regexp_replace(coalesce(t, ''), '[^0-9+]', '', 'g'), '^(\+33|0033)0?', '0'),
  '\+', '', 'g')
"""

# Addresses that differ only by case or by Unicode form are one address (T1).
EMAIL_KEY = f"""
CREATE OR REPLACE FUNCTION asso.email_key(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN normalize({_LOWER.format(form="NFKD")}, NFC)
"""

# What a row says, as one digest. The chain then covers digests only, so that personal data older than a year can
# be blanked later while the chain still verifies (house decision 7).
AUDIT_CONTENT = """
CREATE FUNCTION asso.audit_content(
  seq bigint, at timestamptz, deed text, outcome text, actor_id uuid, personne_id uuid, ip text, details jsonb
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256(convert_to(jsonb_build_array(
  seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), deed, outcome, actor_id, personne_id, ip, details
)::text, 'UTF8'))
"""

# Runs with the owner's rights: the application can neither read-modify the head nor choose a digest.
# The lock on the head makes writers wait for one another, so the log is the last thing a transaction writes.
# By the index always: a plan made while the log is short outlives it, and would read the whole log for each entry. Up
# to PostgreSQL 17 that gives the head, which has no index, a price at which its plan is compiled: 15 ms for each entry.
AUDIT_CHAIN = """
CREATE OR REPLACE FUNCTION asso.audit_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off SET jit = off AS $$
DECLARE head asso.audit_head; before record;
BEGIN
  SELECT * INTO STRICT head FROM asso.audit_head FOR UPDATE;
  -- The rows of this statement so far, which the head does not know yet.
  SELECT seq, digest INTO before FROM asso.audit_log WHERE seq > head.seq ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(before.seq, head.seq) + 1;
  NEW.content_digest := asso.audit_content(
    NEW.seq, NEW.at, NEW.deed, NEW.outcome, NEW.actor_id, NEW.personne_id, NEW.ip, NEW.details);
  NEW.digest := sha256(coalesce(before.digest, head.digest) || NEW.content_digest);
  RETURN NEW;
END $$
"""

# Once for a statement: every change of the head leaves a version behind, over which each later row would walk.
AUDIT_HEAD = """
CREATE OR REPLACE FUNCTION asso.audit_head_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET enable_seqscan = off SET jit = off AS $$
BEGIN
  UPDATE asso.audit_head AS head SET seq = last.seq, digest = last.digest
  FROM (SELECT seq, digest FROM asso.audit_log ORDER BY seq DESC LIMIT 1) AS last WHERE last.seq > head.seq;
  RETURN NULL;
END $$
"""

AUDIT_REFUSE = """
CREATE FUNCTION asso.audit_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION 'audit_log is append-only' USING ERRCODE = '42501';
END $$
"""

# Counts one try against each of `limits` ([{name, key, allowed, grows, seconds}, ...]) or, when one of them is
# exhausted, against none. A try is counted before its outcome is known, so that parallel tries all count; rows are
# locked in one order, so that two callers never wait for each other. After `allowed` tries the rest of the window
# is refused or, where the limit grows, one minute, then two, then four... up to an hour. `wait` is how long to wait
# when this try was refused, `next_wait` how long before the next one when this was the last.
RESERVE = """
CREATE FUNCTION asso.reserve(limits jsonb, at timestamptz, OUT wait interval, OUT next_wait interval)
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE one record; counter asso.rate_counters;
BEGIN
  FOR one IN SELECT * FROM asso.wanted_limits(limits) LOOP
    INSERT INTO asso.rate_counters AS c (name, key, hits, allowed, grows, started_at, forgotten_at)
    VALUES (one.name, one.key, 0, one.allowed, one.grows, at, at + one.span)
    ON CONFLICT (name, key) DO UPDATE SET
      hits = CASE WHEN c.forgotten_at <= at THEN 0 WHEN one.grows THEN c.hits ELSE least(c.hits, one.allowed) END,
      allowed = one.allowed,
      grows = one.grows,
      started_at = CASE WHEN c.forgotten_at <= at THEN at ELSE c.started_at END,
      blocked_until = CASE WHEN c.forgotten_at <= at THEN NULL ELSE c.blocked_until END,
      forgotten_at = CASE WHEN c.forgotten_at <= at THEN EXCLUDED.forgotten_at ELSE c.forgotten_at END
    RETURNING c.* INTO counter;
    wait := greatest(wait, CASE
      WHEN counter.blocked_until > at THEN counter.blocked_until - at
      WHEN counter.hits >= one.allowed AND NOT one.grows THEN counter.forgotten_at - at END);
  END LOOP;
  IF wait IS NOT NULL THEN RETURN; END IF;
  FOR one IN SELECT * FROM asso.wanted_limits(limits) LOOP
    UPDATE asso.rate_counters AS c SET hits = c.hits + 1, blocked_until = CASE
      WHEN c.hits + 1 < one.allowed THEN NULL
      WHEN one.grows THEN
        at + least(interval '1 minute' * power(2, least(c.hits + 1 - one.allowed, 6)), interval '1 hour')
      ELSE c.started_at + one.span END
    WHERE c.name = one.name AND c.key = one.key RETURNING c.* INTO counter;
    UPDATE asso.rate_counters AS c SET forgotten_at = c.blocked_until + one.span
    WHERE c.name = one.name AND c.key = one.key AND one.grows AND c.blocked_until IS NOT NULL;
    next_wait := greatest(next_wait, counter.blocked_until - at);
  END LOOP;
END $$
"""

WANTED_LIMITS = """
CREATE FUNCTION asso.wanted_limits(limits jsonb)
RETURNS TABLE (name text, key bytea, allowed int, grows boolean, span interval)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT w.name, decode(w.key, 'hex'), w.allowed, w.grows, make_interval(secs => w.seconds)
  FROM jsonb_to_recordset(limits) AS w(name text, key text, allowed int, grows boolean, seconds int)
  ORDER BY w.name, w.key;
END
"""

# The outcome was good: the tries of these counters are given back, one each, or all of them. Row after row, in the
# order of asso.reserve: one UPDATE of them all locks them as they stand in the table, and two callers wait for each
# other.
GIVE_BACK = """
CREATE OR REPLACE FUNCTION asso.give_back(limits jsonb, everything boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE one record;
BEGIN
  FOR one IN SELECT * FROM asso.wanted_limits(limits) LOOP
    UPDATE asso.rate_counters AS c SET
      hits = CASE WHEN everything THEN 0 ELSE greatest(c.hits - 1, 0) END,
      blocked_until = CASE WHEN everything OR c.hits <= c.allowed THEN NULL ELSE c.blocked_until END
    WHERE c.name = one.name AND c.key = one.key;
  END LOOP;
END $$
"""

HEAD_FOLLOWS = """
CREATE OR REPLACE TRIGGER head_follows AFTER INSERT ON asso.audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION asso.audit_head_follows();
"""

TRIGGERS = f"""
CREATE TRIGGER chain BEFORE INSERT ON asso.audit_log FOR EACH ROW EXECUTE FUNCTION asso.audit_chain();
{HEAD_FOLLOWS}
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON asso.audit_log
  FOR EACH ROW EXECUTE FUNCTION asso.audit_refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON asso.audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION asso.audit_refuse();
CREATE TRIGGER head_stays BEFORE DELETE OR TRUNCATE ON asso.audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION asso.audit_refuse();
"""

# What somebody kept for themselves goes with their account; what they share stays. In the database, whose lock on the
# account lets no view come in between, and the one on the views no change of what is shared.
PRIVATE_VIEWS_GO = """
CREATE FUNCTION asso.private_views_go() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  PERFORM FROM asso.saved_views WHERE owner_id = OLD.id FOR UPDATE;
  DELETE FROM asso.saved_views WHERE owner_id = OLD.id AND NOT shared;
  RETURN OLD;
END $$
"""

TEXT = (CLE, CHIFFRES, EMAIL_KEY)
LATER = (AUDIT_CONTENT, AUDIT_CHAIN, AUDIT_HEAD, AUDIT_REFUSE, WANTED_LIMITS, RESERVE, GIVE_BACK)

# What the search index holds of a text: every three letters in a row of each word, and the first one and two of each
# word after a space; core/search.py says which of them a searched word must have. In plpgsql, which is four times
# faster here than sub-selects: an import waits for it.
TRIGRAMMES = """
CREATE FUNCTION asso.trigrammes(t text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE word text; grams text[] := '{}';
BEGIN
  FOREACH word IN ARRAY string_to_array(t, ' ') LOOP
    CONTINUE WHEN word = '';
    grams := array_append(array_append(grams, ' ' || left(word, 1)), ' ' || left(word, 2));
    FOR i IN 1 .. length(word) - 2 LOOP grams := array_append(grams, substr(word, i, 3)); END LOOP;
  END LOOP;
  RETURN grams;
END $$
"""
