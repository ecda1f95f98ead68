"""Steps as TwiML. Nothing else in the product writes XML."""

from flask import Response
from twilio.twiml import TwiML
from twilio.twiml.voice_response import Conference, Dial, Gather, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from phoneline.settings import Settings
from phoneline.steps import Ask, Document, Go, HangUp, Join, Pause, Play, Record, Ring, Say, Step

LOCALES = {"en": "en-US", "fr": "fr-CA", "es": "es-MX"}
"""The carrier's voices by language. No voice is named: one that doesn't fit its language would say nothing at all."""
SILENCE_ENDS_MESSAGE_SECONDS = 10
MIME_TYPE = "text/xml"


def answer(document: Document, settings: Settings) -> Response:
    """A document as the answer to the carrier."""
    return Response(render(document, settings), mimetype=MIME_TYPE)


def nothing() -> Response:
    """The answer to a notice that asks for no document."""
    return Response("<Response/>", mimetype=MIME_TYPE)


def render(document: Document, settings: Settings) -> str:
    response = VoiceResponse()
    for step in document:
        _append(response, step, settings)
    return str(response)


def _say(verb: TwiML, words: Say) -> None:
    verb.append(SayVerb(words.text, language=LOCALES[words.language]))


def _append(response: VoiceResponse, step: Step, settings: Settings) -> None:  # noqa: C901 - one case a step
    def url(path: str) -> str:
        return settings.public_url + path

    match step:
        case Say():
            _say(response, step)
        case Play(path):
            response.play(url(path))
        case Pause(seconds):
            response.pause(length=seconds)
        case Ask():
            response.append(_ask(step, settings.public_url))
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


def _ask(step: Ask, public_url: str) -> Gather:
    # Without finishOnKey="" the # key would never arrive.
    keys = {"finish_on_key": "#"} if step.several else {"num_digits": 1, "finish_on_key": ""}
    action = public_url + step.path
    gather = Gather(action=action, method="POST", timeout=step.silence_seconds, input="dtmf", **keys)
    for prompt in step.prompts:
        _say(gather, prompt)
    if step.sound is not None:
        gather.play(public_url + step.sound.path)
    return gather


def _record(response: VoiceResponse, step: Record, action: str, events: str) -> None:
    response.record(
        action=action,
        method="POST",
        max_length=step.most_seconds,
        timeout=SILENCE_ENDS_MESSAGE_SECONDS,
        finish_on_key="#",
        play_beep=True,
        trim="do-not-trim",
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
