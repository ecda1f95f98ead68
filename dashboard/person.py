"""One person: when they are called, what they agreed to, and their last contacts."""

from types import SimpleNamespace
from zoneinfo import ZoneInfo

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from dashboard import (
    consent_view,
    ladder_view,
    person_view,
    plan_view,
    queries_consent,
    queries_ladder,
    queries_person,
    queries_person_team,
    queries_plans,
    seen_form,
    words,
)
from dashboard.agreed_form import AgreedForm
from dashboard.consent_form import ConsentForm
from dashboard.current import the_line
from dashboard.guard import page_group
from dashboard.pause_form import PauseForm
from dashboard.plan_view import Found, Peer
from dashboard.times import Moment

group = page_group("person")
CONSENT_CHOICES = SimpleNamespace(
    kinds=consent_view.KIND_CHOICES, hows=consent_view.HOW_CHOICES, whose=consent_view.WHOSE_CHOICES
)


@group.get("/people/<person_id>")
def page(person_id: str) -> ResponseReturnValue:
    return show(person_id)


def show(person_id: str, **more: object) -> str:
    """The page; `more` is for its sections, such as a form that came back with something to mend."""
    line = the_line()
    at = Moment(line.now, line.settings.timezone)
    with line.database.reading() as reading:
        one = queries_person.known(reading, person_id) or abort(404)
        ledger = queries_consent.ledger(reading, person_id)
        found = Found(
            queries_plans.of_people(reading, [person_id], at.zone, at.now).get(person_id, ()),
            queries_plans.ended(reading, person_id, at.zone, at.now),
            queries_plans.not_called(reading, person_id, at.now),
        )
        agreed = queries_ladder.agreed(reading, person_id)
        team = queries_person_team.card(reading, person_id)
    zone = ZoneInfo(one.timezone) if one.timezone else at.zone
    called = plan_view.build(Peer(one.name, zone, one.numbers, one.voicemail_ok), found, line.live, at)
    sections: dict[str, object] = {
        "team": team,
        "plans": called,
        "pause_form": PauseForm(),
        "consent": consent_view.build(ledger, at),
        "consent_form": ConsentForm(),
        "consent_choices": CONSENT_CHOICES,
        "agreed": ladder_view.agreed(agreed, at),
        "agreed_form": AgreedForm(),
        "agreed_languages": list(words.LANGUAGES.items()),
        "agreed_default": ladder_view.default_words(one.name, one.language or line.live.languages[0]),
    }
    sections |= {"seen_form": seen_form.blank(at), "seen_choices": _seen_choices(at)}
    own = {"text": str(one.not_heard_days or "")}
    sections |= {"days_form": own, "line_days": words.counted(line.live.not_heard_days, "day", "days")}
    return render_template("person.html", view=person_view.build(one, called, at), **sections | more)


def _seen_choices(at: Moment) -> SimpleNamespace:
    return SimpleNamespace(hows=seen_form.HOWS, outcomes=seen_form.HOW_THEY_WERE, today=seen_form.blank(at).day)
