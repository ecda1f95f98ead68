"""The pages in other languages."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from babel.support import NullTranslations
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from dashboard import tongue, words
from dashboard.access import MAY
from phoneline.models import Account
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.evening import EMAILS, Evening
from tests.dashboard.pages import StoppedLine
from tests.databases import ONE_KIND

FILES = {"log.file", "calendar_files.as_calendar", "calendar_files.as_spreadsheet", "phones.state"}
"""No pages: what they hold is for other programs."""
DATA = {
    *("Ana", "Ravi", "Kim", "Joëlle", "Sam", "Marguerite", "Old", "Tom", "Blue", "Heron", "Luz"),
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    *("January", "February", "March", "April", "May", "June", "July"),
    *("seconds", "minute", "minutes", "hour", "hours", "days", "Canada", "United", "States"),
    *("August", "September", "October", "November", "December"),
    *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    *("FREQ", "MONTHLY", "BYDAY"),
    *(["Rang", "forty", "times", "in", "one", "night", "Sales", "calls", "They", "live", "in", "the", "same", "house"]),
    *(["Her", "own", "idea", "it", "helps", "her", "to", "plan", "the", "day"]),
    *("phoneline", "English", "Français", "Español", "Toronto", "America", "example", "org", *EMAILS),
}
"""What may stand in a page as it is: names, days, rules, and languages in their own words."""
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-words|label)="([^"]*)"')
TOLD = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{3,}")


class Bracketed(NullTranslations):
    """A made-up language in which one sees what was translated."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002 - as babel has it
        return self.gettext(message)


@pytest.fixture
def bracketed() -> Iterator[None]:
    kept = tongue.CATALOGUES["en"]
    tongue.CATALOGUES["en"] = Bracketed()
    yield
    tongue.CATALOGUES["en"] = kept


def untold(html: str) -> list[str]:
    """The words of a page that no catalogue has."""
    body = re.sub(r"<(script|style|svg|code)\b.*?</\1>", " ", html, flags=re.DOTALL)
    body = re.sub(r"<(a|span|p)\b[^>]*\blang=[^>]*>.*?</\1>", " ", body, flags=re.DOTALL)  # words of the telephone
    said = " ".join(SPOKEN.findall(body)) + " " + re.sub(r"<[^>]*>", " ", body)
    text = unescape(said)
    while TOLD.search(text):
        text = TOLD.sub(" ", text)
    return [word for word in WORD.findall(text) if word not in DATA]


@ONE_KIND
def test_every_page_takes_its_words_from_the_catalogues(app: Flask, busy_evening: Evening, bracketed: None) -> None:
    client = pages.logged_in(app, AccountRole.ADMIN)
    for rule in app.url_map.iter_rules():
        if rule.endpoint in MAY and "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint not in FILES:
            html = client.get(rule.rule, follow_redirects=True).text
            assert untold(html) == [], rule.endpoint


def test_a_page_speaks_what_the_login_says_and_else_what_the_browser_asks_for(
    app: Flask, line: StoppedLine, coordinator: FlaskClient
) -> None:
    def title(asked: str) -> str:
        return coordinator.get("/nowhere", headers={"Accept-Language": asked}).text

    assert 'lang="en"' in title("de")
    assert "Aquí no hay nada" in title("es-MX, en;q=0.5")
    with line.database.transaction() as session:
        session.execute(update(Account).values(language="fr"))
    shown = coordinator.get("/people/nobody", headers={"Accept-Language": "es"}).text
    assert 'lang="fr"' in shown
    assert "Il n&#39;y a rien ici" in shown


def test_words_are_english_where_nobody_asks() -> None:
    assert words.LANGUAGES["fr"] == "French"
    assert tongue.gettext("100 %% of %(whom)s", whom="them") == "100 % of them"
    assert tongue.ngettext("%(number)s call", "%(number)s calls", 2, number="two") == "two calls"
