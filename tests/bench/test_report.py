"""What is printed of a bench, and the page that is kept of it."""

import re

import pytest

from bench import benchmark, peer, report
from bench.results import FAR_TARGET, TARGETS, Clicks, Crowd, Import, Pair, Results, Size
from core.errors import SetupError

CLICKS = Clicks(p50=47.0, p95=310.0, rate=50.0, skipped=2, memory=200 << 20)
RESULTS = Results(
    sizes=(
        Size(
            100_000,
            {
                ("list", 0): Pair(30, 60),
                ("deep", 0): Pair(60, 100),
                ("list", 40): Pair(50, 300),
                ("sort", 0): Pair(1, 2),
            },
            {"list": Pair(30, 50)},
        ),
    ),
    crowd=Crowd(100, CLICKS, CLICKS, session=57 << 10),
    sign_in=Pair(330, 300),
    imported=Import(50_000, read=3.0, planned=20.0, written=38.5, clicks=CLICKS, longest=400.0),
)


def test_the_page_says_what_is_reached_and_what_is_missed():
    page = report.as_page(RESULTS, day="21/11/2026")
    assert "| Première page | 0\u00a0ms | 30,0 | 60,0 | 0,500 | ≤ 0,50 | atteint |" in page
    assert "- Dernière page, 100\u00a0000 fiches, 0\u00a0ms : manqué (0,600 au lieu de 0,25)" in page
    assert "| Première page | 40\u00a0ms | 50,0 | 300,0 | 0,167 | ≤ 0,30 | atteint |" in page
    assert "| Tri par prénom | 0\u00a0ms | 1,0 | 2,0 | 0,500 | – | sans objectif |" in page
    assert "cent personnes : 310 ms au 95e centile" in page
    assert "import de 50\u00a0000 lignes : 62 s" in page
    assert "soit 61,5 s en tout (objectif de 60 s **manqué**)" in page


def test_what_is_to_be_reached_stands_in_one_table():
    assert TARGETS == {
        100_000: {"list": 0.5, "deep": 0.25, "dupont": 0.17, "jean": 0.17},
        1_000_000: {"list": 0.2, "deep": 0.15, "dupont": 0.08, "jean": 0.08},
    }
    assert FAR_TARGET == 0.3


def test_the_terminal_says_the_same():
    assert "manqué (0,600 au lieu de 0,25)" in report.in_columns(RESULTS.sizes[0])
    assert "1,10 fois le hachage seul" in report.besides(RESULTS)


@pytest.mark.parametrize(("people", "quick"), [(5000, False), (None, True)])
def test_a_part_of_the_measure_leaves_the_page_alone(monkeypatch, tmp_path, people, quick):
    monkeypatch.setattr(report, "PAGE", tmp_path / "performances.md")
    monkeypatch.setattr(peer, "install", lambda say: None)
    monkeypatch.setattr(benchmark, "measure", lambda effort, python, say: RESULTS)
    benchmark.run(print, people=people, quick=quick)
    assert not report.PAGE.exists()
    benchmark.run(print, people=None, quick=False)
    assert report.PAGE.read_text("utf-8").startswith("# Performances")


def test_the_page_that_is_kept_is_of_a_whole_measure():
    page = report.PAGE.read_text("utf-8")
    for part in ("## 100\u00a0000 fiches", "## 1\u00a0000\u00a0000 fiches", "Mémoire", "fois le hachage seul"):
        assert part in page


def test_what_the_peer_installs_is_pinned_with_its_digests():
    packages = re.split(r"\n(?=\S)", peer.LIST.read_text("utf-8"))
    pinned = [package for package in packages if not package.startswith("#")]
    assert len(pinned) >= 5
    assert all("==" in package and "--hash=sha256:" in package for package in pinned)
    assert peer.versions().startswith("Django 5.2.")


def test_a_peer_that_cannot_be_installed_is_said_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(peer.sys, "executable", "/bin/false")
    with pytest.raises(SetupError, match="Django n'a pas pu être installé"):
        peer.install(print, tmp_path / "peer")
