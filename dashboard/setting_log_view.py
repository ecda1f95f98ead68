"""What was changed about the line, in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import words
from dashboard.queries_settings import MOST, ChangeRow
from dashboard.setting_groups import ADMINS_ONLY
from dashboard.setting_said import said_of_text
from dashboard.setting_words import ABOUT
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline import wait_music
from phoneline.decision_changes import DECISIONS, ON
from phoneline.live_settings import LANGUAGES
from phoneline.models import SettingChange
from phoneline.prompts import catalogue
from phoneline.setting_states import ChangeSource, SettingKind


@dataclass(frozen=True)
class ChangeLine:
    """One change: what, from what to what, by whom and why, and whether it can be taken back here."""

    id: str
    what: str
    old: str
    new: str
    who: str
    reason: str
    undoes: bool
    may_undo: bool
    problem: str = ""


@dataclass(frozen=True)
class SettingLog:
    answer: str
    lines: Sequence[ChangeLine]
    older: datetime | None


@dataclass(frozen=True)
class Told:
    """What stands beside the changes: why one couldn't be taken back, by its id; and whom decisions are about."""

    problems: Mapping[str, str]
    names: Mapping[str, str]


def build(rows: Sequence[ChangeRow], at: Moment, told: Told, *, is_admin: bool, first_page: bool) -> SettingLog:
    shown = rows[:MOST]
    lines = [_line(row, at, told, is_admin=is_admin) for row in shown]
    older = shown[-1].change.at if len(rows) > MOST else None
    return SettingLog(_answer(rows, at) if first_page else _("What was changed before that."), lines, older)


def _answer(rows: Sequence[ChangeRow], at: Moment) -> str:
    if not rows:
        return _("Nothing has been changed yet.")
    return _("The last change was made %(when)s.", when=at.on(rows[0].change.at))


def _line(row: ChangeRow, at: Moment, told: Told, *, is_admin: bool) -> ChangeLine:
    made = row.change
    return ChangeLine(
        id=made.id,
        what=_decision(made, told.names) if made.kind in DECISIONS else what(made),
        old=_value(made, made.old),
        new=_value(made, made.new),
        who=_("%(who)s, %(when)s", who=who(row), when=at.moment(made.at)),
        reason=made.reason or "",
        undoes=made.undoes_id is not None,
        may_undo=(is_admin or made.key not in ADMINS_ONLY) and (made.kind not in DECISIONS or made.key in told.names),
        problem=told.problems.get(made.id, ""),
    )


_ABOUT_WHOM = Phrases(
    {
        SettingKind.BLOCK: N_("Block"),
        SettingKind.LIMIT: N_("Daily limit"),
        SettingKind.APART: N_("Kept apart"),
    }
)


def _decision(made: SettingChange, names: Mapping[str, str]) -> str:
    whom = names.get(made.key) or _("somebody who can't be named here")
    return _("%(what)s: %(who)s", what=_ABOUT_WHOM[made.kind], who=whom)


def what(made: SettingChange) -> str:
    """What it is about."""
    if made.kind is SettingKind.SETTING:
        return _(ABOUT[made.key].name) if made.key in ABOUT else made.key
    if made.key == wait_music.PROMPT:
        return _("Music of your own")
    prompt = _short(catalogue(made.language or "").get(made.key, made.key)) if made.language in LANGUAGES else made.key
    return _("“%(prompt)s” in %(language)s", prompt=prompt, language=words.LANGUAGES.get(made.language or "", ""))


def _short(text: str) -> str:
    most = 40
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def _value(made: SettingChange, text: str | None) -> str:
    if made.kind is SettingKind.SETTING:
        return said_of_text(made.key, text) if made.key in ABOUT else text or ""
    if made.kind in DECISIONS:
        return _("holds") if text == ON else _("doesn't hold")
    if made.kind is SettingKind.RECORDING:
        return _("recording %(number)s", number=text) if text else _("no recording")
    return text or _("the words as they came")


def who(row: ChangeRow) -> str:
    if row.change.source is ChangeSource.COMMAND:
        return _("at the command line")
    if row.person is not None:
        return _("%(name)s by telephone", name=row.person)
    return row.email or _("a login that is gone")


def since(row: ChangeRow | None, now_is: str, at: Moment) -> str:
    """What somebody else made of a setting while its form was open."""
    if row is None:
        return _("Meanwhile it was changed to “%(value)s”.", value=now_is)
    return _(
        "Meanwhile it was changed to “%(value)s” (%(who)s, %(when)s).",
        value=now_is,
        who=who(row),
        when=at.moment(row.change.at),
    )
