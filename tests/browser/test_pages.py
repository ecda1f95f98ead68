from playwright.sync_api import Browser, Locator, Page, expect

from phoneline import alarms
from phoneline.states import AccountRole, AlarmKind, CallState, ContactKind, FollowUp
from tests import factories
from tests.browser.browser import Complaints
from tests.browser.conftest import Site
from tests.browser.looks import SIZES, small_targets, soundness, violations
from tests.browser.steps import log_in
from tests.dashboard.evening import EMAILS, MESSAGE, NOW, PASSWORD

READ_ALOUD = "+1 416 555 0112"

PAGES = {
    "now": "/",
    "sheet": "/check-ins",
    "week": "/check-ins/week",
    "roster": "/roster",
    "roster_day": "/roster?show=day",
    "roster changes": "/roster/changes",
    "letter": "/roster/letter",
    "feeds": "/roster/addresses",
    "new_shift": "/roster/new",
    "holidays": "/roster/holidays",
    "balance": "/roster/balance",
    "follow-ups": "/follow-ups?show=all",
    "log": "/log",
    "filters": "/log?kind=call&from=2026-11-17",
    "people": "/people",
    "somebody_new": "/people/new",
    "not_heard": "/not-heard",
    "cover": "/roster/cover",
    "programme": "/programme",
    "programme on paper": "/programme/print",
    "reports": "/reports",
    "report to print": "/reports/summary",
    "settings": "/settings",
    "hours": "/settings/hours",
    "limits": "/limits",
    "message": f"/log/{MESSAGE}",
    "prompts": "/prompts",
    "prompt": "/prompts/en/wait_more",
    "music": "/prompts/music",
    "you": "/you",
    "second step": "/you/second-step",
    "phones": "/phones",
}


def test_every_page_is_sound_and_its_targets_large_enough_for_thumbs(sized: Page, site: Site) -> None:
    with site.line.database.transaction() as session:
        alarms.raise_alarm(session, AlarmKind.EMPTY_SHIFT, alarms.EMPTY_SHIFT, NOW)
    sized.goto("/login")
    assert violations(sized) == []
    log_in(sized)
    for name, path in PAGES.items():
        sized.goto(path)
        if name == "now":
            menu_is_sound(sized)
        if name == "phones":
            expect(sized.get_by_role("button", name="Answer")).to_be_visible()
        if sized.evaluate("window.innerWidth") == SIZES["phone"][0]:
            assert small_targets(sized) == [], f"{name} has what is too small for thumbs"
        soundness(sized, name)
    sized.goto("/people")
    sized.get_by_role("link", name="Sam", exact=True).click()
    soundness(sized, "person")
    sized.get_by_role("link", name="What they may ask for").click()
    soundness(sized, "rights")
    sized.go_back()
    sized.get_by_role("link", name="Add a plan").click()
    sized.get_by_text("Mon", exact=True).click()
    sized.get_by_label("At, by the clock where they are").fill("08:30")
    sized.get_by_role("button", name="Look at it").click()
    expect(sized.get_by_role("button", name="Keep it")).to_be_visible()
    soundness(sized, "plan")
    sized.goto("/roster/new")
    for label, filled in (("First day", "2026-11-24"), ("From", "18:00"), ("Until", "22:00")):
        sized.get_by_label(label, exact=True).fill(filled)
    sized.get_by_role("button", name="Put it on the roster").click()
    expect(sized.get_by_role("button", name="Undo")).to_be_visible()
    soundness(sized, "shift")
    assert small_targets(sized) == []
    sized.goto("/programme/new")
    for label, filled in (("Name, in English", "Crafts"), ("From", "14:00"), ("Until", "16:00")):
        sized.get_by_label(label, exact=True).fill(filled)
    sized.get_by_role("button", name="Put it in the programme").click()
    sized.get_by_label("Add somebody, by name or alias").fill("Old Tom")
    sized.get_by_role("button", name="Add", exact=True).click()
    expect(sized.get_by_role("link", name="Old Tom")).to_be_visible()
    soundness(sized, "activity")
    assert small_targets(sized) == []
    sized.goto("/")
    sized.get_by_role("link", name="Kim", exact=True).click()
    expect(sized.get_by_role("button", name="Begin the break")).to_be_visible()
    assert violations(sized) == []
    assert small_targets(sized) == []
    sized.get_by_role("link", name="Shifts and limits").click()
    expect(sized.get_by_role("button", name="Keep these limits")).to_be_visible()
    soundness(sized, "shifts")


