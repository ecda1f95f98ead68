"""The settings that change while the line runs: their keys, defaults and forms, and where they are kept.

`docs/settings.md` says what each one does. A change is seen by every process within two seconds.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, time
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import countries, crisis, hours, wait_music
from phoneline.db import Database
from phoneline.home import Home
from phoneline.models import LiveSetting
from phoneline.quiet_hours import Window, window

FRESH_SECONDS = 1.0
LANGUAGES = ("en", "fr", "es")
STRATEGIES = ("least_recent", "simultaneous", "in_order")

_WEEKDAY_NIGHT = Window(time(20), time(9))
_WEEKEND_NIGHT = Window(time(18), time(10))
_HOME = Home()


class LiveSettingError(ValueError):
    """No such key, or a value that the key doesn't take. The message says what is accepted."""


@dataclass(frozen=True)
class LiveSettings:
    """Every live setting with its value. Durations are whole seconds."""

    offer_ring_seconds: int = 20
    offer_accept_seconds: int = 15
    offer_strategy: str = "least_recent"
    wait_cap_seconds: int = 90
    wait_music: str = wait_music.DEFAULT
    wrap_up_seconds: int = 60
    voicemail_seconds: int = 180
    calls_per_second: float = 1
    checkin_attempts: int = 3
    checkin_retry_seconds: int = 600
    checkin_ring_seconds: int = 45
    checkin_grace_seconds: int = 3600
    checkin_snooze_seconds: int = 3600
    checkin_snoozes: int = 2
    quiet_weekday: Window = _WEEKDAY_NIGHT
    quiet_weekend: Window = _WEEKEND_NIGHT
    languages: tuple[str, ...] = LANGUAGES
    line_hours: hours.LineHours = hours.ALWAYS
    closed_days: hours.ClosedDays = hours.NO_DAYS
    crisis_numbers: crisis.Regions = crisis.DEFAULT
    missed_offers_before_pause: int = 3
    escalation_step_seconds: int = 900
    alarm_call_seconds: int = 300
    unstaffed_alarm_seconds: int = 10800
    follow_up_urgent_seconds: int = 3600
    letter_texts: str = "off"
    not_heard_days: int = 14
    pin_tries: int = 5
    pin_lock_seconds: int = 900
    spend_calls_day: int = 10000
    spend_minutes_day: int = 20000
    spend_calls_person_day: int = 100
    spend_calls_volunteer_hour: int = 240
    countries: tuple[str, ...] = ("CA", "US")
    keep_messages_days: int = 90
    keep_texts_days: int = 180
    keep_notes_days: int = 730
    keep_numbers_days: int = 90
    keep_looks_days: int = 730
    keep_checkins_days: int = 1095
    home: Home = _HOME
    """No live setting: what is fixed from start to end, and needed where these are."""


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds."""

    least: int
    most: int = 7 * 24 * 3600

    def __call__(self, text: str) -> int:
        if text.isascii() and text.isdecimal() and self.least <= int(text) <= self.most:
            return int(text)
        message = f"must be a whole number from {self.least} to {self.most}"
        raise LiveSettingError(message)


def _rate(text: str) -> float:
    message = "must be a number of calls a second above 0 and up to 1000, such as 1 or 0.5"
    try:
        rate = float(text)
    except ValueError as error:
        raise LiveSettingError(message) from error
    if not 0 < rate <= 1000:  # noqa: PLR2004 - the bound is said in the message
        raise LiveSettingError(message)
    return int(rate) if rate.is_integer() else rate


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in choices:
            return text
        message = f"must be one of {', '.join(choices)}"
        raise LiveSettingError(message)

    return read


def _languages(text: str) -> tuple[str, ...]:
    chosen = tuple(part.strip() for part in text.split(","))
    if chosen and len(set(chosen)) == len(chosen) and all(part in LANGUAGES for part in chosen):
        return chosen
    message = f"must be some of {','.join(LANGUAGES)}, each once; the first is the line's own"
    raise LiveSettingError(message)


def _read_by(reader: Callable[[str], Any]) -> Callable[[str], Any]:
    """As `reader`, whose ValueError says what is accepted."""

    def read(text: str) -> Any:  # noqa: ANN401 - each reader has a type of its own
        try:
            return reader(text)
        except ValueError as error:
            raise LiveSettingError(str(error)) from error

    return read


_AT_LEAST_ONE = frozenset(
    {
        "offer_ring_seconds",
        "offer_accept_seconds",
        "wait_cap_seconds",
        "voicemail_seconds",
        "checkin_attempts",
        "checkin_ring_seconds",
        "pin_tries",
    }
)
_READERS: dict[str, Callable[[str], Any]] = {
    "follow_up_urgent_seconds": Whole(60),
    "unstaffed_alarm_seconds": Whole(0, 6 * 3600),
    "not_heard_days": Whole(1, 3650),
    "letter_texts": _one_of(("off", "weekly")),
    "offer_strategy": _one_of(STRATEGIES),
    "wait_music": _one_of(wait_music.CHOICES),
    "calls_per_second": _rate,
    "quiet_weekday": _read_by(window),
    "quiet_weekend": _read_by(window),
    "languages": _languages,
    "line_hours": _read_by(hours.line_hours),
    "closed_days": _read_by(hours.closed_days),
    "crisis_numbers": _read_by(crisis.regions),
    "countries": _read_by(countries.codes),
    # How long things are kept, in days; 0: for ever (`retention`).
    **{
        f"keep_{things}_days": Whole(0, 36500)
        for things in ("messages", "texts", "notes", "numbers", "looks", "checkins")
    },
}
KEYS = tuple(field.name for field in fields(LiveSettings) if field.type is not Home)


def parse(key: str, text: str) -> Any:  # noqa: ANN401 - each key has a type of its own
    """The value that `text` means for `key`. LiveSettingError names the key and says what it takes."""
    if key not in KEYS:
        message = f"there is no setting {key!r}; `phoneline settings list` shows them all"
        raise LiveSettingError(message)
    try:
        return reader(key)(text.strip())
    except LiveSettingError as error:
        message = f"{key} {error}"
        raise LiveSettingError(message) from error


def reader(key: str) -> Callable[[str], Any]:
    """What reads the values of a key: a `Whole` with its bounds, where they are numbers."""
    return _READERS.get(key) or Whole(1 if key in _AT_LEAST_ONE else 0)


def shown(value: object) -> str:
    """A value as `settings get` prints it and `settings set` takes it."""
    match value:
        case Window(start=start, end=end):
            return f"{start:%H:%M}-{end:%H:%M}"
        case tuple():
            return ",".join(value)
        case _:
            return str(value)


def read(session: Session) -> LiveSettings:
    """The settings as they are in the database now."""
    changed = session.execute(select(LiveSetting.key, LiveSetting.value)).all()
    return LiveSettings(**{key: parse(key, value) for key, value in changed if key in KEYS})


def write(session: Session, key: str, text: str, now: datetime) -> None:
    """Change one setting. LiveSettingError if the key or the value won't do."""
    value = shown(parse(key, text))
    session.merge(LiveSetting(key=key, value=value, changed_at=now))


class LiveSettingsCache:
    """What `read` gave within the last second: one query a second and process, however many calls arrive."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._kept: tuple[float, LiveSettings] | None = None

    def current(self) -> LiveSettings:
        return self._fresh() or self._read()

    def last_known(self) -> LiveSettings:
        """What was read last, however long ago, or else the defaults: for when the database can't be asked."""
        return self._kept[1] if self._kept is not None else LiveSettings()

    def _fresh(self) -> LiveSettings | None:
        kept = self._kept
        return kept[1] if kept is not None and monotonic() - kept[0] < FRESH_SECONDS else None

    def _read(self) -> LiveSettings:
        with self._lock:
            # Whoever waited for another's query takes its answer.
            settings = self._fresh()
            if settings is None:
                with self._database.reading() as session:
                    settings = read(session)
                self._kept = (monotonic(), settings)
        return settings
