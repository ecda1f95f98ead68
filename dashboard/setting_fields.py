"""The fields of a live setting: what they show, and what was filled in as the text that is stored. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from dashboard import words
from dashboard.setting_kinds import Field
from dashboard.setting_said import accepted, unit_of
from dashboard.setting_words import ABOUT
from dashboard.tongue import gettext as _
from phoneline.live_settings import LANGUAGES, LiveSettingError, parse, shown

LONGEST = 200
_SPARE_REGIONS = 1
_NAMES: Mapping[Field, Sequence[str]] = {
    Field.LENGTH: ("amount", "unit"),
    Field.COUNT: ("amount",),
    Field.RATE: ("amount",),
    Field.CHOICE: ("choice",),
    Field.SPAN: ("starts", "ends"),
    Field.LANGUAGES: ("first", "second", "third"),
    Field.COUNTRIES: ("text",),
}


@dataclass(frozen=True)
class Region:
    """A row of the numbers in a crisis."""

    region: str = ""
    talk: str = ""
    texts: bool = False
    emergency: str = ""


@dataclass(frozen=True)
class Filled:
    """As filled in, by the names of the fields; `problem` says what to mend."""

    values: Mapping[str, str] = field(default_factory=dict)
    regions: Sequence[Region] = ()
    text: str = ""
    """What would be stored."""
    problem: str = ""


def of(key: str, value: Any) -> Filled:  # noqa: ANN401 - each key has a type of its own
    """The fields with what is stored."""
    kind = ABOUT[key].field
    if kind is Field.CRISIS:
        rows = [Region(name, one.talk, one.texts, one.emergency) for name, one in value.numbers.items()]
        return Filled(regions=[*rows, *[Region()] * _SPARE_REGIONS], text=shown(value))
    match kind:
        case Field.LENGTH:
            unit = unit_of(value)
            given = [str(value // unit), str(unit)]
        case Field.SPAN:
            given = [f"{value.start:%H:%M}", f"{value.end:%H:%M}"]
        case Field.LANGUAGES:
            given = [*value, "", ""][: len(LANGUAGES)]
        case _:
            given = [shown(value)]
    return Filled(dict(zip(_NAMES[kind], given, strict=True)), text=shown(value))


def read(key: str, form: MultiDict[str, str]) -> Filled:
    """What was filled in, with the text to store or with what to mend."""
    kind = ABOUT[key].field
    if kind is Field.CRISIS:
        return _regions(key, form)
    values = {name: form.get(name, "").replace("\0", "").strip()[:LONGEST] for name in _NAMES[kind]}
    text = _text(kind, values)
    return Filled(values, text=text, problem=_problem(key, text))


def _text(kind: Field, values: Mapping[str, str]) -> str:
    """As it would be stored; what can't be understood is left for the setting's own reader to refuse."""
    match kind:
        case Field.LENGTH:
            return _seconds(values["amount"], values["unit"])
        case Field.SPAN:
            return f"{values['starts'][:5]}-{values['ends'][:5]}"
        case Field.LANGUAGES:
            return ",".join(one for one in values.values() if one)
        case Field.RATE:
            return values["amount"].replace(",", ".")
        case _:
            return next(iter(values.values()))


def _seconds(amount: str, unit: str) -> str:
    """An hour and a half are 5400; empty for what are no whole seconds."""
    try:
        seconds = Decimal(amount.replace(",", ".")) * int(unit)
    except (InvalidOperation, ValueError):
        return ""
    whole = seconds.is_finite() and seconds == seconds.to_integral_value() and abs(seconds) < 10**9
    return str(int(seconds)) if whole else ""


def _regions(key: str, form: MultiDict[str, str]) -> Filled:
    """Rows without anything are left out."""
    columns = [form.getlist(name)[:20] for name in ("region", "talk", "texts", "emergency")]
    rows = [
        Region(region.strip().upper()[:2], talk.strip()[:20], texts == "yes", emergency.strip()[:20])
        for region, talk, texts, emergency in zip(*columns, strict=False)
    ]
    kept = [row for row in rows if row.region or row.talk or row.emergency]
    text = ";".join(f"{one.region}:{one.talk}{'+text' if one.texts else ''},{one.emergency}" for one in kept)
    twice = len({row.region for row in kept}) < len(kept)
    problem = _("Each region can stand here once.") if twice else _problem(key, text)
    return Filled(regions=[*kept, *[Region()] * _SPARE_REGIONS], text=text, problem=problem)


def _problem(key: str, text: str) -> str:
    """What is accepted, if this isn't."""
    try:
        parse(key, text)
    except (LiveSettingError, OverflowError):
        return accepted(key)
    return ""


def language_choices() -> Sequence[tuple[str, str]]:
    return [(one, words.sentence(words.LANGUAGES[one])) for one in LANGUAGES]