def test_no_page_scrolls_sideways_on_a_narrow_screen_or_when_zoomed(browser: Browser, site: Site) -> None:
    """In the language with the longest words."""
    context = browser.new_context(base_url=site.url, locale="es")
    page = context.new_page()
    page.goto("/login")
    page.locator("input[name=email]").fill(EMAILS[AccountRole.COORDINATOR])
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("#answer")).to_be_visible()
    for name, path in PAGES.items():
        page.goto(path)
        page.eval_on_selector_all("main details", "all => all.forEach(one => { one.open = true })")
        for width in (320, 640, 724, 900):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} at {width}"
    context.close()


def menu_is_sound(page: Page) -> None:
    """With what a phone keeps behind "More"."""
    if page.locator(".onmore").is_visible():
        page.locator(".onmore summary").click()
        assert violations(page) == []


def open_promise(page: Page) -> None:
    """From Needs care to the page of who was promised a call back."""
    page.goto("/")
    care = page.get_by_role("region", name="Needs care")
    care.get_by_role("listitem").filter(has_text="call back, as promised").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Their number")).to_be_visible()


def test_a_contact_is_sound_before_and_after_its_number_is_shown(sized: Page) -> None:
    log_in(sized)
    open_promise(sized)
    for name, action in (("hidden", ""), ("shown", "Show number"), ("done", "Reached")):
        if name == "done":
            done(sized).click()
        if action:
            sized.get_by_role("button", name=action, exact=True).click()
            expect(sized.get_by_text(READ_ALOUD if name == "shown" else "The follow-up is done.")).to_be_visible()
        assert violations(sized) == [], name
        assert sized.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
        assert small_targets(sized) == [], name


def test_a_number_is_shown_by_keyboard_alone_and_hidden_by_reloading(page: Page) -> None:
    log_in(page)
    open_promise(page)
    address = page.url
    page.get_by_role("button", name="Show number").focus()
    page.keyboard.press("Enter")
    number = page.get_by_role("link", name=READ_ALOUD)
    expect(number).to_be_focused()
    assert number.get_attribute("href") == "tel:+14165550112"
    expect(page.get_by_text(f"Number shown to {EMAILS[AccountRole.COORDINATOR]} today 19:14")).to_be_visible()
    assert page.url == address
    assert "0112" not in page.title()
    page.reload()
    expect(page.get_by_role("button", name="Show number")).to_be_visible()
    expect(page.get_by_text("Number shown to")).to_have_count(1)
    assert "0112" not in page.content()


def test_without_scripts_the_number_comes_with_the_page(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page)
    open_promise(page)
    page.get_by_role("button", name="Show number").click()
    expect(page.get_by_role("link", name=READ_ALOUD)).to_be_visible()
    page.get_by_role("link", name="Hide number").click()
    expect(page.get_by_role("button", name="Show number")).to_be_visible()
    context.close()


def done(within: Page | Locator) -> Locator:
    """What opens the question of how a follow-up ended."""
    return within.locator("summary").filter(has_text="Done")


def test_a_call_shows_up_without_reloading(page: Page, site: Site) -> None:
    log_in(page)
    page.evaluate("window.neverReloaded = true")
    expect(page.locator("#answer")).to_contain_text("One caller is waiting.")
    with site.line.database.transaction() as session:
        factories.call(session, NOW, number=factories.number(8), state=CallState.WAITING)
    expect(page.locator("#answer")).to_contain_text("Two callers are waiting.", timeout=3500)
    assert page.evaluate("window.neverReloaded") is True


