"""A sign-in by the screen of Connexion, up to the cookie, beside the password's hash alone."""

import http.client
import json
import time
from statistics import median
from urllib.parse import urlsplit

import bcrypt

from bench.results import Pair
from bench.screen import NotAsExpected, Screen
from bench.world import PASSWORD
from core.figures import BCRYPT_COST


async def measure(url: str, email: str, *, rounds: int) -> Pair:
    """The medians of a sign-in of `email` and of one bcrypt check, in turn."""
    kept = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(BCRYPT_COST))
    sign_ins, checks = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        bcrypt.checkpw(PASSWORD.encode(), kept)
        checks.append((time.perf_counter() - began) * 1000)
        sign_ins.append(await sign_in(url, email))
    return Pair(median(sign_ins), median(checks))


async def sign_in(url: str, email: str) -> float:
    """The milliseconds from the button to the cookie; raises NotAsExpected when it is refused."""
    async with Screen(url, "connexion") as screen:
        await screen.open()
        run = await screen.change("Se connecter", True, and_before={"email": email, "password": PASSWORD})
        if not run.ticket:
            raise NotAsExpected(f"connexion : {run.texts}")
    return run.ms + _exchange(url, run.ticket)


def _exchange(url: str, ticket: str) -> float:
    """What the browser does with the ticket; the milliseconds it takes."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "User-Agent": "bench"}
    connection.request("POST", "/session", json.dumps({"ticket": ticket}), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != http.client.NO_CONTENT:
        raise NotAsExpected(f"/session : {answer.status}")
    return (time.perf_counter() - began) * 1000
