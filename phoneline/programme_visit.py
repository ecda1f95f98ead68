"""Key 2 in the first words: what is on, read to a caller, who may sign up. Hold the call's row.

The row `ProgrammeVisit` says which question stands. Each is answered once: the same request again, or an old one late,
hears the question that stands now and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import programme, signups
from phoneline.activity_states import ProgrammePage
from phoneline.callback_number import number_to_ring
from phoneline.db import insert_or_ignore
from phoneline.documents import caller
from phoneline.documents import programme as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, ProgrammeVisit
from phoneline.programme import Happening
from phoneline.prompts import say
from phoneline.recurrence import wall
from phoneline.signups import Answer, Guest
from phoneline.states import CallState
from phoneline.steps import Document, Say

KEY = "2"
MOST_ITEMS = 12
_AT_THE_END = frozenset({ProgrammePage.PERSON, ProgrammePage.OVER})


@dataclass(frozen=True)
class Turn:
    """One caller, one answer, one moment. Holds the call's row."""

    session: Session
    call: Call
    row: ProgrammeVisit
    now: datetime
    live: LiveSettings

    @property
    def item(self) -> Happening | None:
        """What they are at, while it is still to come; None past the last one."""
        if self.row.place >= len(self.row.items):
            return None
        activity_id, local = self.row.items[self.row.place]
        occurs_local = datetime.fromisoformat(local)
        found = programme.happening(self.session, activity_id, occurs_local, self.live.home.zone)
        return found if found and not found.off and found.ends_at > self.now else None

    @property
    def is_last(self) -> bool:
        return self.row.place + 1 >= len(self.row.items)

    @property
    def guest(self) -> Guest:
        return Guest(self.call.person_id, self.call.number or self.row.number)

    def say(self, key: str) -> Say:
        return say(key, self.call.language)

    def go(self, page: ProgrammePage, news: str | None = None) -> bool:
        """On to another question. The answer was a good one."""
        self.row.page, self.row.news, self.row.tries = page, news, 1
        return True


