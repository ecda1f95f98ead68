"""The pages that a visitor may go to, in the order in which they are offered."""

from flask import current_app

from dashboard import access
from dashboard.current import visitor

PAGES = (
    ("now.page", "Now", "now"),
    ("sheet.page", "Check-ins", "checkin"),
    ("roster.page", "Roster", "roster"),
    ("log.page", "Log", "log"),
    ("people.page", "People", "in_person"),
    ("limits.page", "Limits", "limits"),
    ("prompts.page", "Prompts", "sound"),
    ("phones.page", "Phones", "phones"),
)


def pages() -> list[tuple[str, str, str]]:
    """Endpoint, name and icon of each page that exists here and is open to this visitor."""
    someone = visitor()
    return [
        page
        for page in PAGES
        if someone is not None and page[0] in current_app.view_functions and access.may(someone.role, page[0])
    ]
