"""A prompt in a coordinator's own voice, by the volunteers' own menu. Hold the call's row.

Chosen by its number and a language, heard as it is now, spoken in after the tone, heard back, and kept or not.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from phoneline import recordings, takes
from phoneline.documents import menu as menu_words
from phoneline.documents import menu_recording as words
from phoneline.live_settings import LANGUAGES, LiveSettings
from phoneline.menu_visit import Visit
from phoneline.models import Call, PromptTake
from phoneline.prompt_numbers import prompt_of
from phoneline.states import Role, TakeState
from phoneline.steps import Document, Say

KEY = "5"
which = words.ask_which


def may(visit: Visit) -> bool:
    return visit.person.has(Role.COORDINATOR)


def choice(visit: Visit) -> Sequence[Say]:
    return [visit.say("menu_record")] if may(visit) else []


def number_keyed(session: Session, visit: Visit, digits: str, tries: int, live: LiveSettings) -> Document:
    """The number on the page of prompts. One that is none's is asked for once more."""
    prompt = prompt_of(digits)
    if not may(visit) or not digits:
        return words.back(visit.call)
    if prompt is None:
        return which(visit.call, tries + 1) if tries < menu_words.MOST_TRIES else words.back(visit.call)
    if len(live.languages) > 1:
        return words.ask_language(visit.call, prompt, live.languages)
    return _now(session, visit, prompt, live.languages[0])


def language_key(session: Session, visit: Visit, prompt: str, pressed: str, tries: int, live: LiveSettings) -> Document:
    """1, 2 or 3: the line's languages in their order."""
    spoken = {str(number): one for number, one in enumerate(live.languages, 1)}
    if not _is_fine(visit, prompt) or pressed == "#":
        return words.back(visit.call)
    if pressed in spoken:
        return _now(session, visit, prompt, spoken[pressed])
    if tries < menu_words.MOST_TRIES:
        return words.ask_language(visit.call, prompt, live.languages, tries + 1)
    return words.back(visit.call)


def _now(session: Session, visit: Visit, prompt: str, language: str) -> Document:
    return words.heard_now(visit.call, prompt, language, takes.next_number(session, visit.call))


def begin(session: Session, visit: Visit, prompt: str, language: str, number: int, pressed: str) -> Document:
    """The tone. # before it leaves all as it was; any other key only hurries."""
    if not _is_fine(visit, prompt) or language not in LANGUAGES or number > takes.next_number(session, visit.call):
        return words.back(visit.call)
    if pressed == "#":
        return words.left(visit.call)
    take = takes.begin(session, visit.call, number, visit.person.id, prompt, language, visit.now)
    return _recorder(visit.call, take)


def _recorder(call: Call, take: PromptTake) -> Document:
    return words.recorder(call, take.id, int(recordings.most_seconds(take.prompt, take.language)))


def recorded(session: Session, visit: Visit, take_id: str, sid: str) -> Document:
    """The recorder has ended. Where it heard nothing at all, it names no recording."""
    take = takes.held(session, visit.call, take_id)
    if take is not None:
        takes.told(take, sid, visit.now)
    return turn(session, visit, take_id, 1)


def turn(session: Session, visit: Visit, take_id: str, number: int) -> Document:
    """Wait until the recording is here, then hear it back."""
    take = takes.held(session, visit.call, take_id)
    if take is None or not may(visit):
        return words.back(visit.call)
    if take.state is TakeState.AWAITED and number > words.MOST_TURNS:
        takes.drop(take)
        return words.late(visit.call)
    return _where_it_stands(visit, take, number, 1)


def _where_it_stands(visit: Visit, take: PromptTake, number: int, tries: int) -> Document:
    match take.state:
        case TakeState.AWAITED:
            return words.wait(visit.call, take.id, number)
        case TakeState.HERE:
            return words.heard_back(visit.call, take, tries)
        case TakeState.UNFIT:
            most = recordings.most_seconds(take.prompt, take.language)
            return words.unfit(visit.call, take.id, int(most), tries)
        case TakeState.KEPT:
            return words.kept(visit.call)
        case TakeState.DROPPED:
            return words.left(visit.call)


def key(session: Session, visit: Visit, take_id: str, pressed: str, tries: int) -> Document:
    """1 keeps it, 2 records it again, # leaves all as it was; a wrong key hears the choices once more."""
    take = takes.held(session, visit.call, take_id)
    if take is None or not may(visit):
        return words.back(visit.call)
    match pressed:
        case "1" if takes.keep(session, take, visit.now):
            return words.kept(visit.call)
        case "2" if take.state is not TakeState.KEPT:
            takes.drop(take)
            return begin(session, visit, take.prompt, take.language, take.number + 1, "")
        case "*":
            return _where_it_stands(visit, take, 1, tries)
    if pressed != "#" and tries < menu_words.MOST_TRIES:
        return _where_it_stands(visit, take, 1, tries + 1)
    takes.drop(take)
    return words.kept(visit.call) if take.state is TakeState.KEPT else words.left(visit.call)


def _is_fine(visit: Visit, prompt: str) -> bool:
    return may(visit) and recordings.may_be_recorded(prompt)
