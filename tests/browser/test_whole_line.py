"""The dashboard and the demo's phones over a whole line: every process real, the telephones pressed in the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from phoneline import accounts
from phoneline.states import AccountRole
from tests.browser.browser import Complaints
from tests.databases import Databases
from tests.journeys.stack import Stack, running
from tests.journeys.story import Story

EMAIL = "coordinator@example.org"
PASSWORD = "four plain words here"
SPEED = 4.0


@pytest.fixture(scope="module")
def stack(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """On one kind of database: the stories are told on both, and the pages' queries are asked of both."""
    with databases.fresh("sqlite") as url, running(url, tmp_path_factory.mktemp("demo"), SPEED) as stack:
        yield stack


@pytest.fixture
def story(stack: Stack) -> Iterator[Story]:
    story = Story(stack)
    with stack.database.transaction() as session:
        accounts.create(session, EMAIL, AccountRole.COORDINATOR, PASSWORD, stack.now())
    yield story
    story.end()


@pytest.fixture
def tab(browser: Browser, stack: Stack) -> Iterator[Page]:
    context = browser.new_context(base_url=stack.address, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def log_in(tab: Page) -> None:
    tab.goto("/")
    tab.get_by_label("E-mail").fill(EMAIL)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Log in").click()
    expect(tab.get_by_role("heading", name="On shift", exact=True)).to_be_visible()


def phone(tab: Page, name: str) -> Locator:
    return tab.locator("section.handset").filter(has=tab.get_by_role("heading", name=name))


def press(handset: Locator, key: str) -> None:
    handset.get_by_role("button", name=key, exact=True).click()


def test_a_call_is_made_taken_and_logged_from_the_page(story: Story, tab: Page, browser: Browser) -> None:
    story.volunteer("Ana")
    story.person("Sam")
    complaints = Complaints(tab)
    log_in(tab)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Nobody is waiting")

    phones = tab.context.new_page()
    phones.goto("/phones")
    sam, ana = phone(phones, "Sam"), phone(phones, "Ana")
    press(sam, "Call the line")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("One caller is waiting", timeout=10_000)
    ana.get_by_role("button", name="Answer").click(timeout=20_000)
    expect(ana.get_by_role("log")).to_contain_text("To take the call, press 1", timeout=10_000)
    press(ana, "1")
    expect(sam.locator(".screen")).to_contain_text("talking with Ana", timeout=10_000)
    expect(tab.get_by_text("talking with Ana")).to_be_visible(timeout=10_000)
    press(sam, "Hang up")
    expect(ana.get_by_role("log")).to_contain_text("How was the call", timeout=10_000)
    press(ana, "2")
    expect(tab.get_by_role("heading", level=1)).to_contain_text("One person needs you", timeout=15_000)

    tab.get_by_role("link", name="Log", exact=True).click()
    expect(tab.get_by_role("main")).to_contain_text("Sam with Ana")
    expect(tab.get_by_role("main")).to_contain_text("wanted")
    assert complaints.found == []


def test_a_check_in_is_answered_on_the_page(story: Story, tab: Page) -> None:
    mika = story.person("Mika", checkin_consent="yes")
    log_in(tab)
    tab.goto("/phones")
    handset = phone(tab, "Mika")
    story.checkin(mika)
    handset.get_by_role("button", name="Answer").click(timeout=20_000)
    expect(handset.get_by_role("log")).to_contain_text("good moment for Mika", timeout=10_000)
    press(handset, "1")
    expect(handset.get_by_role("log")).to_contain_text("your check-in call", timeout=10_000)
    press(handset, "1")
    story.checkin_is("ok")
    tab.goto("/log")
    expect(tab.get_by_role("main")).to_contain_text("Mika")
    expect(tab.get_by_role("main")).to_contain_text("I'm OK")
