"""What was filled in for an activity, and what that means. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from dashboard import rule_words, shift_meant, typed
from dashboard.shift_form import ONCE, REPEATS, WEEKLY, ShiftForm, times
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.activity_drafts import MOST_PLACES, Draft, Fault, Words
from phoneline.activity_states import ActivityKind
from phoneline.shift_plans import Which

LONGEST_WORDS = 150
MOST_INTERESTS = 8
KINDS: Mapping[str, str] = Phrases(
    {
        ActivityKind.PHONE.value: N_("By phone"),
        ActivityKind.ONLINE.value: N_("Online"),
        ActivityKind.IN_PERSON.value: N_("In person"),
    }
)
_TEXTS = (
    *("day", "starts", "ends", "repeat", "every", "until", "rrule", "kind", "interests", "places"),
    *("shown_from", "shown_until", "which"),
)
_NO_NUMBER = -1


@dataclass(frozen=True)
class ActivityForm:
    """As filled in; `problems` says by field what to mend."""

    titles: Mapping[str, str] = field(default_factory=dict)
    sites: Mapping[str, str] = field(default_factory=dict)
    """Where or how, by language."""
    day: str = ""
    starts: str = ""
    ends: str = ""
    repeat: str = WEEKLY
    days: Sequence[str] = ()
    every: str = "1"
    until: str = ""
    rrule: str = ""
    kind: str = ActivityKind.PHONE
    held_in: Sequence[str] = ()
    interests: str = ""
    places: str = ""
    by_key: bool = True
    shown_from: str = ""
    shown_until: str = ""
    which: str = Which.ONE
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def rare(self) -> bool:
        """Whether something is filled in that stands under "More"."""
        names = ("rrule", "shown_from", "shown_until")
        return any(getattr(self, name) or name in self.problems for name in names)


def read(form: MultiDict[str, str], languages: Sequence[str]) -> ActivityForm:
    """Of a form that was sent."""
    words: Mapping[str, set[str]] = {"repeat": set(REPEATS), "kind": set(KINDS), "which": {one.value for one in Which}}
    return ActivityForm(
        **typed.fields(form, _TEXTS, words),  # type: ignore[arg-type]  # texts into the fields of texts, by name
        titles={one: typed.line(form, f"title_{one}", LONGEST_WORDS) for one in languages},
        sites={one: typed.line(form, f"site_{one}", LONGEST_WORDS) for one in languages},
        days=typed.ticked(form, "days", rule_words.DAYS),
        held_in=typed.ticked(form, "held_in", languages),
        by_key="by_key" in form,
    )


def of_draft(draft: Draft, which: Which) -> ActivityForm:
    """One that is there, on one of its dates, to be changed or to be copied."""
    return ActivityForm(
        titles={language: one.title for language, one in draft.words.items()},
        sites={language: one.place or "" for language, one in draft.words.items()},
        kind=draft.kind,
        held_in=draft.held_in,
        interests=", ".join(draft.interests),
        places=str(draft.places or ""),
        by_key=draft.by_key,
        shown_from=draft.shown_from.isoformat() if draft.shown_from else "",
        shown_until=draft.shown_until.isoformat() if draft.shown_until else "",
        which=which,
        **times(draft.starts_local, draft.ends_local, draft.rrule),
    )


def draft(form: ActivityForm, own: str, zone: ZoneInfo, before: Draft | None) -> tuple[Draft | None, Mapping[str, str]]:
    """What is meant, and what of the form can't be read, by field. `before`: as it is on the date that is changed.

    A title is needed in the line's own language.
    """
    repeat = ONCE if before is not None and form.which == Which.ONE else form.repeat
    when = ShiftForm(
        day=form.day,
        starts=form.starts,
        ends=form.ends,
        repeat=repeat,
        days=form.days,
        every=form.every,
        until=form.until,
        rrule=form.rrule,
    )
    meant, unread = shift_meant.draft(when, zone)
    places, problems = _number(form.places), dict(unread)
    if not form.titles.get(own):
        problems["title_" + own] = FAULTS[Fault.NO_TITLE]
    if places == _NO_NUMBER:
        problems["places"] = FAULTS[Fault.PLACES]
    for name in ("shown_from", "shown_until"):
        if getattr(form, name) and typed.day(getattr(form, name)) is None:
            problems[name] = _(typed.NO_DAY)
    if meant is None or problems:
        return None, problems
    found = Draft(
        starts_local=meant.starts_local,
        ends_local=meant.ends_local,
        rrule=meant.rrule,
        words={one: Words(title, form.sites.get(one) or None) for one, title in form.titles.items() if title},
        kind=ActivityKind(form.kind),
        held_in=tuple(form.held_in),
        interests=interests(form.interests),
        places=places,
        by_key=form.by_key,
        shown_from=typed.day(form.shown_from),
        shown_until=typed.day(form.shown_until),
    )
    return _as_before(found, before), {}


def _as_before(found: Draft, before: Draft | None) -> Draft:
    """A rule that means the same stays as it was written, and its day as well: else it would be another one."""
    if before is None or not found.rrule or not before.rrule:
        return found
    same = rule_words.weekly(found.rrule, found.starts_local) == rule_words.weekly(before.rrule, before.starts_local)
    if not same and found.rrule != before.rrule:
        return found
    return replace(found, rrule=before.rrule)


def interests(text: str) -> tuple[str, ...]:
    """Single words or a few of them, between commas; each once, small."""
    found = [" ".join(one.split()).casefold()[:40] for one in text.split(",")]
    return tuple(dict.fromkeys(one for one in found if one))[:MOST_INTERESTS]


def _number(text: str) -> int | None:
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_PLACES)) else 0
    return number if 0 < number <= MOST_PLACES else _NO_NUMBER


FAULTS: Mapping[Fault, str] = Phrases(
    {
        Fault.NO_TITLE: N_("Please give it a name in the line's own language."),
        Fault.LENGTH: N_("It has to end after it begins, and last no longer than a week."),
        Fault.RULE: N_("Please write the rule so that it comes about, such as FREQ=MONTHLY;BYDAY=1MO."),
        Fault.MEETS_ITSELF: N_("The next one begins before this one is over: choose an earlier end, or fewer days."),
        Fault.SHOWN: N_("The last day is before the first."),
        Fault.PLACES: N_("Please write a number from 1 to 10000, or leave it empty."),
        Fault.OVER: N_("That date is over, or has begun."),
        Fault.NO_DATE: N_("It doesn't take place on that date any more."),
        Fault.NOT_HERE: N_("This can't be undone."),
        Fault.CHANGED_SINCE: N_("This can't be undone: it has been changed again since."),
    }
)
_FIELDS = {
    Fault.LENGTH: "ends",
    Fault.RULE: "rrule",
    Fault.MEETS_ITSELF: "ends",
    Fault.SHOWN: "shown_until",
    Fault.PLACES: "places",
}


def at_fields(faults: Sequence[Fault], own: str) -> Mapping[str, str]:
    """What speaks against it, at the fields of the form; what isn't about one, under the empty name."""
    return {f"title_{own}" if one is Fault.NO_TITLE else _FIELDS.get(one, ""): FAULTS[one] for one in faults}


def choices(day: str, *, begun: bool) -> Sequence[tuple[str, str]]:
    """How much a change may be of."""
    every = (Which.ALL.value, _("Every date that is to come; what has been stays as it was"))
    if begun:
        return [every]
    return [
        (Which.ONE.value, _("Only %(day)s; all other dates stay as they are", day=day)),
        (Which.FROM_HERE.value, _("From %(day)s on; earlier dates stay as they are", day=day)),
        every,
    ]


def ends(day: str, *, repeats: bool, begun: bool) -> Sequence[tuple[str, str]]:
    """The same, as what doesn't take place any more."""
    if not repeats:
        return [] if begun else [(Which.ALL.value, _("Take it off"))]
    every = (Which.ALL.value, _("All that are to come"))
    if begun:
        return [every]
    return [
        (Which.ONE.value, _("Only %(day)s", day=day)),
        (Which.FROM_HERE.value, _("From %(day)s on", day=day)),
        every,
    ]
