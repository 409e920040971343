"""What Streamlit writes by itself is French, and what people type stays as it is."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.browser.screen import appears
from tests.serving import Server

# Words of English that are no words of French.
ENGLISH = re.compile(
    r"\b(the|to|of|is|are|not|your|you|press|enter|click|select(?:ed)?|choose|show|hide|clear|close|open|add|remove|"
    r"search|previous|next|upload|drag|drop|loading|running|stop|error|required|available|results?|password|value|"
    r"sort|download|copy|help|month|year|day|hour|empty|more|less|fullscreen|row|rows|dismiss|sidebar|rerun|"
    r"file|files|column|columns|heading|skip|time|failed|allowed|out|yyyy|dd|picker|feedback|connection|server|shortcut)\b",
    re.IGNORECASE,
)
# The texts and attributes that a person can see or hear, but for the icons' names and what was « typed ».
VISIBLE = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      const parent = node.parentElement;
      if (!parent.closest("script,style,noscript,[data-testid=stIconMaterial]")) found.add(node.data.trim());
    } else for (const name of ["aria-label", "aria-valuetext", "placeholder", "title", "alt"])
      if (node.hasAttribute(name)) found.add(node.getAttribute(name));
  }
  return [...found];
}"""
TYPED = {"Close", "Clear all", "Search", "Dismiss", "Retirer Close"}


@pytest.fixture(scope="module")
def server():
    started = Server("tests/browser/gallery/server.py").start()
    yield started
    started.remove()


def english_computer(chromium, server):
    context = chromium.new_context(base_url=server.url, locale="en-US", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    return context


def at_its_beginning(page):
    page.goto("/")
    appears(page.get_by_text("Annonce"))
    return page


@pytest.fixture(scope="module")
def one_page(chromium, server):
    with english_computer(chromium, server) as context:
        yield at_its_beginning(context.new_page())


@pytest.fixture
def quiet_page(one_page):
    """The gallery with nothing open: one page for many gestures."""
    for _ in range(2):
        one_page.keyboard.press("Escape")
    expect(one_page.get_by_role("dialog")).to_have_count(0)
    return one_page


@pytest.fixture
def heard_page(one_page, console):
    """The same page, wherever it is; what it says in the console is heard."""
    console.listen(one_page.context)
    yield one_page
    console.leave(one_page.context)


@pytest.fixture
def gallery(heard_page):
    """The gallery as it is when it opens."""
    return at_its_beginning(heard_page)


def leftovers(page):
    texts = {text for text in page.evaluate(VISIBLE) if text and text not in TYPED}
    return sorted(text for text in texts if ENGLISH.search(text))


def field(page, label):
    return page.get_by_label(label, exact=True).first


def toolbar(page, number):
    button = page.get_by_test_id("stElementToolbarButton").locator("button").nth(number)
    grid = page.get_by_test_id("stDataFrame").first
    grid.evaluate("it => it.scrollIntoView({block: 'center'})")  # its tools stand above it
    for _ in range(10):  # a grid that is still being laid out does not notice the pointer
        page.mouse.move(0, 0)
        grid.hover()
        with suppress(Error):
            button.hover(timeout=1_000)
            break
    appears(page.get_by_test_id("stTooltipContent"))


def grid_search(page):
    toolbar(page, 1)
    page.get_by_role("button", name="Rechercher").first.click()
    page.keyboard.type("clo")


def column_menu(page):
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 60, box["y"] + 17, button="right")


def calendar(page, test_id, number=0):
    page.get_by_test_id(test_id).nth(number).get_by_role("button").first.click()
    appears(page.get_by_role("grid").first)


def choose(page, label):
    field(page, label).click()
    page.keyboard.type("zz")
    appears(page.get_by_role("listbox"))


def wrong_file(page):
    sent = {"name": "Paie.exe", "mimeType": "application/x-msdownload", "buffer": b"x"}
    page.locator("input[type=file]").first.set_input_files(sent)
    appears(page.get_by_test_id("stFileChip"))


def press(page, name, then):
    page.get_by_role("button", name=name, exact=True).click()
    appears(page.get_by_test_id(then).first)


