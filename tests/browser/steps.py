"""What people do on the pages, as steps of a test."""

from playwright.sync_api import Page, expect

from phoneline.states import AccountRole
from tests.dashboard.evening import EMAILS, PASSWORD


def log_in(page: Page, role: AccountRole = AccountRole.COORDINATOR) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(EMAILS[role])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="On shift")).to_be_visible()
