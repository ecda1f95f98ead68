"""What a volunteer does on each page, by keyboard alone, on a phone in the dark and at a desk in the light."""

from playwright.sync_api import expect
from sqlalchemy import select

from phoneline.models import Account, Person
from phoneline.states import AccountRole
from tests.browser.conftest import Site
from tests.browser.keyboard import Keyboard
from tests.browser.looks import sound
from tests.browser.steps import log_in


def joelle(site: Site) -> None:
    """The volunteers' login is hers; she is on tomorrow morning."""
    with site.line.database.transaction() as session:
        hers = next(one.id for one in session.scalars(select(Person)) if one.name == "Joëlle")
        session.scalars(select(Account).filter_by(role=AccountRole.VOLUNTEER)).one().person_id = hers


def test_a_volunteer_looks_after_their_own(keyboard: Keyboard, site: Site) -> None:
    joelle(site)
    page = keyboard.page
    log_in(page, AccountRole.VOLUNTEER)
    keyboard.open("/me")
    keyboard.send("Go on shift now")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are on shift")
    keyboard.send("Begin the break")
    sound(page, "me")
    keyboard.send("d like to talk with somebody")
    expect(page.get_by_text("The coordinators know that you'd like to talk.")).to_be_visible()


def test_a_volunteer_reads_and_has_a_say(keyboard: Keyboard, site: Site) -> None:
    joelle(site)
    page = keyboard.page
    log_in(page, AccountRole.VOLUNTEER)
    keyboard.open("/my-shifts")
    keyboard.send("I'll come")
    expect(page.get_by_text("You said that you will come.")).to_be_visible()
    keyboard.write("Hours a week at most", "8")
    keyboard.send("Keep these limits")
    sound(page, "my shifts")
    keyboard.open("/roster/letter")
    keyboard.write("For", "staying on last night")
    keyboard.send("Say thanks")
    keyboard.write("Propose something", "Begin at ten on Sundays")
    keyboard.send("Propose it")
    keyboard.send("Yes")
    expect(page.get_by_text("You said yes.")).to_be_visible()
    sound(page, "letter")
    keyboard.open("/roster/addresses")
    keyboard.reach(page.get_by_label("Whose shifts"))
    page.keyboard.type("Jo")
    keyboard.send("Make an address")
    sound(page, "addresses")
    keyboard.open("/you")
    keyboard.reach(page.get_by_label("Language of the pages"))
    page.keyboard.type("fr")
    keyboard.send("Keep it so")
    expect(page.get_by_role("link", name="Maintenant")).to_be_visible()