GESTURES = {
    "nothing yet": lambda page: None,
    "the grid's columns": lambda page: toolbar(page, 0),
    "the grid's search button": lambda page: toolbar(page, 1),
    "the grid's full screen": lambda page: toolbar(page, 2),
    "a search in the grid": grid_search,
    "a column's menu": column_menu,
    "a search": lambda page: field(page, "Recherche").fill("abc"),
    "a wrong address": lambda page: (field(page, "Courriel").fill("abc"), field(page, "Notes").click()),
    "a note": lambda page: field(page, "Notes").fill("abc"),
    "a password": lambda page: (
        field(page, "Secret").fill("abc"),
        page.get_by_label("Afficher le mot de passe").click(),
    ),
    "no such choice": lambda page: choose(page, "Rôle"),
    "no such choice among several": lambda page: choose(page, "Rôles"),
    "a choice of one's own": lambda page: choose(page, "Ville"),
    "a day": lambda page: calendar(page, "stDateInput"),
    "a period": lambda page: calendar(page, "stDateInput", 1),
    "a moment": lambda page: calendar(page, "stDateTimeInput"),
    "a file of the wrong kind": wrong_file,
    "an export that fails": lambda page: press(page, "Exporter", "stDownloadButtonError"),
    "a drawer": lambda page: press(page, "Tiroir", "stDialog"),
    "an announcement": lambda page: press(page, "Annonce", "stToast"),
}


@pytest.mark.parametrize("gesture", GESTURES.values(), ids=GESTURES.keys())
def test_no_english_is_left(quiet_page, gesture):
    gesture(quiet_page)
    assert leftovers(quiet_page) == []


def test_what_people_type_is_left_alone(gallery):
    appears(gallery.get_by_test_id("stText").get_by_text("Close", exact=True))
    appears(gallery.get_by_test_id("stMarkdown").get_by_text("Search", exact=True))
    appears(gallery.locator("[data-tag]").get_by_text("Close", exact=True))
    field(gallery, "Rôle").click()
    appears(gallery.get_by_role("option", name="Dismiss", exact=True))
    field(gallery, "Recherche").fill("Close")
    expect(field(gallery, "Recherche")).to_have_value("Close")


def test_a_page_that_breaks_gives_a_number_that_the_log_knows(gallery, server):
    gallery.get_by_role("button", name="Panne").click()
    sentence = gallery.get_by_test_id("stAlert").inner_text(timeout=30_000)
    number = re.search(r"incident (\w{6})\.", sentence)[1]
    assert f"Incident {number}: ValueError (tests/browser/gallery/gallery.py:" in server.log
    assert "ce que quelqu'un a saisi" not in server.log
    assert "quelqu'un a saisi" not in gallery.content()


def test_a_silent_database_that_no_part_of_a_screen_expected_is_no_incident(gallery):
    gallery.get_by_role("button", name="Base muette").click()
    appears(gallery.get_by_test_id("stAlert").get_by_text("La base de données ne répond pas."))
    expect(gallery.get_by_text("incident")).to_have_count(0)


def test_a_page_that_does_not_exist_says_so_in_french(heard_page, console):
    console.allowed = ["does not seem to exist"]
    heard_page.goto("/inconnue")
    appears(heard_page.get_by_role("dialog"))
    assert leftovers(heard_page) == []


def test_a_page_below_the_first_opens_without_a_console_error(heard_page):
    heard_page.goto("/autre")
    appears(heard_page.get_by_role("heading", name="Autre"))
    assert heard_page.evaluate("document.documentElement.lang") == "fr"


def test_a_server_that_goes_and_comes_back_is_told_in_french(gallery, server, console):
    console.allowed = [
        "ERR_CONNECTION_REFUSED",
        "not responding",
        "No response received",
        "WebSocket",
        "still running",
        "timed out",
    ]
    server.end()
    appears(gallery.get_by_text("Connexion interrompue"), 60_000)
    assert leftovers(gallery) == []
    server.start()
    expect(gallery.get_by_text("Connexion interrompue")).not_to_be_visible(timeout=60_000)
