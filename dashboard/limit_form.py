"""What was filled in to agree on a daily limit. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.live_settings import LANGUAGES

LONGEST_NOTE = 500
MOST_CALLS, MOST_MINUTES = 100, 1440
NOBODY = N_("Please choose whom it was agreed with.")
NOTHING = N_("Please say how many calls or how many minutes a day, or both.")
BAD_CALLS = N_("Calls a day must be a whole number from 1 to 100, or empty.")
BAD_MINUTES = N_("Minutes a day must be a whole number from 1 to 1440, or empty.")
LONG_NOTE = N_("Please keep the note below 500 characters.")


@dataclass(frozen=True)
class LimitForm:
    """As typed, and what of it was understood; `problem` says what to mend, in the field `wrong`."""

    person_id: str = ""
    calls_text: str = ""
    minutes_text: str = ""
    note: str = ""
    language: str = LANGUAGES[0]
    calls: int | None = None
    minutes: int | None = None
    problem: str = ""
    wrong: str = ""


def read(form: Mapping[str, str]) -> LimitForm:
    person_id, note = form.get("person", "").strip()[:64], " ".join(form.get("note", "").split())
    calls_text, minutes_text = (form.get(name, "").strip()[:10] for name in ("calls", "minutes"))
    calls, minutes = _whole(calls_text, MOST_CALLS), _whole(minutes_text, MOST_MINUTES)
    problems = (
        (not person_id, "person", NOBODY),
        (minutes_text and minutes is None, "minutes", BAD_MINUTES),
        (calls_text and calls is None, "calls", BAD_CALLS),
        (not calls_text and not minutes_text, "minutes", NOTHING),
        (len(note) > LONGEST_NOTE, "note", LONG_NOTE),
    )
    wrong, problem = next(((field, words) for bad, field, words in problems if bad), ("", ""))
    language = form.get("language", "")
    return LimitForm(
        person_id=person_id,
        calls_text=calls_text,
        minutes_text=minutes_text,
        note=note[:LONGEST_NOTE],
        language=language if language in LANGUAGES else LANGUAGES[0],
        calls=calls,
        minutes=minutes,
        problem=_(problem) if problem else "",
        wrong=wrong,
    )


def _whole(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 1 <= int(text) <= most else None
