"""What else is a volunteer's own in their menu: to talk with somebody about a call, and to practise one."""

from sqlalchemy.orm import Session

from phoneline import debriefs, practice, practice_script
from phoneline.documents import menu as words
from phoneline.menu_visit import Visit
from phoneline.steps import Ask, Document, Say

KEY = "8"


def begin(visit: Visit, tries: int = 1) -> Document:
    """The two, and their keys; on silence the menu."""
    prompts = (visit.say("menu_debrief"), visit.say("menu_practice"))
    ask = Ask(prompts, words.path(visit.call, "more", tries), words.KEY_SECONDS)
    return (ask, words.to_top(visit.call))


def key(session: Session, visit: Visit, pressed: str, tries: int) -> Document:
    match pressed:
        case "2":
            return (_debrief(session, visit), words.to_top(visit.call))
        case "3":
            made = practice.in_menu(session, visit.person, visit.now)
            place = practice_script.in_menu(visit.call, made, ready=visit.person.ready)
            return practice_script.begin(place)
        case "0":
            return (words.to_a_person(visit.call),)
        case "#" | "":
            return (words.to_top(visit.call),)
    if tries < words.MOST_TRIES or pressed == "*":
        return begin(visit, tries if pressed == "*" else tries + 1)
    return (words.to_top(visit.call),)


def _debrief(session: Session, visit: Visit) -> Say:
    asked = debriefs.ask(session, visit.person, visit.live, visit.now)
    return visit.say("menu_debrief_asked" if asked else "menu_debrief_stands")


def practise(session: Session, visit: Visit, practice_id: str, page: str, number: int, pressed: str) -> Document:
    """A turn of a call that they practise within the menu."""
    found = practice.of_visit(session, practice_id, visit.person.id)
    if found is None:
        return (words.to_top(visit.call),)
    place = practice_script.in_menu(visit.call, found, ready=visit.person.ready)
    return practice_script.turn(found, place, page, number, pressed, visit.now)
