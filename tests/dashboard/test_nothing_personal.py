"""A walk over every page of a busy evening: no address, no title and no line of a log says who anybody is."""

import logging
import re
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import event
from structlog.testing import capture_logs

from phoneline.db import Database
from phoneline.states import AccountRole
from tests.dashboard import pages
from tests.dashboard.evening import Evening
from tests.dashboard.pages import StoppedLine
from tests.dashboard.test_queries import looked_at
from tests.databases import ONE_KIND

NAMES = re.compile(
    r"marguerite|blue.?heron|old.?tom|\bluz\b|\bsam\b|\bjoëlle|\bravi\b|\bkim\b|\bana\b|55501\d\d|\d{3}.555"
)
ADDRESSED = re.compile(r'\b(?:href|action|src|hx-\w+|data-\w*(?:url|href|path)\w*)="([^"]*)"')
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Any digits may stand in them."""
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
ASKED_BY_ADDRESS = re.compile(r"<form(?![^>]*method=\"(?:post|dialog)\")[^>]*>.*?</form>", re.DOTALL)
FREE_TEXT = re.compile(r'<input(?![^>]*type="(?:hidden|date|time|checkbox|radio|number|file)")[^>]*>|<textarea')
NOT_PERSONAL = {"/phones"}
"""The demo's own telephones: invented people, whose messages its script sends itself."""
OF_THE_LINE = 'action="/prompts"'
"""What is looked for there are the line's own words."""
NOTED = {"access_log"}
"""What a look alone may write: that somebody looked."""
CHANGES = re.compile(r"\s*(?:insert into|update|delete from)\s+\"?(\w+)", re.IGNORECASE)


@ONE_KIND
def test_no_page_says_who_anybody_is_where_others_might_read_it_and_none_changes_anything(
    app: Flask, line: StoppedLine, busy_evening: Evening, caplog: pytest.LogCaptureFixture
) -> None:
    about, client = looked_at(line), pages.logged_in(app, AccountRole.ADMIN)
    changed = noticed(line.database)
    told: dict[str, set[str]] = {}
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or not set(rule.arguments) <= set(about):
                continue
            address = re.sub(r"<(\w+)>", lambda one: about[one[1]], rule.rule)
            before = len(changed)
            answer = client.get(address)
            assert set(changed[before:]) <= NOTED, address
            if answer.mimetype == "text/html" and rule.rule not in NOT_PERSONAL:
                told[rule.rule] = said(answer.text)
    assert {address: found for address, found in told.items() if found} == {}
    assert len(told) > 30
    assert not named(" ".join(f"{one}" for one in logs) + caplog.text)


def said(html: str) -> set[str]:
    """What of a page's title and addresses, and of what its forms would put into addresses, is somebody's."""
    where = [*TITLE.findall(html), *(unquote(unescape(one)) for one in ADDRESSED.findall(html))]
    found = {one for one in where if named(one)}
    forms = [form for form in ASKED_BY_ADDRESS.findall(html) if OF_THE_LINE not in form]
    return found | {form[:80] for form in forms if FREE_TEXT.search(form)}


def named(text: str) -> bool:
    return NAMES.search(ID.sub("", text.casefold())) is not None


def noticed(database: Database) -> list[str]:
    """The tables that are written to from now on, in order."""
    changed: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: object) -> None:
        found = CHANGES.match(statement)
        if found is not None:
            changed.append(found[1])

    event.listen(database.engine, "before_cursor_execute", note)
    return changed
