"""Streamlit's own files, and ours."""

import gzip
import re
import threading
import time

import brotli
import pytest

from tests.core.test_invites import race
from tests.web.conftest import STATIC, TestClient
from web.assets import Assets
from web.compression import PACKERS
from web.static import Copies, StaticFiles

CODE = min(STATIC.glob("static/js/index.*.js"))
ADDRESS = f"/static/js/{CODE.name}"
FONT = next(STATIC.glob("static/media/KaTeX_Main-Regular*.woff2"))


@pytest.fixture
def small(tmp_path):
    """A folder of static files that is quickly copied."""
    folder = tmp_path / "streamlit"
    (folder / "static/js").mkdir(parents=True)
    (folder / "index.html").write_text('<script src="./static/js/first.js"></script>')
    for name in ("another.js", "first.js"):
        (folder / "static/js" / name).write_text("let x = 1;" * 500)
    return folder


def prepared(static, var):
    copies = Copies(static, var, version="1")
    copies.prepare()
    for thread in threading.enumerate():
        if thread.name == "static-copies":
            thread.join()
    return copies


@pytest.mark.parametrize(("accepts", "encoding"), [("gzip, br", "gzip"), ("br", ""), ("gzip;q=0", ""), ("", "")])
def test_until_the_copies_are_there_a_file_is_packed_on_the_way(browser, accepts, encoding):
    answer = browser().get(ADDRESS, headers={"accept-encoding": accepts})
    assert answer.headers.get("content-encoding", "") == encoding
    assert answer.content == CODE.read_bytes()


def test_a_file_is_packed_once_for_however_many_ask_at_once(small, tmp_path, monkeypatch):
    packed = []
    monkeypatch.setitem(
        PACKERS, "gzip", lambda content: (packed.append(1), time.sleep(0.05), gzip.compress(content))[-1]
    )
    edge = StaticFiles(None, copies=Copies(small, tmp_path / "var", version="1"))
    client = TestClient(edge, headers={"accept-encoding": "gzip"})
    bodies = race(8, lambda _: client.get("/static/js/first.js").content)
    assert (set(bodies), len(packed)) == ({b"let x = 1;" * 500}, 1)


@pytest.mark.parametrize(("accepts", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("deflate", ""), ("", "")])
def test_a_copy_is_served_as_the_browser_likes_it(small, tmp_path, accepts, encoding):
    found = prepared(small, tmp_path / "var").find("static/js/first.js", accepts)
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
    assert (found[1] if found else "") == encoding
    assert not found or unpack[found[1]](found[0].read_bytes()) == b"let x = 1;" * 500


def test_a_real_copy_reaches_the_browser_whole(browser, settings):
    store = Copies(STATIC, settings.var, version="test").store
    store.mkdir(parents=True)
    (store / f"static_js_{CODE.name}.br").write_bytes(brotli.compress(CODE.read_bytes(), quality=1))
    answer = browser().get(ADDRESS, headers={"accept-encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert answer.content == CODE.read_bytes()


def test_a_hashed_file_is_kept_for_good_and_has_its_type(browser):
    headers = browser().get(ADDRESS).headers
    assert headers["cache-control"] == "public, immutable, max-age=31536000"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-type"].startswith("text/javascript")


def test_a_font_is_not_packed_twice(browser):
    answer = browser().get(f"/static/media/{FONT.name}", headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"] == "font/woff2"


@pytest.mark.parametrize("path", ["/static/js/absent.js", "/static/../index.html", "/static/", "/static/%2e%2e/x"])
def test_a_file_that_is_not_there_is_not_replaced_by_a_page(browser, path):
    assert browser().get(path).status_code == 404


def test_files_are_only_read(browser):
    assert browser().post(ADDRESS).status_code == 405
    assert browser().head(ADDRESS).status_code == 200


def test_what_a_page_loads_first_is_copied_first(small, tmp_path):
    (small / "static/js/a.js").write_text("1")
    order = Copies(small, tmp_path / "var", version="1")._in_order()
    assert order == ["static/js/first.js", "static/js/a.js", "static/js/another.js"]


def test_two_starts_at_once_leave_whole_copies(small, tmp_path):
    both = [Copies(small, tmp_path / "var", version="1") for _ in range(2)]
    threads = [threading.Thread(target=copies.make) for copies in both]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    copies = sorted(both[0].store.glob("*.br"))
    assert {brotli.decompress(path.read_bytes()) for path in copies} == {b"let x = 1;" * 500}
    assert not list(both[0].store.glob("*.part"))


def test_a_second_start_makes_no_copy_again(small, tmp_path):
    first = prepared(small, tmp_path / "var")
    dates = {path: path.stat().st_mtime_ns for path in first.store.iterdir()}
    second = prepared(small, tmp_path / "var")
    assert {path: path.stat().st_mtime_ns for path in second.store.iterdir()} == dates


def test_an_empty_or_lost_copy_is_not_served(small, tmp_path):
    copies = prepared(small, tmp_path / "var")
    lost, emptied = sorted(copies.store.glob("*.br"))
    lost.unlink()
    emptied.write_bytes(b"")
    assert copies.find("static/js/another.js", "br") is None
    assert Copies(small, tmp_path / "var", version="1").find("static/js/first.js", "br") is None


def test_the_copies_of_an_older_streamlit_go_away(small, tmp_path):
    old = prepared(small, tmp_path / "var").store
    (small / "static/js/new.js").write_text("2")
    assert prepared(small, tmp_path / "var").store != old
    assert not old.exists()


def test_a_folder_that_cannot_be_written_costs_only_time(small, tmp_path, caplog):
    (tmp_path / "var").write_text("a file")
    copies = prepared(small, tmp_path / "var")
    assert copies.find("static/js/first.js", "br") is None
    assert "No compressed copies" in caplog.text


def test_our_files_are_kept_for_good_under_the_address_that_names_their_content(browser):
    address = re.search(r"/asso/francais\.js\?v=\w+", browser().get("/").text)[0]
    assert "immutable" in browser().get(address).headers["cache-control"]
    assert browser().get("/asso/francais.js?v=old").headers["cache-control"] == "public, max-age=3600"


def test_a_file_of_ours_that_has_not_changed_is_not_sent_again(browser):
    tag = browser().get("/asso/logo.svg").headers["etag"]
    answer = browser().get("/asso/logo.svg", headers={"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("path", ["/asso/absent.js", "/asso/../pages.py", "/asso/fonts", "/asso/fonts/LICENSE.txt"])
def test_only_the_files_of_the_folder_are_public(browser, path):
    assert browser().get(path).status_code == 404


def test_every_file_of_ours_has_its_type(browser):
    client = browser()
    kinds = {client.get(f"/asso/{name}").headers["content-type"].partition(";")[0] for name in Assets().tags}
    assert kinds == {"text/javascript", "image/svg+xml", "font/woff2"}
