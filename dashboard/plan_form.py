"""What was filled in for a check-in plan. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from werkzeug.datastructures import MultiDict

from dashboard import rule_words, typed
from dashboard.tongue import N_, Phrases
from phoneline.plan_checks import Draft
from phoneline.states import PlanKind, PlanVoicemail, Purpose

WEEKLY, ONCE, STEP_DOWN, RULE = "weekly", "once", "step_down", "rule"
REPEATS: Mapping[str, str] = Phrases(
    {
        WEEKLY: N_("Every week, on the days below"),
        STEP_DOWN: N_("Every day for five days, then on the days below"),
        ONCE: N_("Once"),
        RULE: N_("By the rule under “More”"),
    }
)


@dataclass(frozen=True)
class PlanForm:
    """As filled in; `problems` says by field what to mend."""

    repeat: str = WEEKLY
    days: Sequence[str] = ()
    time: str = ""
    start: str = ""
    last_day: str = ""
    rrule: str = ""
    kind: str = PlanKind.AUTOMATED
    purpose: str = Purpose.SOCIAL
    volunteer: str = ""
    attempts: str = ""
    retry: str = ""
    ring: str = ""
    second: bool = True
    extension: str = ""
    voicemail: str = ""
    discreet: bool = False
    quiet_from: str = ""
    quiet_to: str = ""
    topics: str = ""
    escalate_to: str = ""
    escalate_off: bool = False
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> Sequence[tuple[str, str]]:
        """Everything that was filled in, to be sent once more."""
        flags = {"second": self.second, "discreet": self.discreet, "escalate_off": self.escalate_off}
        plain = {name: getattr(self, name) for name in _TEXTS}
        return [
            *((name, value) for name, value in plain.items() if value),
            *(("days", day) for day in self.days),
            *((name, "yes") for name, is_set in flags.items() if is_set),
        ]

    @property
    def rare(self) -> bool:
        """Whether something is filled in that stands under "More"."""
        rare = (self.last_day, self.rrule, self.attempts, self.retry, self.ring, self.extension, self.voicemail)
        also = (self.discreet, self.quiet_from, self.quiet_to, self.topics, self.escalate_to, not self.second)
        return any(rare) or any(also) or bool(set(self.problems) - _IN_SIGHT)


_TEXTS = (
    *("repeat", "time", "start", "last_day", "rrule", "kind", "purpose", "volunteer", "attempts", "retry", "ring"),
    *("extension", "voicemail", "quiet_from", "quiet_to", "topics", "escalate_to"),
)
_IN_SIGHT = frozenset({"person", "kind", "days", "time", "start", "volunteer", "purpose", "repeat"})


def read(form: MultiDict[str, str]) -> PlanForm:
    words: Mapping[str, set[str]] = {
        "repeat": set(REPEATS),
        "kind": set(PlanKind),
        "purpose": set(Purpose),
        "voicemail": set(PlanVoicemail),
    }
    return PlanForm(
        **typed.fields(form, _TEXTS, words),  # type: ignore[arg-type]  # texts into the fields of texts, by name
        days=typed.ticked(form, "days", rule_words.DAYS),
        second="second" in form,
        discreet="discreet" in form,
        escalate_off="escalate_off" in form,
    )


def of_draft(draft: Draft) -> PlanForm:
    """A plan that is there, to be changed. The number that is told isn't shown."""
    days = rule_words.days(draft.rrule, draft.starts_local) if draft.rrule else ()
    repeat = ONCE if not draft.rrule else RULE if days is None else WEEKLY
    quiet = (draft.quiet or "-").split("-")
    return PlanForm(
        repeat=repeat,
        days=days or (),
        time=f"{draft.starts_local:%H:%M}",
        start=f"{draft.starts_local:%Y-%m-%d}",
        last_day=last_day(draft),
        rrule=draft.rrule if repeat == RULE else "",
        kind=draft.kind,
        purpose=draft.purpose,
        volunteer=draft.volunteer_id or "",
        attempts=_shown(draft.attempts),
        retry=_shown(draft.retry_seconds, 60),
        ring=_shown(draft.ring_seconds),
        second=draft.second_on_retry,
        extension=draft.extension or "",
        voicemail=draft.voicemail or "",
        discreet=draft.discreet,
        quiet_from=quiet[0],
        quiet_to=quiet[1],
        topics=draft.topics or "",
    )


def last_day(draft: Draft) -> str:
    return f"{draft.ends_local - timedelta(microseconds=1):%Y-%m-%d}" if draft.ends_local else ""


def _shown(number: int | None, unit: int = 1) -> str:
    return "" if number is None else f"{number / unit:g}"
