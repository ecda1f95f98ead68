"""Sizes, colours, and what must hold of a page in each of them."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SIZES = {"phone": (360, 740), "desk": (1280, 800)}


LOOKS = {"phone in the dark": (SIZES["phone"], "dark"), "desk in the light": (SIZES["desk"], "light")}
"""Each size and each choice of colours once. `make screenshots` takes all four."""


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found]


def soundness(page: Page, name: str) -> None:
    """With everything open that can be opened."""
    page.eval_on_selector_all("main details", "all => all.forEach(one => { one.open = true })")
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(
        "button, .button, select, input:not([type=hidden], [type=checkbox], [type=radio]), summary, nav a, .switch,"
        " .choices label",
        "all => all.filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)"
        ".map(one => one.outerHTML.slice(0, 100))",
    )
    return found


def sound(page: Page, name: str) -> None:
    """As it stands, without opening what is closed."""
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
    if page.evaluate("window.innerWidth") == SIZES["phone"][0]:
        assert small_targets(page) == [], f"{name} has what is too small for thumbs"
