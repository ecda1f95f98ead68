"""A coordinator who is a peer too: whatever address or form names their own record is refused, and no list has them."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from phoneline import decision_changes, person_notes
from phoneline.change_log import By
from phoneline.follow_up_states import FollowUpEnding
from phoneline.models import Account, ActivitySignup, Alarm, Contact, HandContact, RightsRequest
from phoneline.rights_states import AskedHow, RightsKind
from phoneline.setting_states import SettingKind
from phoneline.states import (
    AccountRole,
    AlarmKind,
    AlarmState,
    CallState,
    CheckinState,
    ContactKind,
    FollowUp,
    PlanKind,
)
from tests import factories
from tests.dashboard import pages
from tests.dashboard.evening import DAY, HOUR, MINUTE, NOW, Evening
from tests.dashboard.pages import StoppedLine, token
from tests.databases import ONE_KIND

NAMED = {
    "person_id",
    "contact_id",
    "checkin_id",
    "block_id",
    "limit_id",
    "decision_id",
    "alarm_id",
    "signup_id",
    "request_id",
}
"""What in an address names somebody, or something of theirs."""
OF_THE_TEAM = {"me", "roster_person", "team"}
"""About whoever is looking as one of the team, which they may see; nothing in them is about peers."""
LISTS = (
    "/",
    "/now",
    "/follow-ups",
    "/follow-ups?show=done",
    "/follow-ups?show=overdue",
    "/log",
    "/log/live",
    "/log/file",
    "/people",
    "/not-heard",
    "/check-ins",
    "/check-ins/live",
    "/check-ins/week",
    "/limits",
    "/settings/changes",
    "/programme",
    "/rights",
)


@dataclass(frozen=True)
class Own:
    """One of each thing that can be about somebody."""

    person_id: str
    ids: dict[str, str]
    changes: tuple[str, ...]
    name: str = "Old Tom"


def make(line: StoppedLine, evening: Evening, role: AccountRole) -> Own:
    """Old Tom's rows, beside those of the evening; he has this role's login."""
    tom, ravi = evening.peers["Old Tom"], evening.team["Ravi"]
    with line.database.transaction() as session:
        login = session.scalars(select(Account).filter_by(role=role)).one()
        login.person_id = tom.id
        tom = session.merge(tom)
        tom.last_heard_at = NOW - 60 * DAY
        plan = factories.plan(session, tom, evening.local, NOW, kind=PlanKind.AUTOMATED)
        due = factories.checkin(session, plan, NOW + 10 * MINUTE, state=CheckinState.DUE)
        talking = factories.call(session, NOW - MINUTE, person_id=tom.id, state=CallState.CONNECTED)
        urgent = factories.contact(
            session, NOW - HOUR, person_id=tom.id, follow_up=FollowUp.URGENT, overdue_since=NOW, call_id=talking.id
        )
        factories.voicemail(session, urgent)
        session.add(
            HandContact(
                contact_id=urgent.id,
                at=NOW,
                heard_before=NOW,
                missed_before=0,
                before={"follow_ups": [], "ladders": []},
            )
        )
        factories.contact(
            session, NOW - DAY, person_id=tom.id, kind=ContactKind.SMS, follow_up=FollowUp.DONE, done_at=NOW - HOUR
        )
        alarm = Alarm(
            kind=AlarmKind.URGENT_FOLLOW_UP,
            subject=urgent.id,
            contact_id=urgent.id,
            state=AlarmState.OPEN,
            raised_at=NOW,
            next_step_at=NOW,
        )
        block = factories.block(session, NOW, person_id=tom.id)
        limit = factories.daily_limit(session, tom, NOW, calls=3)
        apart = factories.apart_decision(session, tom.id, ravi.id, NOW)
        on = factories.activity(session, evening.local + DAY)
        coming = ActivitySignup(activity_id=on.id, occurs_local=on.starts_local, person_id=tom.id, at=NOW)
        gone = ActivitySignup(activity_id=on.id, occurs_local=on.starts_local + HOUR, person_id=tom.id, at=NOW)
        asked = RightsRequest(
            kind=RightsKind.EXPORT, person_id=tom.id, asked_how=AskedHow.WRITING, reason="A reason", at=NOW
        )
        session.add_all([alarm, coming, gone, asked])
        note = person_notes.write(session, tom.id, "A note", login.id, NOW)
        session.flush()
        changes = [
            decision_changes.note(session, kind, one.id, True, By(login.id), NOW).id
            for kind, one in ((SettingKind.BLOCK, block), (SettingKind.LIMIT, limit), (SettingKind.APART, apart))
        ]
        ids = {
            "person_id": tom.id,
            "contact_id": urgent.id,
            "plan_id": plan.id,
            "checkin_id": due.id,
            "block_id": block.id,
            "limit_id": limit.id,
            "decision_id": apart.id,
            "alarm_id": alarm.id,
            "signup_id": coming.id,
            "request_id": asked.id,
            "number_id": tom.numbers[0].id,
            "note_id": getattr(note, "id", "n"),
            "what": "off",
        }
        return Own(tom.id, ids, tuple(changes))


def about_them(app: Flask, own: Own) -> list[tuple[str, str, str]]:
    """Endpoint, method and address of whatever names them."""
    found = []
    for rule in app.url_map.iter_rules():
        group = rule.endpoint.partition(".")[0]
        if rule.arguments & NAMED and group not in OF_THE_TEAM:
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda one: own.ids.get(one[1], "made-up"), rule.rule)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            found += [(rule.endpoint, method, path) for method in sorted(methods)]
    return found


def post(client: FlaskClient, path: str, **form: str) -> int:
    return client.post(path, data={"csrf_token": token(client, "/people")} | form).status_code


@ONE_KIND
def test_every_address_that_names_their_own_record_is_refused(
    line: StoppedLine, app: Flask, busy_evening: Evening
) -> None:
    own = make(line, busy_evening, AccountRole.ADMIN)
    client = pages.logged_in(app, AccountRole.ADMIN)
    form = {
        "csrf_token": token(client, "/people"),
        "at": "10:00",
        "how": FollowUpEnding.REACHED.value,
        "outcome": "fine",
        "person": own.person_id,
    }
    asked = about_them(app, own)
    assert len(asked) >= 70
    let_in = {}
    for endpoint, method, path in asked:
        given = form | ({"how": "in_person"} if endpoint == "sheet.heard" else {})
        given |= {"person": busy_evening.team["Kim"].id} if endpoint == "owning.give" else {}
        status = client.open(path, method=method, data=given if method == "POST" else None).status_code
        if status != 403 and not (status == 404 and endpoint == "log.undo"):
            let_in[f"{method} {path} {endpoint}"] = status
    assert not let_in


@ONE_KIND
def test_no_form_reaches_their_own_record_by_what_is_typed_or_chosen(
    line: StoppedLine, app: Flask, busy_evening: Evening
) -> None:
    own = make(line, busy_evening, AccountRole.ADMIN)
    client = pages.logged_in(app, AccountRole.ADMIN)
    me, sam = own.person_id, busy_evening.peers["Sam"].id
    with line.database.reading() as session:
        unknown = session.scalars(select(Contact.id).where(Contact.person_id.is_(None))).first()
        number = session.merge(busy_evening.peers["Old Tom"]).numbers[0].number
        on = session.get_one(ActivitySignup, own.ids["signup_id"])
    forms = {
        "/limits/numbers": {"number": number, "reason": "Mine"},
        "/limits/people": {"person": me, "calls": "9", "language": "en"},
        "/limits/apart": {"caller": me, "volunteer": busy_evening.team["Joëlle"].id, "reason": "Mine"},
        f"/people/{sam}/merge": {"other": me},
        f"/people/{sam}/merge/look": {"other": me},
        f"/log/{unknown}/who": {"person": me},
        f"/programme/{on.activity_id}/signups": {"on": f"{on.occurs_local:%Y-%m-%dT%H:%M}", "name": own.name},
    }
    let_in = {path: status for path, form in forms.items() if (status := post(client, path, **form)) != 403}
    for change_id in own.changes:
        status = post(client, f"/settings/changes/{change_id}/undo")
        let_in |= {f"{change_id} undone": status} if status != 404 else {}
    assert not let_in


@ONE_KIND
@pytest.mark.parametrize("who", ["themselves", "another"])
def test_no_list_has_them_for_themselves(line: StoppedLine, app: Flask, busy_evening: Evening, who: str) -> None:
    own = make(line, busy_evening, AccountRole.ADMIN if who == "themselves" else AccountRole.VOLUNTEER)
    client = pages.logged_in(app, AccountRole.ADMIN)
    told = {path for path in LISTS if own.name in client.get(path).text}
    assert told == (set() if who == "themselves" else set(LISTS))
