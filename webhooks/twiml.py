"""Steps as TwiML. Nothing else in the product writes XML."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from flask import Response, current_app
from twilio.twiml import TwiML
from twilio.twiml.voice_response import Conference, Dial, Gather, VoiceResponse
from twilio.twiml.voice_response import Play as PlayVerb
from twilio.twiml.voice_response import Say as SayVerb

from phoneline import wait_music
from phoneline.prompts import speaking_seconds
from phoneline.recordings import may_be_recorded
from phoneline.settings import Settings
from phoneline.sounds import Sounds, SoundsCache
from phoneline.steps import Ask, Document, Go, HangUp, Join, Pause, Play, Record, Recorded, Ring, Say, Step
from phoneline.word_rules import may_be_reworded

LOCALES = {"en": "en-US", "fr": "fr-CA", "es": "es-MX"}
"""The carrier's voices by language. No voice is named: one that doesn't fit its language would say nothing at all."""
MIME_TYPE = "text/xml"
SLOW_SECONDS = 1
PLAIN = Sounds()
SOUNDS = "sounds"
"""Under this name the app has what is in use."""


def answer(document: Document, settings: Settings) -> Response:
    """A document as the answer to the carrier."""
    cache = cast("SoundsCache", current_app.extensions[SOUNDS])
    # What is said when our side fails asks nothing of the database.
    asks = _own_music(document) or any(may_be_another(words) for words in _spoken(document))
    return Response(render(document, settings, cache.current() if asks else PLAIN), mimetype=MIME_TYPE)


def may_be_another(words: Say) -> bool:
    """Whether a recording or other words may stand for it."""
    return (words.prompt is not None and may_be_recorded(words.prompt)) or may_be_reworded(words.key)


def _spoken(document: Document) -> Iterator[Say]:
    for step in document:
        if isinstance(step, Say):
            yield step
        elif isinstance(step, Ask):
            yield from step.prompts


def _own_music(document: Document) -> bool:
    return any(isinstance(step, Ask) and step.music is not None and step.music.own for step in document)


def nothing() -> Response:
    """The answer to a notice that asks for no document."""
    return Response("<Response/>", mimetype=MIME_TYPE)


def render(document: Document, settings: Settings, sounds: Sounds = PLAIN) -> str:
    response = VoiceResponse()
    for step in document:
        _append(response, step, settings, sounds)
    return str(response)


def _say(verb: TwiML, words: Say, settings: Settings, sounds: Sounds) -> None:
    found = _recorded(words, sounds)
    if found is None:
        verb.append(SayVerb(_text(words, sounds), language=LOCALES[words.language]))
    else:
        verb.append(PlayVerb(f"{settings.public_url}/recordings/{found.token}"))


def _recorded(words: Say, sounds: Sounds) -> Recorded | None:
    return sounds.recordings.get((words.prompt, words.language)) if words.prompt is not None else None


def _text(words: Say, sounds: Sounds) -> str:
    """The words in use, with the same filled in."""
    instead = sounds.words.get((words.key, words.language)) if words.key else None
    return words.text if instead is None else instead.format_map(words.values)


def _seconds(words: Say, sounds: Sounds) -> float:
    found = _recorded(words, sounds)
    return found.seconds if found else speaking_seconds((replace(words, text=_text(words, sounds)),))


def _in_time(step: Ask, sounds: Sounds) -> tuple[int, Sounds]:
    """The silence after the prompts, and what to say in them: the catalogue's where else it would take too long."""
    if not step.keeps_time:
        return step.silence_seconds, sounds
    planned = speaking_seconds(tuple(step.prompts)) + step.silence_seconds
    left = round(planned - sum(_seconds(words, sounds) for words in step.prompts))
    return (left, sounds) if left >= 1 else (step.silence_seconds, PLAIN)


def _append(response: VoiceResponse, step: Step, settings: Settings, sounds: Sounds) -> None:  # noqa: C901 - one case a step
    def url(path: str) -> str:
        return settings.public_url + path

    match step:
        case Say():
            _say(response, step, settings, sounds)
        case Play(path):
            response.play(url(path))
        case Pause(seconds):
            response.pause(length=seconds)
        case Ask():
            response.append(_ask(step, settings, sounds))
        case Go(path):
            response.redirect(url(path), method="POST")
        case Record():
            _record(response, step, url(step.path), url(step.events_path))
        case Join():
            response.append(_join(step, url(step.path), url(step.events_path)))
        case Ring():
            action = {"action": url(step.path), "method": "POST"} if step.path else {}
            response.append(_ring(step, action, url(step.events_path), settings.line_number))
        case HangUp():
            response.hangup()


def _ask(step: Ask, settings: Settings, sounds: Sounds) -> Gather:
    silence, in_time = _in_time(step, sounds)
    music = wait_music.sound(step.music, silence, sounds.recordings) if step.music else None
    if music is not None:
        silence = wait_music.REST_SECONDS
    # Without finishOnKey="" the # key would never arrive.
    keys = {"finish_on_key": "#"} if step.several else {"num_digits": 1, "finish_on_key": ""}
    action = settings.public_url + step.path
    gather = Gather(action=action, method="POST", timeout=silence, input="dtmf", **keys)
    for prompt in step.prompts:
        _say(gather, prompt, settings, in_time)
        if step.slow:
            gather.pause(length=SLOW_SECONDS)
    if step.sound is not None:
        gather.play(settings.public_url + step.sound.path)
    if music is not None:
        gather.play(settings.public_url + music)
    return gather


def _record(response: VoiceResponse, step: Record, action: str, events: str) -> None:
    response.record(
        action=action,
        method="POST",
        max_length=step.most_seconds,
        timeout=step.silence_seconds,
        finish_on_key="#",
        play_beep=True,
        trim="trim-silence" if step.trims else "do-not-trim",
        recording_status_callback=events,
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )


def _join(step: Join, action: str, events: str) -> Dial:
    dial = Dial(action=action, method="POST", hangup_on_star=step.star_leaves)
    dial.append(
        Conference(
            step.room,
            beep="false",
            start_conference_on_enter=True,
            end_conference_on_exit=step.ends_room,
            wait_url="",
            status_callback=events,
            status_callback_method="POST",
            status_callback_event="start end join leave",
        )
    )
    return dial


def _ring(step: Ring, action: dict[str, str], events: str, line_number: str) -> Dial:
    dial = Dial(caller_id=line_number, timeout=step.seconds, **action)
    dial.number(step.number, status_callback=events, status_callback_method="POST", status_callback_event="answered")
    return dial
