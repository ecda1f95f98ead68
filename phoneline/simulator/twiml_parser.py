"""From the text of a TwiML document to verbs.

Only the dialect that the product promises to keep to: any other verb is skipped with a fault, as Twilio skips what its
schema doesn't know.
"""

from collections.abc import Callable
from xml.etree import ElementTree as ET

from phoneline.simulator.attributes import SCHEMA_WARNING, Attributes
from phoneline.simulator.twiml import (
    EVERY_KEY,
    Conference,
    Dial,
    Document,
    Fault,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Prompt,
    Record,
    Redirect,
    Reject,
    Say,
    TwimlError,
    Verb,
)

INVALID_XML = 12100
WRONG_ROOT = 12102
NOT_IN_GATHER = 13320
SAY_TOO_LONG = 13520
LONGEST_SAY = 4096

CALL_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
RECORDING_EVENTS = frozenset({"in-progress", "completed", "absent"})
ROOM_EVENTS = frozenset({"start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"})
COMPLETED = frozenset({"completed"})

KNOWN: dict[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "Say": "voice loop language",
        "Play": "loop digits",
        "Pause": "length",
        "Gather": "action finishOnKey hints input language method numDigits partialResultCallback"
        " partialResultCallbackMethod profanityFilter speechModel speechTimeout timeout enhanced"
        " actionOnEmptyResult debug",
        "Redirect": "method",
        "Record": "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback"
        " recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack transcribe transcribeCallback",
        "Dial": "action answerOnBridge callerId callReason hangupOnStar method record recordingStatusCallback"
        " recordingStatusCallbackMethod recordingStatusCallbackEvent recordingTrack referUrl referMethod ringTone"
        " sequential timeLimit timeout trim",
        "Number": "sendDigits url method byoc statusCallbackEvent statusCallback statusCallbackMethod machineDetection",
        "Conference": "muted beep startConferenceOnEnter endConferenceOnExit participantLabel jitterBufferSize waitUrl"
        " waitMethod maxParticipants record recordingStatusCallback recordingStatusCallbackMethod"
        " recordingStatusCallbackEvent trim coach statusCallbackEvent statusCallback statusCallbackMethod region"
        " eventCallbackUrl",
        "Hangup": "",
        "Reject": "reason",
    }.items()
}
"""What each verb may carry (Twilio: the verbs' own pages)."""

UNSUPPORTED: dict[str, frozenset[str]] = {
    "Dial": frozenset({"answerOnBridge", "record", "referUrl"}),
    "Number": frozenset({"url", "sendDigits", "machineDetection"}),
    "Conference": frozenset({"record", "coach", "eventCallbackUrl"}),
    "Record": frozenset({"transcribe", "transcribeCallback"}),
}
"""Attributes whose effect this network doesn't have: using one must not pass unseen."""


