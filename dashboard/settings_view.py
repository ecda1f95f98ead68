"""The live settings in words, group by group. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import setting_fields
from dashboard.setting_fields import Filled
from dashboard.setting_groups import ADMINS_ONLY, CHOICES, GROUPS
from dashboard.setting_kinds import FROM_WHEN, Field
from dashboard.setting_said import accepted, said
from dashboard.setting_words import ABOUT
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
from dashboard.words import number, sentence
from phoneline.live_settings import KEYS, LiveSettings, shown

DEFAULTS = LiveSettings()


@dataclass(frozen=True)
class Said:
    """What a setting's form has to say: saved just now, or refused."""

    key: str = ""
    saved_by: str = ""
    """The change that can be taken back."""
    filled: Filled | None = None
    reason: str = ""
    reason_problem: str = ""
    since: str = ""
    """What somebody else made of it meanwhile."""


@dataclass(frozen=True)
class SettingLine:
    """One setting: what it is, what it does, and its form."""

    key: str
    name: str
    effect: str
    zero: str
    value: str
    stored: str
    default: str
    accepted: str
    from_when: str
    field: Field
    filled: Filled
    choices: Sequence[tuple[str, str]]
    guarded: bool
    may_change: bool
    saved_by: str
    reason: str
    reason_problem: str
    since: str

    @property
    def is_open(self) -> bool:
        return bool(self.filled.problem or self.reason_problem or self.since)


@dataclass(frozen=True)
class GroupView:
    id: str
    name: str
    lines: Sequence[SettingLine]


@dataclass(frozen=True)
class SettingsPage:
    answer: str
    groups: Sequence[GroupView]


def build(live: LiveSettings, told: Said, hours_now: str, *, is_admin: bool) -> SettingsPage:
    groups = [
        GroupView(group.id, _(group.name), [_line(key, live, told, is_admin=is_admin) for key in group.keys])
        for group in GROUPS
    ]
    return SettingsPage(f"{hours_now} {_changed(live)}", groups)


def _changed(live: LiveSettings) -> str:
    count = sum(getattr(live, key) != getattr(DEFAULTS, key) for key in KEYS)
    if not count:
        return _("All settings are as they came.")
    return sentence(
        ngettext(
            "%(number)s setting is otherwise than it came.",
            "%(number)s settings are otherwise than they came.",
            count,
            number=number(count),
        )
    )


def _line(key: str, live: LiveSettings, told: Said, *, is_admin: bool) -> SettingLine:
    about, value, default = ABOUT[key], getattr(live, key), getattr(DEFAULTS, key)
    this = told if told.key == key else Said()
    hours = about.field is Field.HOURS
    guarded = key in ADMINS_ONLY
    return SettingLine(
        key=key,
        name=_(about.name),
        effect=_(about.effect),
        zero=_(about.zero) if about.zero else "",
        value=said(key, value),
        stored=shown(value),
        default=said(key, default),
        accepted="" if hours else accepted(key),
        from_when=FROM_WHEN[about.holds],
        field=about.field,
        filled=this.filled or (Filled() if hours else setting_fields.of(key, value)),
        choices=list(CHOICES.get(key, _NONE).items()),
        guarded=guarded,
        may_change=is_admin or not guarded,
        saved_by=this.saved_by,
        reason=this.reason,
        reason_problem=this.reason_problem,
        since=this.since,
    )


_NONE: Mapping[str, str] = {}
