"""The contact log as a file for spreadsheets, in the words of the page."""

from collections.abc import Iterable, Iterator, Sequence

from dashboard import log_view, words
from dashboard.queries_log import ContactRow
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from phoneline import csv_text
from phoneline.follow_ups import OPEN

MARK = "\ufeff"
"""Without it some spreadsheets take the letters for those of an older alphabet."""


def heads() -> Sequence[str]:
    named = [_("Day"), _("Time"), _("Kind"), _("Who"), _("With"), _("How it ended"), _("Follow-up")]
    return [*named, _("Whose"), _("Due")]


def csv(heads: Sequence[str], batches: Iterable[Sequence[ContactRow]], at: Moment) -> Iterator[str]:
    """A header, then a line for each contact; nothing in it can become a formula."""
    yield MARK + csv_text.line(heads)
    for rows in batches:
        yield "".join(csv_text.line(_cells(row, at)) for row in rows)


def _cells(row: ContactRow, at: Moment) -> Sequence[str]:
    local = row.at.astimezone(at.zone)
    is_open = row.follow_up in OPEN
    due = row.due_at.astimezone(at.zone) if is_open and row.due_at and row.given_at else None
    return [
        f"{local:%Y-%m-%d}",
        f"{local:%H:%M}",
        words.KINDS[row.kind],
        words.who(row.person, withheld=row.withheld),
        row.volunteer or "",
        log_view.ending(row),
        words.FOLLOW_UPS[row.follow_up],
        (row.owner or "") if is_open else "",
        f"{due:%Y-%m-%d %H:%M}" if due else "",
    ]
