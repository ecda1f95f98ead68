"""Key 2 of the volunteers' own menu: their own shifts, one by one, then those that they may take.

Hold the call's row.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from phoneline import confirmations, menu_lists, menu_open_shifts, rosters, standing_in
from phoneline.cover_states import CoverKind
from phoneline.documents import menu as words
from phoneline.menu_visit import Visit
from phoneline.models import ShiftCallStop, ShiftHours
from phoneline.roster_changes import By
from phoneline.steps import Document, Say


def begin(session: Session, visit: Visit) -> Document:
    """The first of their own; without any, what there is to be taken."""
    own = _own(session, visit)
    if not own:
        return menu_open_shifts.first(session, visit, [visit.say("menu_no_shifts")])
    return _ask(session, visit, own[0], is_first=True)


def key(session: Session, visit: Visit, hours_id: str, pressed: str, tries: int) -> Document:
    """1 I'll come, or keep it; 3 give it away; 9 the next one; 2 open ones; a wrong key hears it once more."""
    match pressed:
        case "0":
            return (words.to_a_person(visit.call),)
        case "2":
            return menu_open_shifts.first(session, visit, [])
        case "9":
            return _next(session, visit, hours_id)
        case "#":
            return (words.to_top(visit.call),)
    hours = _theirs(session, visit, hours_id)
    return _key_at(session, visit, hours, pressed, tries) if hours is not None else _gone(visit)


def _gone(visit: Visit) -> Document:
    """Somebody else has taken it meanwhile."""
    return (visit.say("menu_shift_gone"), words.to_top(visit.call))


def _key_at(session: Session, visit: Visit, hours: ShiftHours, pressed: str, tries: int) -> Document:
    """A key about these hours, which are theirs."""
    match pressed:
        case "1":
            return _come(session, visit, hours)
        case "3":
            return _give(session, visit, hours)
        case "4" if (stop := session.get(ShiftCallStop, visit.person.id)) is not None:
            session.delete(stop)
            return _ask(session, visit, hours, [visit.say("menu_shift_calls_again")])
        case "*":
            return _ask(session, visit, hours, tries=tries)
    return _ask(session, visit, hours, tries=tries + 1) if tries < words.MOST_TRIES else (words.to_top(visit.call),)


def past(session: Session, visit: Visit, hours_id: str, silent: int) -> Document:
    """Nobody pressed a key: the next one, but not for ever."""
    return _next(session, visit, hours_id, silent) if silent < words.MOST_SILENT else (words.to_top(visit.call),)


def _own(session: Session, visit: Visit) -> Sequence[ShiftHours]:
    return rosters.ahead(session, visit.now, visit.now + rosters.AHEAD, visit.person.id)


def _theirs(session: Session, visit: Visit, hours_id: str) -> ShiftHours | None:
    """The hours, unless they are another's or over by now."""
    hours = session.get(ShiftHours, hours_id)
    is_theirs = hours is not None and hours.person_id == visit.person.id and hours.ends_at > visit.now
    return hours if is_theirs else None


def _next(session: Session, visit: Visit, hours_id: str, silent: int = 0) -> Document:
    """Their own next one, then what they may take."""
    heard = session.get(ShiftHours, hours_id)
    if heard is None:
        return (words.to_top(visit.call),)
    following = [one for one in _own(session, visit) if _place(one) > _place(heard)]
    if following:
        return _ask(session, visit, following[0], silent=silent)
    return menu_open_shifts.first(session, visit, [], silent)


def _place(hours: ShiftHours) -> tuple[datetime, int, str]:
    return hours.starts_at, hours.tier, hours.id


def _come(session: Session, visit: Visit, hours: ShiftHours) -> Document:
    """They will come; what was given away stays theirs, if nobody has taken it."""
    if standing_in.is_asked(session, hours):
        if not standing_in.withdraw(session, hours, visit.person, _by(visit), visit.live, visit.now):
            return _gone(visit)
        said = "menu_shift_kept"
    else:
        said = "menu_shift_thanks"
    confirmations.confirm(session, visit.person.id, hours.id, visit.now)
    return _ask(session, visit, hours, [visit.say(said)])


def _give(session: Session, visit: Visit, hours: ShiftHours) -> Document:
    """Others are asked. It stays theirs until somebody takes it, and that is said."""
    asked = standing_in.ask(session, hours, visit.person, CoverKind.GIVE_AWAY, _by(visit), visit.live, visit.now)
    if hours.person_id != visit.person.id:
        return (visit.say("menu_shift_given_at_once"), *_next(session, visit, hours.id))
    return _ask(session, visit, hours, [] if asked else [visit.say("menu_shift_not_given")])


def _by(visit: Visit) -> By:
    return By(person_id=visit.person.id)


def _ask(
    session: Session,
    visit: Visit,
    hours: ShiftHours,
    before: Sequence[Say] = (),
    tries: int = 1,
    silent: int = 0,
    *,
    is_first: bool = False,
) -> Document:
    prompts = [*before, *_said(session, visit, hours)]
    if session.get(ShiftCallStop, visit.person.id) is not None:
        prompts += [visit.say("menu_shift_calls")] if is_first else []
    elif is_first and visit.person.ready:
        prompts.append(visit.say("menu_shift_open"))
    return words.own_shift(visit.call, prompts, hours.id, tries, silent)


def _said(session: Session, visit: Visit, hours: ShiftHours) -> Sequence[Say]:
    """When it is, how it stands, and what may be pressed."""
    when, following = menu_lists.when(visit, hours), visit.say("menu_shift_next")
    if hours.starts_at <= visit.now:
        return [visit.say("menu_shift", when=when), following]
    if standing_in.is_asked(session, hours):
        return [visit.say("menu_shift_asked", when=when), visit.say("menu_shift_keep"), following]
    if hours.confirmed_at is not None:
        return [visit.say("menu_shift_confirmed", when=when), visit.say("menu_shift_give"), following]
    come = visit.say("menu_shift_come")
    return [visit.say("menu_shift", when=when), come, visit.say("menu_shift_give"), following]
