"""What an admin does besides, by keyboard alone, on a phone in the dark and at a desk in the light."""

from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import expect

from phoneline.states import AccountRole
from tests.browser.keyboard import Keyboard
from tests.browser.looks import sound
from tests.browser.steps import log_in
from tests.dashboard.evening import NOW, PASSWORD


def test_the_line_is_set_and_set_back(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page, AccountRole.ADMIN)
    keyboard.open("/settings")
    keyboard.unfold("Change", "Time alone after a conversation")
    keyboard.write("How long", "3")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved. It holds from the next call on.")).to_be_visible()
    keyboard.open("/settings/changes")
    sound(page, "what was changed")
    keyboard.send("Undo")
    expect(page.get_by_text("Time alone after a conversation undone")).to_be_visible()
    keyboard.open("/settings/hours")
    keyboard.tick("At any hour, on every day")
    keyboard.write("Monday, from", "0900AM")
    keyboard.write("Monday, until", "0500PM")
    keyboard.button("Show me the days ahead first")
    keyboard.send("Save the hours")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("at any hour")
    sound(page, "hours")
    keyboard.open("/prompts/en/wait_more")
    keyboard.unfold("Change the words")
    keyboard.write("What callers shall hear", "We are still here. Stay with us.")
    keyboard.send("Save the words")
    expect(page.get_by_role("button", name="Use these words again").first).to_be_visible()
    sound(page, "prompt")


def test_somebody_is_invited_and_comes_in_with_a_second_step(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page, AccountRole.ADMIN)
    keyboard.open("/accounts")
    keyboard.write("Their e-mail address", "new@example.org")
    keyboard.send("Make the invitation")
    link = page.get_by_label("Link", exact=True)
    expect(link).to_be_visible()
    sound(page, "invitation")
    address = urlsplit(link.input_value()).path
    keyboard.send("Log out")
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto(address)
    keyboard.write("Password", PASSWORD)
    keyboard.write("The same once more", PASSWORD)
    sound(page, "welcome")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="On shift")).to_be_visible()
    page.goto("/you/second-step")
    keyboard.send("Begin")
    sound(page, "second step")
    secret = page.get_by_text("Or type this into it").inner_text().split()[-1]
    keyboard.write("The six digits that it shows", pyotp.TOTP(secret).at(NOW))
    keyboard.send("Set it up")
    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    sound(page, "recovery codes")


def test_all_about_somebody_is_erased_and_brought_back(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page, AccountRole.ADMIN)
    keyboard.open("/people")
    keyboard.link("Luz")
    keyboard.link("What they may ask for")
    erasing = page.get_by_role("region", name="To be erased")
    keyboard.press(erasing.get_by_label("by telephone"), "Space")
    keyboard.press(erasing.get_by_label("Why they are erased"), "a")
    page.keyboard.type("s they asked")
    keyboard.send("Erase them")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Luz is to be erased tomorrow 19:14.")
    sound(page, "to be erased")
    keyboard.send("t erase them")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("is to be erased")
