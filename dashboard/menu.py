"""The pages that a visitor may go to, in the order in which they are offered.

An entry whose page doesn't exist here, or isn't open to the visitor, is left out: a new page needs one line.
"""

from flask import Flask, current_app

from dashboard import access
from dashboard.current import visitor
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.states import AccountRole

Page = tuple[str, str, str]
"""Endpoint, name and icon."""

ROSTER = "roster.page"
SETTINGS = "settings.page"
MINE = ("me.page", "my_shifts.page")
"""Somebody's own pages; the second is linked from the first, where there is one."""

PAGES: tuple[Page, ...] = (
    ("now.page", N_("Now"), "now"),
    ("people.page", N_("People"), "in_person"),
    ("follow_ups.page", N_("Follow-ups"), "flag"),
    ("sheet.page", N_("Check-ins"), "checkin"),
    (ROSTER, N_("Roster"), "roster"),
    ("me.page", N_("My page"), "mine"),
    ("my_shifts.page", N_("My shifts"), "mine"),
    ("log.page", N_("Log"), "log"),
    ("programme.page", N_("Programme"), "programme"),
    ("reports.page", N_("Reports"), "report"),
    (SETTINGS, N_("Settings"), "settings"),
    ("phones.page", N_("Phones"), "phones"),
)
IN_THE_BAR = 4
"""So many stand in the bar of a phone, beside "More" with the rest."""

ABOUT_THE_ROSTER: tuple[Page, ...] = (
    (ROSTER, N_("Calendar"), "roster"),
    ("letter.page", N_("This week's letter"), "sms"),
    ("roster_log.page", N_("What was changed"), "log"),
    ("balance.page", N_("Who does how much"), "limits"),
    ("cover.page", N_("How many are needed"), "in_person"),
    ("holidays.page", N_("Holidays"), "pause"),
    ("feeds.page", N_("Calendars and files"), "onward"),
)
ABOUT_THE_SETTINGS: tuple[Page, ...] = (
    (SETTINGS, N_("All settings"), "settings"),
    ("hours.page", N_("Opening hours"), "now"),
    ("prompts.page", N_("What the line says"), "sound"),
    ("music.page", N_("What plays while waiting"), "sound"),
    ("limits.page", N_("Blocks and limits"), "apart"),
    ("setting_log.page", N_("What was changed"), "log"),
    ("rights.requests", N_("What people asked for"), "in_person"),
    ("accounts.page", N_("Logins"), "key"),
)
FAMILIES = {ROSTER: ABOUT_THE_ROSTER, SETTINGS: ABOUT_THE_SETTINGS}
"""Pages of one entry; each stands at the foot of the others."""


def register(app: Flask) -> None:
    """What templates ask."""
    app.add_template_global(IN_THE_BAR, "in_the_bar")  # type: ignore[arg-type]  # any value will do
    for function in (pages, may, family, is_within):
        app.add_template_global(function)


def pages() -> list[Page]:
    """The entries for this visitor; one whose own page isn't built leads to the first of its family."""
    return [page for entry in PAGES if (page := _entry(entry)) is not None]


def family(section: str) -> list[Page]:
    """The pages that stand at the foot of this one, itself among them; none if it stands alone."""
    return _open(FAMILIES.get(_head(section), ()))


def is_within(entry: str, section: str) -> bool:
    """Whether a page, or the section that it names as its own, belongs to an entry of the menu."""
    return _head(entry) == _head(section)


def may(endpoint: str) -> bool:
    """Whether a page of this name exists here and is open to this visitor."""
    someone = visitor()
    return someone is not None and endpoint in current_app.view_functions and access.may(someone.role, endpoint)


def _entry(entry: Page) -> Page | None:
    endpoint, name, picture = entry
    if endpoint in MINE and not _has_own_pages(endpoint):
        return None
    if may(endpoint):
        return endpoint, _(name), picture
    rest = _open(FAMILIES.get(endpoint, ()))
    return (rest[0][0], _(name), picture) if rest else None


def _has_own_pages(endpoint: str) -> bool:
    """Of no use to a coordinator's login that is nobody's; a volunteer's learns there how to have it tied."""
    someone = visitor()
    whose = someone is not None and (someone.person_id is not None or someone.role is AccountRole.VOLUNTEER)
    return whose and (endpoint == MINE[0] or not may(MINE[0]))


def _open(family: tuple[Page, ...]) -> list[Page]:
    return [(endpoint, _(name), picture) for endpoint, name, picture in family if may(endpoint)]


def _head(endpoint: str) -> str:
    if endpoint in MINE:
        return MINE[0]
    found = (head for head, family in FAMILIES.items() if any(endpoint == page[0] for page in family))
    return next(found, endpoint)