class Parser:
    """Reads one document; ``faults`` collects what Twilio would warn of."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def verb(self, element: ET.Element) -> Verb | None:
        """The verb that ``element`` stands for, None when it has to be skipped."""
        read = READERS.get(element.tag)
        if read is None:
            self.faults.append(Fault(SCHEMA_WARNING, f"unknown verb <{element.tag}>"))
            return None
        return read(self, element)

    def attributes(self, element: ET.Element) -> Attributes:
        """The attributes of ``element``, with a fault for each that has no effect here."""
        for name in sorted(element.attrib.keys() & UNSUPPORTED.get(element.tag, frozenset())):
            self.faults.append(Fault(SCHEMA_WARNING, f"<{element.tag}> {name} is beyond the simulated network"))
        return Attributes(element, KNOWN[element.tag], self.faults)

    def say(self, element: ET.Element) -> Say:
        """Say; the text's white space is folded, as speech has none."""
        text = " ".join("".join(element.itertext()).split())
        if len(text) > LONGEST_SAY:
            self.faults.append(Fault(SAY_TOO_LONG, "<Say> over 4096 characters"))
        attributes = self.attributes(element)
        return Say(text, attributes.text("language", "en-US"), attributes.text("voice"), attributes.count("loop", 1))

    def play(self, element: ET.Element) -> Play:
        """Play."""
        attributes = self.attributes(element)
        return Play((element.text or "").strip(), attributes.count("loop", 1), attributes.text("digits"))

    def pause(self, element: ET.Element) -> Pause:
        """Pause."""
        return Pause(self.attributes(element).seconds("length", 1))

    def gather(self, element: ET.Element) -> Gather:
        """Gather with its prompts; any other verb inside it is a fault (Twilio: 13320)."""
        prompts: list[Prompt] = []
        for child in element:
            prompt = self.verb(child)
            if isinstance(prompt, Say | Play | Pause):
                prompts.append(prompt)
            elif prompt is not None:
                self.faults.append(Fault(NOT_IN_GATHER, f"<{child.tag}> may not stand in <Gather>"))
        attributes = self.attributes(element)
        if attributes.text("input", "dtmf") != "dtmf":
            self.faults.append(Fault(SCHEMA_WARNING, "<Gather> input: only dtmf is heard here"))
        digits = attributes.count("numDigits", 0, low=1)
        return Gather(
            prompts=tuple(prompts),
            num_digits=digits or None,
            finish_on_key=attributes.keys("finishOnKey", "#"),
            timeout=attributes.seconds("timeout", 5),
            action=attributes.optional("action"),
            method=attributes.method(),
            action_on_empty_result=attributes.flag("actionOnEmptyResult", default=False),
        )

    def redirect(self, element: ET.Element) -> Redirect:
        """Redirect."""
        return Redirect((element.text or "").strip(), self.attributes(element).method())

    def record(self, element: ET.Element) -> Record:
        """Record."""
        attributes = self.attributes(element)
        return Record(
            max_length=attributes.seconds("maxLength", 3600, low=1),
            timeout=attributes.seconds("timeout", 5),
            finish_on_key=attributes.keys("finishOnKey", EVERY_KEY),
            play_beep=attributes.flag("playBeep", default=True),
            trim=attributes.choice("trim", ("trim-silence", "do-not-trim")) == "trim-silence",
            action=attributes.optional("action"),
            method=attributes.method(),
            status_callback=attributes.text("recordingStatusCallback"),
            status_method=attributes.method("recordingStatusCallbackMethod"),
            status_events=attributes.words("recordingStatusCallbackEvent", RECORDING_EVENTS, COMPLETED),
        )

    def number(self, element: ET.Element) -> Number:
        """Number, inside Dial."""
        attributes = self.attributes(element)
        return Number(
            (element.text or "").strip(),
            attributes.text("statusCallback"),
            attributes.method("statusCallbackMethod"),
            attributes.words("statusCallbackEvent", CALL_EVENTS, COMPLETED),
        )

    def conference(self, element: ET.Element) -> Conference:
        """Conference, inside Dial."""
        attributes = self.attributes(element)
        return Conference(
            name=(element.text or "").strip(),
            start_on_enter=attributes.flag("startConferenceOnEnter", default=True),
            end_on_exit=attributes.flag("endConferenceOnExit", default=False),
            muted=attributes.flag("muted", default=False),
            beep=attributes.choice("beep", ("true", "false", "onEnter", "onExit")),
            wait_url=attributes.optional("waitUrl"),
            wait_method=attributes.method("waitMethod"),
            max_participants=attributes.count("maxParticipants", 250, low=2, high=250),
            label=attributes.text("participantLabel"),
            status_callback=attributes.text("statusCallback"),
            status_method=attributes.method("statusCallbackMethod"),
            status_events=attributes.words("statusCallbackEvent", ROOM_EVENTS, frozenset()),
        )

    def dial(self, element: ET.Element) -> Dial:
        """Dial with its nouns; a bare text is a number."""
        numbers = [Number(text)] if (text := (element.text or "").strip()) else []
        conference = None
        for child in element:
            if child.tag == "Number":
                numbers.append(self.number(child))
            elif child.tag == "Conference":
                conference = self.conference(child)
            else:
                self.faults.append(Fault(SCHEMA_WARNING, f"unknown noun <{child.tag}> in <Dial>"))
        attributes = self.attributes(element)
        return Dial(
            numbers=tuple(numbers),
            conference=conference,
            timeout=attributes.seconds("timeout", 30, low=5, high=600),
            time_limit=attributes.seconds("timeLimit", 14400, low=1),
            caller_id=attributes.text("callerId"),
            action=attributes.optional("action"),
            method=attributes.method(),
            hangup_on_star=attributes.flag("hangupOnStar", default=False),
            sequential=attributes.flag("sequential", default=False),
        )

    def hangup(self, element: ET.Element) -> Hangup:
        """Hangup."""
        self.attributes(element)
        return Hangup()

    def reject(self, element: ET.Element) -> Reject:
        """Reject."""
        return Reject(self.attributes(element).choice("reason", ("rejected", "busy")))


READERS: dict[str, Callable[[Parser, ET.Element], Verb]] = {
    "Say": Parser.say,
    "Play": Parser.play,
    "Pause": Parser.pause,
    "Gather": Parser.gather,
    "Redirect": Parser.redirect,
    "Record": Parser.record,
    "Dial": Parser.dial,
    "Hangup": Parser.hangup,
    "Reject": Parser.reject,
}


def parse(text: str | bytes, url: str = "", method: str = "POST") -> Document:
    """The document in ``text``. Raises TwimlError 12100 for what is no XML, 12102 for a root other than Response."""
    try:
        root = ET.fromstring(text)  # noqa: S314 -- it comes from the product under test, not from outside
    except (ET.ParseError, ValueError) as error:
        raise TwimlError(INVALID_XML, f"document parse failure: {error}") from error
    if root.tag != "Response":
        raise TwimlError(WRONG_ROOT, f"the root is <{root.tag}>, not <Response>")
    parser = Parser()
    verbs = tuple(verb for verb in map(parser.verb, root) if verb is not None)
    return Document(verbs, tuple(parser.faults), url, method)