def knock(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """Key 2 in the first words. Where nothing is on, that is said, and a person is rung."""
    call.informed_at = call.informed_at or now
    row = session.get(ProgrammeVisit, call.id)
    if row is None:
        found = _to_read(session, call, live, now)
        if not found:
            return words.nothing(call)
        items = [[one.activity.id, one.occurs_local.isoformat()] for one in found]
        today = wall(found[0].starts_at, live.home.zone).date() <= wall(now, live.home.zone).date()
        news = "programme_today" if today else "programme_tomorrow"
        insert_or_ignore(session, ProgrammeVisit, call_id=call.id, items=items, news=news)
        row = session.get_one(ProgrammeVisit, call.id)
    call.state = CallState.MENU
    return _document(Turn(session, call, row, now, live))


def _to_read(session: Session, call: Call, live: LiveSettings, now: datetime) -> Sequence[Happening]:
    speaks = [call.language, *(call.person.speaks if call.person else ())]
    return programme.to_read(session, live.home.zone, now, speaks, call.person_id)[:MOST_ITEMS]


def answer(session: Session, call: Call, step: int, pressed: str | None, live: LiveSettings, now: datetime) -> Document:
    """What was pressed at this question, None for silence; and the question that stands then."""
    row = session.get(ProgrammeVisit, call.id)
    if row is None:
        return (words.to_a_person(call),)
    turn = Turn(session, call, row, now, live)
    if row.step == step and row.page not in _AT_THE_END:
        _take(turn, pressed)
        row.step += 1
        session.flush()
    return _document(turn)


def _document(turn: Turn) -> Document:
    row = turn.row
    while row.page in {ProgrammePage.ITEM, ProgrammePage.CHOICE} and turn.item is None:
        _next(turn)
    news = [turn.say(row.news)] if row.news else []
    match row.page:
        case ProgrammePage.PERSON:
            return (*news, words.to_a_person(turn.call))
        case ProgrammePage.OVER:
            return caller.goodbye(turn.call)
        case ProgrammePage.MORE | ProgrammePage.NUMBER:
            said: Sequence[Say] = [turn.say(f"programme_{row.page}")]
        case _:
            said = _item_said(turn)
    return words.question(turn.call, row.step, [*news, *said], several=row.page is ProgrammePage.NUMBER)


def _item_said(turn: Turn) -> Sequence[Say]:
    item = turn.item
    if item is None:
        return []
    first: list[Say] = []
    if turn.row.page is ProgrammePage.ITEM:
        zone, own = turn.live.home.zone, turn.live.languages[0]
        first = [*words.item(turn.call, item, own, zone, turn.now)]
    onward = [] if turn.is_last else [turn.say("programme_key_next")]
    return [*first, *_signing_up_said(turn, item), *onward]


def _signing_up_said(turn: Turn, item: Happening) -> Sequence[Say]:
    if not _may_sign_up(turn, item):
        return []
    if _is_signed_up(turn, item):
        known = [] if turn.row.news == "programme_signed" else [turn.say("programme_on_list")]
        return [*known, turn.say("programme_key_off")]
    if turn.row.page is ProgrammePage.CHOICE and turn.row.news == "programme_signed":
        return []
    if signups.is_full(turn.session, item):
        return [turn.say("programme_full")]
    return [turn.say("programme_key_sign_up")]


def _may_sign_up(turn: Turn, item: Happening) -> bool:
    return item.activity.by_key and item.starts_at > turn.now


def _is_signed_up(turn: Turn, item: Happening) -> bool:
    row = signups.of_guest(turn.session, item, turn.guest) if turn.guest else None
    if row is None or row.withdrawn_at is not None:
        return False
    # A number that was keyed in may be another's: whoever did that hears of, and undoes, what they did in this call.
    return turn.call.number is not None or row.at >= turn.call.started_at


def _take(turn: Turn, pressed: str | None) -> None:
    row = turn.row
    row.news = None
    if pressed == "0":
        turn.go(ProgrammePage.PERSON)
    elif not _PAGES[row.page](turn, pressed):
        if row.tries < words.MOST_TRIES:
            row.tries += 1
        else:
            _PAGES[row.page](turn, None)


# What each answer does. False: it is none, and the question is asked once more, then it goes on as after silence.


def _item(turn: Turn, pressed: str | None) -> bool:
    item = turn.item
    match pressed:
        case "1" if item is not None and _may_sign_up(turn, item):
            return _toggle(turn, item)
        case "*":
            return turn.go(ProgrammePage.ITEM)
        case None | "#":
            return _next(turn)
    return False


def _next(turn: Turn) -> bool:
    news = turn.row.news
    turn.row.place += 1
    if turn.row.place < len(turn.row.items):
        return turn.go(ProgrammePage.ITEM, news)
    return turn.go(ProgrammePage.MORE, news)


def _toggle(turn: Turn, item: Happening) -> bool:
    if not turn.guest:
        return turn.go(ProgrammePage.NUMBER)
    if _is_signed_up(turn, item):
        signups.withdraw(turn.session, item, turn.guest, turn.now)
        return turn.go(ProgrammePage.CHOICE, "programme_withdrawn")
    return _sign_up(turn, item)


def _sign_up(turn: Turn, item: Happening) -> bool:
    signed = signups.sign_up(turn.session, item, turn.guest, turn.now) is Answer.SIGNED
    # Where it is full, the choice says so.
    return turn.go(ProgrammePage.CHOICE, "programme_signed" if signed else None)


def _number(turn: Turn, pressed: str | None) -> bool:
    item = turn.item
    number = number_to_ring(pressed or "", turn.live.home.number) if pressed else None
    if number is not None and item is not None:
        turn.row.number = number
        return _sign_up(turn, item)
    if pressed is None:
        return turn.go(ProgrammePage.CHOICE, "programme_not_signed")
    turn.row.news = "programme_unclear"
    return False


def _more(turn: Turn, pressed: str | None) -> bool:
    match pressed:
        case "*":
            turn.row.place = 0
            return turn.go(ProgrammePage.ITEM)
        case "#":
            return turn.go(ProgrammePage.OVER)
        case None:
            return turn.go(ProgrammePage.PERSON)
    return False


_PAGES: Mapping[ProgrammePage, Callable[[Turn, str | None], bool]] = {
    ProgrammePage.ITEM: _item,
    ProgrammePage.CHOICE: _item,
    ProgrammePage.NUMBER: _number,
    ProgrammePage.MORE: _more,
}
