"""A message, from the tone to the loudspeaker of a coordinator's browser."""

import re

import requests
from sqlalchemy import select

from phoneline import accounts, erasing
from phoneline.models import Account
from phoneline.rights_states import AskedHow
from phoneline.simulator import Faults
from phoneline.states import AccountRole
from tests.journeys.story import Story, eventually

EMAIL, PASSWORD = "coordinator@example.org", "four words make sense"


def logged_in(story: Story) -> requests.Session:
    """A coordinator's browser."""
    with story.stack.database.transaction() as session:
        accounts.create(session, EMAIL, AccountRole.COORDINATOR, PASSWORD, story.stack.now())
    browser = requests.Session()
    address = f"{story.stack.address}/login"
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(address, timeout=10).text)
    assert found is not None
    form = {"csrf_token": found[1], "email": EMAIL, "password": PASSWORD}
    assert browser.post(address, data=form, timeout=10).status_code == 200
    return browser


def erased_at_once(story: Story, person_id: str) -> None:
    """They ask to be erased, and the clock does it: their calls are nobody's."""
    with story.stack.database.transaction() as session:
        account_id = session.scalars(select(Account.id)).first() or ""
        about = (person_id, AskedHow.TELEPHONE, "They asked for it", account_id, story.stack.now())
        assert erasing.begin(session, *about, at_once=True)
    eventually(lambda: all(one["person_id"] != person_id for one in (*story.contacts(), *story.calls())))


def test_a_message_is_left_played_on_the_page_and_gone_from_the_carrier(story: Story) -> None:
    story.network.faults = Faults(media_needs_login=True, late_media=5.0, refused_deletes=1, double_callbacks=True)
    sam = story.person("Sam")
    call = sam.call_line()
    call.wait_heard("Nobody is here", 10)
    sam.press("2", wait=10)
    story.network.journal.wait(lambda event: event.kind == "recording_started" and event.leg_sid == call.sid, 20)
    sam.speak(6)
    call.wait_over(20)
    story.network.journal.wait(lambda event: event.kind == "recording_deleted" and event.leg_sid == call.sid, 20)
    (message,) = [one for one in story.contacts() if one["kind"] == "voicemail"]
    assert message["follow_up"] == "wanted"
    with logged_in(story) as browser:
        page = f"{story.stack.address}/log/{message['id']}"
        eventually(lambda: "The carrier still has it too" not in browser.get(page, timeout=10).text)
        played = browser.get(f"{page}/message", timeout=10)
        # Wav, should the sound have come between the two questions.
        begins = {"audio/mpeg": b"\xff\xfb", "audio/wav": b"RIFF"}[played.headers["Content-Type"]]
        assert (played.status_code, played.content[: len(begins)]) == (200, begins)
        assert len(played.content) > 50_000
        assert "Message played to coordinator@example.org" in browser.get(page, timeout=10).text
        erased_at_once(story, message["person_id"])
        assert browser.get(f"{page}/message", timeout=10).status_code == 404
    assert story.errors() == []
