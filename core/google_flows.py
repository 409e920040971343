"""A visit to Google under way: begun on a page, bound to the browser, over once it is back (R7, V10.1.2)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from core import invites, limits, sealing, step_up
from core.errors import GoogleInterrupted, GoogleNotConfigured, MissingField
from core.figures import GOOGLE_FLOW
from core.office import Office, digest
from core.roles import Actor, Permission, Visitor, open_to_visitors, requires

_PURPOSE: Final = "google_flow"


class Purpose(StrEnum):
    """What somebody goes to Google for."""

    SIGN_IN = "sign_in"
    ACTIVATION = "activation"
    LINK = "link"
    STEP_UP = "step_up"


@dataclass(frozen=True)
class Flow:
    """One visit; `to` is the page to come back to, `code` the invitation code of an activation."""

    state: str
    nonce: str
    verifier: str
    purpose: Purpose
    to: str | None = None
    code: str | None = None
    # Who asked, in which session: a link or a step-up can only end there.
    user_id: UUID | None = None
    session_id: UUID | None = None

    def is_of(self, actor: Actor) -> bool:
        """Whether `actor` began this visit, in the session that is open now."""
        return (self.user_id, self.session_id) == (actor.user_id, actor.session_id)


@open_to_visitors
def begin_sign_in(office: Office, visitor: Visitor, *, browser: str | None, to: str | None) -> str:
    """The state of a visit to sign in and then open the page `to`; raises GoogleNotConfigured, TooManyAttempts.

    `browser` is the value of the browser's cookie, without which nothing can be bound to it (GoogleInterrupted).
    """
    limits.count_request(office, visitor)
    return _begin(office, browser, Purpose.SIGN_IN, to=to)


@open_to_visitors
def begin_activation(office: Office, visitor: Visitor, *, browser: str | None, code: str) -> str:
    """The state of a visit to activate the access of `code`, which is sealed and never in an address.

    Raises what invites.redeem raises for the code, counted alike: nobody goes to Google with a wrong one.
    """
    if not code.strip():
        raise MissingField("code")
    invites.probe(office, visitor, code=code)
    return _begin(office, browser, Purpose.ACTIVATION, code=code)


@requires(Permission.ACCOUNT_OWN)
def begin_link(office: Office, actor: Actor, *, browser: str | None) -> str:
    """The state of a visit to link a Google account to the actor's; raises StepUpNeeded."""
    step_up.require_recent(office, actor)
    return _begin_own(office, actor, browser, Purpose.LINK)


@requires(Permission.ACCOUNT_OWN)
def begin_step_up(office: Office, actor: Actor, *, browser: str | None, to: str | None) -> str:
    """The state of a visit to prove again, with the linked Google account, who the actor is."""
    return _begin_own(office, actor, browser, Purpose.STEP_UP, to=to)


def _begin_own(office: Office, actor: Actor, browser: str | None, purpose: Purpose, to: str | None = None) -> str:
    with office.begin() as db:
        limits.count_command(db, office, actor)
    return _begin(office, browser, purpose, to=to, user_id=actor.user_id, session_id=actor.session_id)


# Visits that nobody came back from go away with the server's periodic work (core/retention.py).
_KEEP: Final = text("""
INSERT INTO asso.oidc_flows (state_hash, browser_hash, sealed, created_at, expires_at)
VALUES (:key, :browser, :sealed, :now, :expires_at)
""")


def _begin(office: Office, browser: str | None, purpose: Purpose, **facts: Any) -> str:
    if office.settings.google is None:
        raise GoogleNotConfigured
    if not browser:
        raise GoogleInterrupted
    flow = Flow(state=office.token(), nonce=office.token(), verifier=office.token(), purpose=purpose, **facts)
    keep(office, flow.state, browser, {"flow": asdict(flow)}, life=GOOGLE_FLOW)
    return flow.state


def keep(office: Office, token: str, browser: str, content: Mapping[str, Any], *, life: timedelta) -> None:
    """Seal `content` under `token`, for this browser and for a while; only the token's digest is kept."""
    now, key = office.now(), digest(token)
    sealed = sealing.encrypt(office, _PURPOSE, json.dumps(content, default=str).encode(), bound_to=key.hex())
    values = {"key": key, "browser": digest(browser), "sealed": sealed}
    office.ask(_KEEP, **values, now=now, expires_at=now + life)


_READ: Final = text("""
SELECT sealed FROM asso.oidc_flows WHERE state_hash = :key AND browser_hash = :browser AND expires_at > :now
""")
# One statement: of two requests with the same token only one gets the row, and another browser takes nothing.
_TAKE: Final = text("""
DELETE FROM asso.oidc_flows WHERE state_hash = :key AND browser_hash = :browser AND expires_at > :now
RETURNING sealed
""")


def find(office: Office, token: str, browser: str | None, *, take: bool) -> dict[str, Any] | None:
    """What `keep` sealed under `token` for this browser, once when it is taken; None when there is no such thing."""
    values = {"key": (key := digest(token)), "browser": digest(browser or ""), "now": office.now()}
    rows = office.ask(_TAKE if take else _READ, **values)
    if not rows:
        return None
    found: dict[str, Any] = json.loads(sealing.decrypt(office, _PURPOSE, bytes(rows[0].sealed), bound_to=key.hex()))
    return found


@open_to_visitors
def depart(office: Office, *, browser: str | None, state: str) -> Flow:
    """The visit that begins, for the address of Google's page; raises GoogleInterrupted when there is none."""
    return _flow(find(office, state, browser, take=False))


@open_to_visitors
def come_back(office: Office, *, browser: str | None, state: str) -> Flow:
    """The visit that ends, once, in the browser that began it and within ten minutes; raises GoogleInterrupted."""
    return _flow(find(office, state, browser, take=True))


def _flow(found: dict[str, Any] | None) -> Flow:
    if found is None or "flow" not in found:
        raise GoogleInterrupted
    facts = found["flow"]
    ids = {name: facts[name] and UUID(facts[name]) for name in ("user_id", "session_id")}
    return Flow(**(facts | ids | {"purpose": Purpose(facts["purpose"])}))
