"""What axe-core (WCAG 2.2 A and AA) finds on the screen that a tab shows."""

from axe_playwright_python.sync_playwright import Axe

SERIOUS = {"serious", "critical"}
OPTIONS = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast"]}}


def serious(page, options=OPTIONS):
    """What is serious or critical: rule, and where."""
    if not page.evaluate("'axe' in window"):  # half a megabyte: once for each document
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    wrong = (violation for violation in found if violation["impact"] in SERIOUS)
    return sorted(f"{one['id']}: {node['target']} {node['html'][:150]}" for one in wrong for node in one["nodes"])
