"""The roster's calendar by mouse and by keyboard, in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from phoneline.states import Role
from tests import factories
from tests.browser.browser import Complaints
from tests.browser.conftest import Site
from tests.browser.steps import log_in
from tests.dashboard.evening import NOW
from tests.dashboard.test_roster import DAY, HOUR, MONDAY

STEP = 32
"""An hour's height."""
WEEK = "/roster?day=2026-11-25"


@pytest.fixture
def roster(page: Page, site: Site) -> Page:
    """Noor is on every Wednesday from nine until one; she has an hour of her own that afternoon too."""
    with site.line.database.transaction() as session:
        noor = factories.person(session, Role.VOLUNTEER, now=NOW, name="Noor")
        wednesday = MONDAY + 9 * DAY
        factories.shift(session, noor, wednesday + 9 * HOUR, wednesday + 13 * HOUR, NOW, rrule="FREQ=WEEKLY")
        factories.shift(session, noor, wednesday + 16 * HOUR, wednesday + 17 * HOUR, NOW)
    log_in(page)
    page.set_viewport_size({"width": 1280, "height": 1250})
    page.goto(WEEK)
    return page


def block(page: Page, times: str) -> Locator:
    dashed = times.replace("-", "\N{EN DASH}")
    return page.get_by_role("link", name=f"Noor, first, Wednesday 25 November {dashed}")


def drag(page: Page, what: Locator, hours: float, *, by_its_end: bool = False) -> None:
    box = what.locator("xpath=ancestor::article").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + (box["height"] - 3 if by_its_end else STEP)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + hours * STEP / 2, steps=3)
    page.mouse.move(x, y + hours * STEP, steps=3)
    page.mouse.up()


def test_a_block_is_dragged_stretched_and_put_back(roster: Page, complaints: Complaints) -> None:
    complaints.allowed = "status of 409"
    drag(roster, block(roster, "09:00-13:00"), 2)
    roster.get_by_role("button", name="Change it").click()
    expect(roster.locator("#reply")).to_contain_text("Noor: now on Wednesday 25 November at 11:00, until 15:00.")
    drag(roster, block(roster, "11:00-15:00"), 0.5, by_its_end=True)
    roster.get_by_label("This date and all after it").check()
    roster.get_by_role("button", name="Change it").click()
    expect(block(roster, "11:00-15:30")).to_be_visible()
    expect(roster.locator("#days")).to_contain_text("11:00\N{EN DASH}15:30")
    roster.get_by_role("button", name="Undo").click()
    expect(block(roster, "11:00-15:00")).to_be_visible()
    drag(roster, block(roster, "11:00-15:00"), 4)
    roster.get_by_role("button", name="Change it").click()
    expect(roster.locator("#reply")).to_contain_text("They are on another shift then")
    expect(block(roster, "11:00-15:00")).to_be_visible()
    assert "day=2026-11-25" in roster.url


def test_a_block_is_moved_by_keyboard_alone(roster: Page) -> None:
    block(roster, "09:00-13:00").focus()
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowUp", "Shift+ArrowLeft"):
        roster.keyboard.press(key)
    moved = "Noor, Wednesday 25 November 09:15 to 13:15. Enter keeps it, Escape puts it back."
    expect(roster.locator("#reply")).to_have_text(moved)
    roster.keyboard.press("Escape")
    expect(roster.locator("#reply")).to_have_text("Put back; nothing has changed.")
    expect(block(roster, "09:00-13:00")).to_be_focused()
    roster.keyboard.press("ArrowDown")
    roster.keyboard.press("Enter")
    expect(roster.get_by_label("Only this date")).to_be_focused()
    roster.keyboard.press("Enter")
    expect(block(roster, "09:15-13:15")).to_be_focused()
    expect(roster.locator("#days")).to_contain_text("09:15\N{EN DASH}13:15")
