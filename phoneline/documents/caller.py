"""What a caller hears: also a peer whom we called and who wants to talk now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from phoneline import wait_music
from phoneline.documents import crisis
from phoneline.documents import waiting as wait
from phoneline.live_settings import LiveSettings
from phoneline.models import Call
from phoneline.prompts import say, speaking_seconds
from phoneline.states import Direction
from phoneline.steps import Ask, Document, Go, HangUp, Join, Pause, Record, Say

KEY_SECONDS = 5
"""Silence after the choices before the good default follows."""
GREETING_SECONDS = 2
OWN_KEY_SECONDS = 3
"""Who is told of keys 2 and 3 in the first words may be slow to find them, and they work only there."""
MOST_SECONDS = 10
"""First words and silence together: after that somebody is rung."""
TURN_SECONDS = 8
"""How long a wait turn takes, words and silence together: the caller's leg comes back so often by itself."""
FETCHED_SECONDS = 1
ASIDE_SECONDS = 6
MOST_TRIES = 2
"""A prompt is spoken so often for wrong keys, then the good default follows."""


def path(call: Call, *parts: str | int) -> str:
    return "/".join(["/webhooks/calls", call.token, *map(str, parts)])


@dataclass(frozen=True)
class OwnKeys:
    """Which keys of the first words there are for this caller: 3 is for peers, 2 leads nowhere when nothing is on."""

    is_peer: bool = False
    something_on: bool = False

    @property
    def prompt(self) -> str | None:
        """What tells of them."""
        if self.something_on:
            return "greeting_programme_checkins" if self.is_peer else "greeting_programme"
        return "greeting_checkins" if self.is_peer else None


NO_KEYS = OwnKeys()


def greeting(
    call: Call,
    live: LiveSettings,
    *,
    knows_language: bool,
    own: OwnKeys = NO_KEYS,
    closed: Say | None = None,
    tries: int = 1,
) -> Document:
    """The first words. Another language is offered in that language, to whoever's isn't known; else keys 2 and 3."""
    prompts = [closed or say("greeting", call.language)]
    if not knows_language:
        prompts += [
            say(f"other_language_{key}", language)
            for key, language in language_keys(live).items()
            if language != call.language
        ]
    silence = GREETING_SECONDS
    if len(prompts) > 1:
        own = OwnKeys(something_on=own.something_on)
    told = (say(own.prompt, call.language),) if own.prompt else ()
    left = MOST_SECONDS - speaking_seconds((*prompts, *told))
    # Outside the hours nobody is rung yet: they may take longer.
    if told and (closed or len(prompts) == 1 or left >= silence):
        prompts += told
        silence = OWN_KEY_SECONDS if closed else max(1, min(OWN_KEY_SECONDS, int(left)))
    return (
        Ask(tuple(prompts), path(call, "menu", tries), silence, keeps_time=True),
        Go(path(call, "wait", 1)),
    )


def language_keys(live: LiveSettings) -> dict[str, str]:
    """Which key chooses which language in the first words: 8 the line's second, 7 its third."""
    return dict(zip(("8", "7"), live.languages[1:], strict=False))


def language_chosen(call: Call, tries: int) -> Document:
    """Briefly, in the language chosen: the first words were long already, and nobody is being rung yet."""
    return (
        Ask((say("wait_again", call.language),), path(call, "menu", tries), 1, keeps_time=True),
        Go(path(call, "wait", 1)),
    )


def waiting(call: Call, turn: int, live: LiveSettings, now: datetime, place: int | None = None) -> Document:
    """One turn of the hold loop, never longer than what is left of the cap."""
    key = wait.prompt(turn, call.wait_round, place)
    prompts: tuple[Say, ...] = (say(key, call.language, place=str(place), **crisis_numbers(call, live)),)
    cap = call.wait_began_at + timedelta(seconds=live.wait_cap_seconds)
    left = max(1.0, (cap - now).total_seconds())
    speaking = speaking_seconds(prompts)
    if speaking >= left:
        prompts, speaking = (), 0.0
    silence = max(1, round(min(TURN_SECONDS, left) - speaking))
    music = wait_music.of_turn(live.wait_music, turn)
    return (
        Ask(prompts, path(call, "wait-key", turn), silence, keeps_time=True, music=music),
        Go(path(call, "wait", turn + 1)),
    )


def crisis_numbers(call: Call, live: LiveSettings) -> dict[str, str]:
    """The values of prompts that tell whom to call in a crisis."""
    return crisis.spoken(live, call.number, call.language)


def choices(call: Call, live: LiveSettings, *, somebody_on_shift: bool, tries: int = 1) -> Document:
    """The ways out, at the cap or when nobody is on shift. Silence leads to the recorder."""
    key = "choices" if somebody_on_shift else "choices_nobody"
    return (
        Ask((say(key, call.language, **crisis_numbers(call, live)),), path(call, "choice", tries), KEY_SECONDS),
        Go(path(call, "message")),
    )


def recorder(call: Call, live: LiveSettings) -> Document:
    """The words before the tone. The leg comes back after them, so that the moment when recording begins is known."""
    return (say("recorder", call.language, **crisis_numbers(call, live)), Go(path(call, "tone")))


def tone(call: Call, live: LiveSettings) -> Document:
    return (
        Record(path(call, "recorded"), path(call, "recording"), live.voicemail_seconds),
        # Reached when the carrier heard nothing at all.
        Go(path(call, "recorded")),
    )


def recorded(call: Call) -> Document:
    return (say("recorded", call.language), HangUp())


def callback_promised(call: Call, live: LiveSettings) -> Document:
    """The last words of whoever will be called back. A peer whom we called may hear that nobody is there now."""
    if call.direction is Direction.OUTBOUND:
        crisis_first = say("closed_crisis", call.language, **crisis_numbers(call, live))
        return (crisis_first, say("callback_promised_here", call.language), HangUp())
    key = "callback_promised" if call.number else "callback_promised_keyed"
    return (say(key, call.language), HangUp())


def join(call: Call, *, third_is_rung: bool = False) -> Document:
    """Into the conversation. The caller's leg ends the room."""
    if call.room is None:
        message = "a call is joined to a room that it doesn't have"
        raise ValueError(message)
    first = (say("handover_is_rung", call.language),) if third_is_rung else ()
    return (*first, Join(call.room, path(call, "after"), path(call, "room"), ends_room=True))


def fetched(call: Call) -> Document:
    """They are redirected at any moment; if that is lost they go on by themself."""
    return (Pause(FETCHED_SECONDS), Go(path(call, "next")))


def aside(call: Call) -> Document:
    return (say("aside", call.language), Pause(ASIDE_SECONDS), Go(path(call, "next")))


def left(call: Call, tries: int = 1) -> Document:
    return (
        Ask((say("left", call.language),), path(call, "left", tries), KEY_SECONDS),
        Go(path(call, "stay")),
    )


def goodbye(call: Call) -> Document:
    return (say("goodbye", call.language), HangUp())
