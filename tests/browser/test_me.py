"""A volunteer's own page, on a phone in the dark."""

from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from phoneline.models import Account, Contact, Offer, Person
from phoneline.states import AccountRole, LegState, OfferResult
from tests import factories
from tests.browser.conftest import Site
from tests.browser.looks import SIZES, small_targets, soundness
from tests.browser.steps import log_in
from tests.dashboard.evening import MINUTE, NOW


def test_a_note_is_written_after_a_call_while_the_page_goes_on(browser: Browser, site: Site) -> None:
    with site.line.database.transaction() as session:
        kim = next(one for one in session.scalars(select(Person)) if one.name == "Kim")
        session.execute(update(Account).where(Account.role == AccountRole.VOLUNTEER).values(person_id=kim.id))
        call = factories.call(session, NOW - 9 * MINUTE, volunteer_id=kim.id, answered_at=NOW - 9 * MINUTE)
        talked = factories.offer(session, call, kim, NOW - 9 * MINUTE, OfferResult.ACCEPTED)
        talked.accepted_at = talked.joined_at = NOW - 9 * MINUTE
        talked.conversation_ended_at, talked.leg.state = NOW - MINUTE, LegState.ENDED
        contact_id = factories.contact(session, NOW - 9 * MINUTE, call_id=call.id).id
    width, height = SIZES["phone"]
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": height}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    log_in(page, AccountRole.VOLUNTEER)
    page.goto("/me")
    assert small_targets(page) == []
    soundness(page, "me")
    note = page.get_by_label("A note for the coordinators (may stay empty)").first
    note.fill("She has a new cat.")
    with site.line.database.transaction() as session:
        waits = factories.call(session, NOW)
        rings = factories.offer(session, waits, session.get_one(Person, kim.id), NOW).id
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your phone rings: press 1")
    expect(note).to_have_value("She has a new cat.")
    note.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
    with site.line.database.reading() as session:
        kept = session.get_one(Contact, contact_id)
        assert (kept.note, kept.outcome.value) == ("She has a new cat.", "fine")
        assert session.get_one(Offer, rings).result is None
    context.close()
