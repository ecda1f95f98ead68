"""What a volunteer hears who practises: a call as it comes, with a caller who isn't real. Said so at its beginning."""

from dataclasses import dataclass

from phoneline.prompts import say
from phoneline.steps import Ask, Document, Go, HangUp

KEY_SECONDS = 8
LISTENING_SECONDS = 6
"""A real caller pauses, too."""
MOST_TRIES = 2
PARTS = ("practice_caller_1", "practice_caller_2", "practice_caller_3")


@dataclass(frozen=True)
class Place:
    """Where it takes place: on a leg of its own, or within the volunteers' own menu."""

    base: str
    end: Go | HangUp
    """What comes when it is over."""
    language: str
    ready: bool

    def path(self, page: str, number: int) -> str:
        return f"{self.base}/{page}/{number}"


def offered(place: Place, tries: int, *before: str) -> Document:
    """Offered as a real call is. On silence it is offered once more, then it ends."""
    prompts = [say(key, place.language) for key in (*before, "offer")]
    ask = Ask(prompts, place.path("offered", tries), KEY_SECONDS)
    if tries < MOST_TRIES:
        return (ask, Go(place.path("offered", tries)))
    return (ask, *ending(place, "offer_no_key"))


def caller(place: Place, part: int, *before: str) -> Document:
    """What the caller says, then a pause; after their last words they hang up."""
    if part > len(PARTS):
        return (say("practice_caller_gone", place.language), *outcome(place, 1))
    prompts = [say(key, place.language) for key in (*before, PARTS[part - 1])]
    return (Ask(prompts, place.path("caller", part), LISTENING_SECONDS), Go(place.path("caller", part)))


def stepped_out(place: Place, part: int, *before: str) -> Document:
    """Silence goes back to the caller, to where they were."""
    prompts = [say(key, place.language) for key in (*before, "step_out_bring")]
    return (Ask(prompts, place.path("out", part), KEY_SECONDS), Go(place.path("out", part)))


def outcome(place: Place, tries: int) -> Document:
    ask = Ask((say("outcome", place.language),), place.path("outcome", tries), KEY_SECONDS)
    return (ask, Go(place.path("outcome", tries)))


def summary(place: Place, *, stepped_out: bool, said: bool) -> Document:
    """A kind word, what else there was to try, and what comes next for whoever isn't rung yet."""
    keys = ["practice_well_done"]
    if not stepped_out:
        keys.append("practice_try_star")
    if not said:
        keys.append("practice_try_outcome")
    keys.append("practice_bye" if place.ready else "practice_bye_not_ready")
    return (*(say(key, place.language) for key in keys), place.end)


def ending(place: Place, key: str) -> Document:
    return (say(key, place.language), place.end)
