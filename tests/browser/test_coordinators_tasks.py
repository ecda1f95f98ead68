"""What a coordinator does on each page, by keyboard alone, on a phone in the dark and at a desk in the light."""

from playwright.sync_api import expect

from tests.browser.keyboard import Keyboard
from tests.browser.looks import sound
from tests.browser.steps import log_in


def test_a_person_is_found_met_and_written_of(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page)
    keyboard.open("/people")
    keyboard.write("Find by name, alias or number", "old t")
    page.keyboard.press("Enter")
    keyboard.link("Old Tom")
    keyboard.unfold("Log a contact")
    keyboard.button("We met, all fine")
    expect(page.get_by_role("link", name="In person").first).to_be_visible()
    keyboard.unfold("Write a note")
    keyboard.write("For the team: what helps whoever talks with Old Tom next", "Feeds the birds at noon.")
    keyboard.button("Write it down")
    expect(page.get_by_text("Feeds the birds at noon.").first).to_be_visible()
    keyboard.button("Show the numbers")
    expect(page.get_by_text("+1 ").first).to_be_visible()
    sound(page, "person")
    keyboard.link("Change : What the line knows of them")
    keyboard.write("Alias (may stay empty)", "the postman")
    keyboard.button("Keep")
    expect(page.get_by_text("the postman").first).to_be_visible()
    sound(page, "person changed")
    keyboard.link("Is there another record of them?")
    keyboard.write("Find by name, alias or number", "Luz")
    page.keyboard.press("Enter")
    keyboard.button("See what would be moved", "Luz")
    keyboard.button("They are the same")
    expect(page.get_by_text("made another record of them one with this one")).to_be_visible()
    sound(page, "two records made one")


def test_what_needs_care_is_taken_put_off_done_and_undone(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page)
    keyboard.open("/follow-ups")
    keyboard.button("I'll take it", "Sam")
    expect(page.get_by_role("link", name="Mine")).to_contain_text("1")
    keyboard.unfold("More", "Sam")
    keyboard.write("Another time for it", "11162026")
    keyboard.write("Why", "They work until nine.")
    keyboard.button("Put it off")
    expect(page.get_by_role("alert").filter(has_text="Please choose a time to come")).to_be_visible()
    keyboard.write("Another time for it", "11192026")
    page.keyboard.press("Tab")
    page.keyboard.type("1000AM")
    keyboard.button("Put it off")
    expect(page.get_by_text("by Thursday 10:00")).to_be_visible()
    keyboard.unfold("Done", "Old Tom")
    keyboard.button("Reached")
    expect(page.get_by_role("status").filter(has_text="Old Tom: done.")).to_be_visible()
    sound(page, "follow-ups")
    keyboard.button("Undo")
    expect(page.locator("summary").filter(has_text="Done").filter(has_text="Old Tom")).to_be_visible()
    keyboard.open("/check-ins")
    keyboard.button("Skip", "D.")
    keyboard.button("Undo")
    keyboard.unfold("Move", "Marguerite")
    keyboard.write("To, by our clock", "0750PM")
    page.keyboard.press("Enter")
    expect(page.get_by_text("19:50").first).to_be_visible()
    sound(page, "check-ins")
    keyboard.open("/log")
    keyboard.unfold("Choose days, kinds and more")
    keyboard.write("From day", "11172026")
    keyboard.button("Show")
    expect(page.get_by_role("link", name="Take these away as a spreadsheet")).to_be_visible()
    sound(page, "log")


def test_a_plan_is_made(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page)
    keyboard.open("/people")
    keyboard.link("Sam")
    keyboard.link("Add a plan")
    keyboard.tick("Monday")
    keyboard.write("At, by the clock where they are", "0830AM")
    keyboard.button("Look at it")
    keyboard.button("Keep it")
    expect(page.get_by_text("Mondays at 08:30").first).to_be_visible()


def test_the_roster_and_the_programme_are_kept(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page)
    keyboard.open("/roster/new")
    keyboard.write("First day", "11242026")
    keyboard.write("From", "0600PM")
    keyboard.write("Until", "1000PM")
    keyboard.button("Put it on the roster")
    keyboard.button("Undo")
    expect(page.get_by_role("heading", level=1)).to_contain_text("this shift doesn't take place any more")
    keyboard.open("/roster/cover")
    keyboard.tick("Saturday")
    keyboard.write("From", "1000PM")
    keyboard.write("Until (may be past midnight)", "0600AM")
    keyboard.write("At least so many people", "2")
    keyboard.button("Write it down")
    expect(page.get_by_text("22:00").first).to_be_visible()
    sound(page, "cover")
    keyboard.open("/roster/holidays")
    keyboard.write("Day", "12252026")
    keyboard.write("Name", "Christmas")
    keyboard.button("Put it on the list")
    expect(page.get_by_text("Christmas").first).to_be_visible()
    sound(page, "holidays")
    keyboard.open("/programme/new")
    keyboard.write("Name, in English", "Crafts")
    keyboard.write("From", "0200PM")
    keyboard.write("Until", "0400PM")
    keyboard.button("Put it in the programme")
    keyboard.write("Add somebody, by name or alias", "Old Tom")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Old Tom")).to_be_visible()
    sound(page, "activity")


def test_a_caller_is_kept_away_and_let_in_again(keyboard: Keyboard) -> None:
    page = keyboard.page
    log_in(page)
    keyboard.open("/limits")
    keyboard.unfold("Block a number")
    keyboard.write("Number, with its country", "+1 647 555 0141")
    keyboard.write("Why", "Threatened Ana.")
    keyboard.button("Block this number")
    keyboard.button("Lift the block", "ends in 41")
    expect(page.get_by_text("Lifted").first).to_be_visible()
    sound(page, "limits")
