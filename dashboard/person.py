"""One person: when they are called, what they agreed to, and everything that happened."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import (
    agreed_view,
    consent_view,
    current,
    person_view,
    plan_view,
    queries_consent,
    queries_contact,
    queries_ladder,
    queries_person,
    queries_person_team,
    queries_plans,
    queries_rights,
    queries_timeline,
    queries_timeline_rows,
    rights_view,
    seen_form,
    shares,
    sheet_told,
    timeline_filters,
    timeline_view,
    words,
)
from dashboard.agreed_form import AgreedForm
from dashboard.consent_form import ConsentForm
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.log_filters import Cursor
from dashboard.own_record import refuse_own
from dashboard.pause_form import PauseForm
from dashboard.plan_view import Found, Peer
from dashboard.times import Moment
from dashboard.tongue import ngettext
from phoneline import audit
from phoneline.by_hand import Answer

group = page_group("person")


@group.get("/people/<person_id>")
def page(person_id: str) -> ResponseReturnValue:
    """Of a record that was made one with another, the other's."""
    with the_line().database.reading() as reading:
        other = queries_person.merged_into(reading, person_id)
    return redirect(url_for("person.page", person_id=other)) if other else show(person_id)


def show(person_id: str, **more: object) -> str:
    """The page; `more` is for its sections, such as a form that came back with something to mend."""
    refuse_own(person_id)
    line, at, someone = the_line(), current.at(), known_visitor()
    show_what = timeline_filters.read(request.args.get("show", ""))
    before = Cursor.read(request.args.get("before", ""))
    with line.database.transaction() as writing:
        if not queries_person.exists(writing, person_id):
            abort(404)
        audit.looked(writing, person_id, someone.account_id, at.now)
    with line.database.reading() as reading:
        one = queries_person.known(reading, person_id, at.now) or abort(404)
        ledger = queries_consent.ledger(reading, person_id)
        found = Found(
            queries_plans.of_people(reading, [person_id], at.zone, at.now).get(person_id, ()),
            queries_plans.ended(reading, person_id, at.zone, at.now),
            queries_plans.not_called(reading, person_id, at.now),
        )
        agreed = queries_ladder.agreed(reading, person_id)
        team = queries_person_team.card(reading, person_id, at)
        shared = shares.card(reading, person_id)
        going = rights_view.standing(queries_rights.of_person(reading, person_id))
        places = queries_timeline.places(reading, person_id, show_what, before, at.now)
        lines = queries_timeline_rows.read(reading, places[: queries_timeline.PAGE])
        logged = queries_contact.just_written(reading, request.args.get("logged", ""), person_id)
        last = queries_timeline_rows.contacts(reading, [one.last_contact_id] if one.last_contact_id else [])
    zone = ZoneInfo(one.timezone) if one.timezone else line.settings.timezone
    called = plan_view.build(Peer(one.name, zone, one.numbers, one.voicemail_ok), found, line.live, at)
    sections: dict[str, object] = {
        "team": team,
        "shares": shared,
        "erased": rights_view.answer(one.name, going, at) if going else "",
        "plans": called,
        "pause_form": PauseForm(),
        "consent": consent_view.build(ledger, at),
        "consent_form": ConsentForm(),
        "consent_choices": consent_view.choices(),
        "agreed": agreed_view.build(agreed, at),
        "agreed_form": AgreedForm(),
        "agreed_languages": list(words.LANGUAGES.items()),
        "agreed_default": agreed_view.default_words(one.name, one.language or line.live.languages[0]),
        "timeline": timeline_view.build(places, lines, show_what, someone.account_id, at),
        "before": before,
        "logged": logged,
        "told": _told(request.args.get("told", "")),
        "number_form": {},
    }
    sections |= {"seen_form": seen_form.blank(at), "seen_choices": _seen_choices(at)}
    days = line.live.not_heard_days
    own = {"text": str(one.not_heard_days or "")}
    sections |= {
        "days_form": own,
        "line_days": ngettext("%(days)s day", "%(days)s days", days, days=words.number(days)),
    }
    view = person_view.build(one, called, last.get(one.last_contact_id or ""), at)
    return render_template("person.html", view=view, **sections | more)


def _told(word: str) -> str:
    """What came of taking a contact back; nothing for any other word."""
    return sheet_told.WORDS[Answer(word)] if word in sheet_told.OF_TAKING_BACK else ""


def _seen_choices(at: Moment) -> SimpleNamespace:
    return SimpleNamespace(
        hows=seen_form.HOWS.items(), outcomes=seen_form.HOW_THEY_WERE.items(), today=seen_form.blank(at).day
    )
