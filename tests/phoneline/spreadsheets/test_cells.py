from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from phoneline.spreadsheets import cells
from phoneline.states import PlanKind, Role


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (cells.roles, "peer; Volunteer ;", {Role.PEER, Role.VOLUNTEER}),
        (cells.skills, " French;listening ; French;", ["French", "listening"]),
        (cells.language, "FR", "fr"),
        (cells.timezone, "America/St_Johns", "America/St_Johns"),
        (cells.yes_or_no, "Yes", True),
        (cells.pin, "0012", "0012"),
        (cells.local_time, "2026-11-23T09:00", datetime(2026, 11, 23, 9, 0)),  # noqa: DTZ001 - a wall-clock time
        (cells.local_time, "2026-11-23 09:00:30", datetime(2026, 11, 23, 9, 0, 30)),  # noqa: DTZ001 - a wall-clock time
        (cells.local_time, "2026-11-23T09:00:30.25", datetime(2026, 11, 23, 9, 0, 30)),  # noqa: DTZ001 - a wall-clock time
        (cells.rule, "RRULE:freq=daily;", "FREQ=DAILY"),
        (cells.tier, "2", 2),
        (cells.word(PlanKind), "Automated", PlanKind.AUTOMATED),
        (cells.name, "  李   小龍 ", "李 小龍"),
    ],
)
def test_what_a_cell_may_say(read: Callable[[str], Any], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (cells.roles, "peers"),
        (cells.roles, "peer,volunteer"),
        (cells.roles, ";"),
        (cells.language, "de"),
        (cells.timezone, "Toronto"),
        (cells.timezone, "America"),
        (cells.timezone, "../etc/passwd"),
        (cells.yes_or_no, "true"),
        (cells.pin, "123"),
        (cells.pin, "123456789"),
        (cells.pin, "12a4"),
        (cells.pin, "١٢٣٤"),
        (cells.phone, "416-555-0101"),
        (cells.phone, "+1 416 555 0101"),
        (cells.local_time, "2026-11-23"),
        (cells.local_time, "2026-11-23T09:00Z"),
        (cells.local_time, "2026-11-23T09:00-05:00"),
        (cells.local_time, "2026-02-30T09:00"),
        (cells.local_time, "1026-02-03T09:00"),
        (cells.local_time, "23/11/2026 09:00"),
        (cells.tier, "3"),
        (cells.word(PlanKind), "auto"),
        (cells.name, "x" * 201),
    ],
)
def test_what_a_cell_may_not_say(read: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match=r"must |is longer|must lie"):
        read(text)