def test_what_is_new_and_urgent_is_told_with_a_sound_where_that_is_wanted_and_done_by_two_presses(
    page: Page, site: Site
) -> None:
    log_in(page)
    page.get_by_role("switch", name="A soft sound").check()
    expect(page.locator("body")).to_have_attribute("data-played", "1")
    expect(page.get_by_role("alert")).to_be_empty()
    with site.line.database.transaction() as session:
        maya = factories.person(session, now=NOW, name="Maya")
        factories.contact(session, NOW, kind=ContactKind.SMS, person_id=maya.id, follow_up=FollowUp.URGENT)
    expect(page.get_by_role("alert")).to_have_text("Urgent: Maya, read their text", timeout=3500)
    expect(page.locator("body")).to_have_attribute("data-played", "2")
    page.get_by_role("region", name="Needs care").get_by_role("link", name="Follow-ups").click()
    card = page.get_by_role("listitem").filter(has_text="Maya")
    done(card).click()
    card.get_by_role("button", name="Reached", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Maya: done.")).to_be_visible()
    expect(card).to_have_count(0)


def test_a_contact_shows_up_and_the_keyboard_stays_where_it_is(page: Page, site: Site) -> None:
    log_in(page)
    page.goto("/log")
    row = page.get_by_role("row").filter(has_text="Old Tom").filter(has_text="Not reached")
    done(row).focus()
    with site.line.database.transaction() as session:
        sam = factories.person(session, now=NOW, name="Newcomer")
        factories.contact(session, NOW, person_id=sam.id)
    expect(page.get_by_role("row").filter(has_text="Newcomer")).to_be_visible(timeout=3500)
    expect(done(row)).to_be_focused()


def test_what_stays_the_same_is_not_sent_again(page: Page, site: Site) -> None:
    log_in(page)
    with page.expect_response("**/now?*", timeout=4000) as answer:
        pass
    assert answer.value.status == 204


def test_done_and_undo_by_keyboard_alone(page: Page) -> None:
    log_in(page)
    page.goto("/log")
    row = page.get_by_role("row").filter(has_text="Old Tom").filter(has_text="Check-in")
    done(row).focus()
    for key in ("Enter", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(row.get_by_text("done", exact=True)).to_be_visible()
    expect(page.locator("#answer")).to_contain_text("Two follow-ups are open.")
    expect(row.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(done(row)).to_be_focused()
    expect(page.locator("#answer")).to_contain_text("Three follow-ups are open.")


def test_the_way_in_by_keyboard_alone(page: Page) -> None:
    page.goto("/log")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(EMAILS[AccountRole.COORDINATOR])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("Every contact.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    entries = page.get_by_role("navigation", name="Pages").get_by_role("link").all()
    assert [entry.inner_text().strip() for entry in entries][:2] == ["Now", "People"]
    for entry in entries:
        page.keyboard.press("Tab")
        expect(entry).to_be_focused()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_phone_has_a_bar_of_five_and_the_rest_behind_more_without_scripts(browser: Browser, site: Site) -> None:
    width, height = SIZES["phone"]
    context = browser.new_context(
        base_url=site.url, viewport={"width": width, "height": height}, java_script_enabled=False
    )
    page = context.new_page()
    log_in(page)
    bar = page.get_by_role("navigation", name="Pages")
    assert bar.get_by_role("link").count() == 4
    more = bar.get_by_text("More", exact=True)
    more.click()
    assert small_targets(page) == []
    bar.get_by_role("link", name="Settings").click()
    about = page.get_by_role("navigation", name="More about this")
    expect(about.get_by_role("link", name="What the line says")).to_be_visible()
    context.close()


def test_a_report_by_keyboard_alone_and_its_one_sheet(page: Page) -> None:
    log_in(page)
    page.goto("/reports?days=this-week")
    page.get_by_role("link", name="This month").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="This month")).to_have_attribute("aria-current", "true")
    page.get_by_text("The same as a table").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Talked with a volunteer").first).to_be_visible()
    page.get_by_role("link", name="One sheet to print").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="In numbers, and how each is counted")).to_be_visible()
    sheet = page.pdf(format="A4")
    assert sheet.count(b"/Type /Page\n") == 1, "it is one sheet"


def test_colours_are_remembered(page: Page) -> None:
    log_in(page)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    page.get_by_label("Colours").select_option("dark")
    page.wait_for_function(f"{ground} !== '{before}'")
    after = page.evaluate(ground)
    page.goto("/log")
    assert page.evaluate(ground) == after


def test_says_so_when_no_news_arrive(page: Page, complaints: Complaints) -> None:
    log_in(page)
    page.clock.install()
    page.route("**/now?*", lambda route: route.fulfill(status=503, body="<p>away</p>"))
    # The browser itself notes each refused request.
    complaints.allowed = "status of 503"
    page.clock.fast_forward(20_000)
    expect(page.get_by_text("not been able to ask for news")).to_be_visible(timeout=5000)
    expect(page.locator("#answer")).to_contain_text("volunteers are on")


def test_the_phones_show_and_pass_on(page: Page, site: Site) -> None:
    log_in(page)
    page.goto("/phones")
    ana = page.get_by_role("region", name="Ana")
    sam = page.get_by_role("region", name="Sam")
    expect(ana.get_by_text("ringing")).to_be_visible()
    expect(sam.get_by_text("If you'd rather be called back, press one.")).to_be_visible()
    expect(sam.get_by_text("♪ sound", exact=True)).to_be_visible()
    expect(sam.get_by_text("plays")).to_have_count(0)
    ana.get_by_role("button", name="Answer").click()
    sam.get_by_role("button", name="5").focus()
    page.keyboard.press("#")
    page.wait_for_timeout(500)
    assert site.network.asked == [
        ("/simulator/handsets/ana/answer", {}),
        ("/simulator/handsets/peer/press", {"key": "#"}),
    ]
