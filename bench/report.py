"""What was measured, in French: a table for the terminal, and the page docs/performances.md."""

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

import psutil

from bench import peer
from bench.results import CROWD_P95, IMPORT_SECONDS, SCENARIOS, Clicks, Import, Pair, Results, Size, target
from bench.words import FOOT, HEAD

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "performances.md"
SPACE: Final = "\u00a0"


def number(value: float, digits: int = 0) -> str:
    """« 1 000 000 », « 0,25 »."""
    return f"{value:,.{digits}f}".replace(",", SPACE).replace(".", ",")


def lines(size: Size) -> Iterator[tuple[str, str, Pair, float | None]]:
    """Each scenario's name, the network, its pair and its target, in the order of the table."""
    for scenario, name in SCENARIOS.items():
        for (of, far), pair in size.pairs.items():
            if of == scenario:
                yield name, f"{far}{SPACE}ms", pair, target(size.people, scenario, far)


def verdict(ratio: float, wanted: float | None) -> str:
    """In honest words."""
    if wanted is None:
        return "sans objectif"
    return "atteint" if ratio <= wanted else f"manqué ({number(ratio, 3)} au lieu de {number(wanted, 2)})"


def in_columns(size: Size) -> str:
    """The figures of one size, for the terminal."""
    said = [f"{number(size.people)} fiches : application, Django admin, rapport"]
    for name, far, pair, wanted in lines(size):
        times = f"{number(pair.ours, 1):>9} {number(pair.theirs, 1):>9} ms"
        said += [f"  {name:<24} {far:>6} {times} {number(pair.ratio, 3):>9}  {verdict(pair.ratio, wanted)}"]
    return "\n".join([*said, ""])


def besides(results: Results) -> str:
    """The other figures, for the terminal."""
    return "\n".join(line.replace("**", "").replace("|", " ") for line in _others(results))


def as_page(results: Results, *, day: str) -> str:
    """The text of docs/performances.md."""
    tables = "\n".join(line for size in results.sizes for line in _table(size))
    missed = [
        f"{name}, {number(size.people)} fiches, {far} : {verdict(pair.ratio, wanted)}"
        for size in results.sizes
        for name, far, pair, wanted in lines(size)
        if wanted is not None and pair.ratio > wanted
    ]
    if results.crowd.ours.p95 > CROWD_P95:
        missed.append(f"cent personnes : {number(results.crowd.ours.p95)} ms au 95e centile")
    if results.imported.seconds > IMPORT_SECONDS:
        missed.append(f"import de {number(results.imported.rows)} lignes : {number(results.imported.seconds)} s")
    summary = "Tous les objectifs sont atteints." if not missed else "Objectifs manqués :\n\n- " + "\n- ".join(missed)
    head = HEAD.format(day=day, machine=machine(), versions=versions(), summary=summary)
    return "\n".join([head, tables, "## Cent personnes à la fois, mémoire, connexion", "", *_others(results), "", FOOT])


def _table(size: Size) -> Iterator[str]:
    yield f"## {number(size.people)} fiches"
    yield ""
    yield "| Geste | Réseau | Application | Django admin | Rapport | Objectif | |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for name, far, pair, wanted in lines(size):
        goal = "–" if wanted is None else f"≤ {number(wanted, 2)}"
        times = f"{number(pair.ours, 1)} | {number(pair.theirs, 1)} | {number(pair.ratio, 3)}"
        yield f"| {name} | {far} | {times} | {goal} | {verdict(pair.ratio, wanted)} |"
    yield ""
    if size.indexed:
        yield "Sans délai, et avec un index (nom, prénom) de plus, qu'un projet Django soigneux s'ajouterait :"
        yield ""
        yield from (
            f"- {SCENARIOS[scenario]} : {number(pair.ours, 1)} ms contre {number(pair.theirs, 1)}, "
            f"rapport {number(pair.ratio, 3)}"
            for scenario, pair in size.indexed.items()
        )
        yield ""


def _others(results: Results) -> Iterator[str]:
    crowd, sign_in = results.crowd, results.sign_in
    yield f"| {crowd.people} personnes, un clic toutes les 2 s | médiane | 95e centile | clics par s | clics sautés |"
    yield "|---|---:|---:|---:|---:|"
    yield _clicks("Application", crowd.ours)
    yield _clicks("Django admin", crowd.theirs)
    yield ""
    reached = "atteint" if crowd.ours.p95 <= CROWD_P95 else "manqué"
    yield f"- 95e centile de l'application : objectif de {number(CROWD_P95)} ms **{reached}**."
    yield (
        f"- Mémoire : {number(crowd.session / 1024)} Kio par session de plus ; "
        f"{number(crowd.ours.memory / 2**20)} Mio pour l'application avec {crowd.people} sessions, "
        f"{number(crowd.theirs.memory / 2**20)} Mio pour gunicorn, dont les pages n'ont pas d'état."
    )
    yield (
        f"- Connexion par email et mot de passe, du bouton au cookie : {number(sign_in.ours)} ms, soit "
        f"{number(sign_in.ratio, 2)} fois le hachage seul (bcrypt 12 : {number(sign_in.theirs)} ms)."
    )
    yield _imported(results.imported)


def _imported(one: Import) -> str:
    reached = "atteint" if one.seconds <= IMPORT_SECONDS else "manqué"
    return (
        f"- Import de {number(one.rows)} lignes par l'écran : fichier lu en {number(one.read, 1)} s, aperçu en "
        f"{number(one.planned, 1)} s, fiches écrites en {number(one.written, 1)} s, soit {number(one.seconds, 1)} s en "
        f"tout (objectif de {number(IMPORT_SECONDS)} s **{reached}**) ; les clics d'une autre personne pendant ce "
        f"temps : médiane {number(one.clicks.p50)} ms, 95e centile {number(one.clicks.p95)} ms, le plus long "
        f"{number(one.longest)} ms."
    )


def _clicks(who: str, clicks: Clicks) -> str:
    return (
        f"| {who} | {number(clicks.p50)} ms | {number(clicks.p95)} ms | {number(clicks.rate, 1)} | {clicks.skipped} |"
    )


def machine() -> str:
    """Its processor, cores, memory and system."""
    kind = next((line.partition(": ")[2] for line in _processor() if line.startswith("model name")), platform.machine())
    memory = number(psutil.virtual_memory().total / 2**30)
    return f"{kind}, {os.cpu_count()} cœurs, {memory} Gio, {platform.system()} {platform.release()}"


def _processor() -> list[str]:
    known = Path("/proc/cpuinfo")
    return known.read_text("utf-8").splitlines() if known.exists() else []


def versions() -> str:
    """Of what was measured."""
    ours = f"Python {platform.python_version()}, Streamlit {version('streamlit')}, PostgreSQL 18 embarqué"
    return f"{ours} ; {peer.versions()}, psycopg2 {version('psycopg2-binary')}"
