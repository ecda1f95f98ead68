"""The pages that a visitor may go to, in the order in which they are offered."""

from flask import current_app

from dashboard import access
from dashboard.current import visitor
from dashboard.tongue import N_, gettext
from phoneline.states import AccountRole

MY_PAGE = "me.page"
SETTINGS = "settings.page"
PAGES = (
    ("now.page", "Now", "now"),
    ("sheet.page", "Check-ins", "checkin"),
    ("roster.page", "Roster", "roster"),
    (MY_PAGE, "My page", "mine"),
    ("log.page", "Log", "log"),
    ("programme.page", "Programme", "roster"),
    ("reports.page", "Reports", "report"),
    ("people.page", "People", "in_person"),
    (SETTINGS, "Settings", "limits"),
    ("phones.page", "Phones", "phones"),
)

ROSTER = "roster.page"
ABOUT_THE_ROSTER = (
    (ROSTER, "Calendar", "roster"),
    ("letter.page", "This week's letter", "sms"),
    ("roster_log.page", "What was changed", "log"),
    ("balance.page", "Who does how much", "limits"),
    ("cover.page", "How many are needed", "in_person"),
    ("holidays.page", "Holidays", "pause"),
    ("feeds.page", "Calendars and files", "onward"),
)
"""Each stands at the foot of the others."""


ABOUT_THE_SETTINGS = (
    (SETTINGS, N_("Settings"), "limits"),
    ("hours.page", N_("Opening hours"), "now"),
    ("prompts.page", N_("What the line says"), "sound"),
    ("limits.page", N_("Blocks and limits"), "apart"),
    ("setting_log.page", N_("What was changed"), "log"),
)


def about_the_settings() -> list[tuple[str, str, str]]:
    """As `about_the_roster`, of the settings' pages."""
    return [(endpoint, gettext(name), picture) for endpoint, name, picture in ABOUT_THE_SETTINGS if may(endpoint)]


def about_the_roster() -> list[tuple[str, str, str]]:
    """Endpoint, name and icon of the roster's pages that are open to this visitor."""
    return [page for page in ABOUT_THE_ROSTER if may(page[0])]


def pages() -> list[tuple[str, str, str]]:
    """Endpoint, name and icon of each page that exists here and is open to this visitor."""
    someone = visitor()
    return [
        page
        for page in PAGES
        if someone is not None and may(page[0])
        # Of no use to a coordinator's login that is nobody's; a volunteer's learns there how to have it tied.
        if page[0] != MY_PAGE or someone.person_id is not None or someone.role is AccountRole.VOLUNTEER
    ]


def may(endpoint: str) -> bool:
    """Whether a page of this name exists here and is open to this visitor."""
    someone = visitor()
    return someone is not None and endpoint in current_app.view_functions and access.may(someone.role, endpoint)
