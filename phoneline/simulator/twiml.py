"""The verbs that the network understands, as plain data. Durations are seconds; rules: Twilio's TwiML pages."""

from dataclasses import dataclass

EVERY_KEY = "0123456789*#"


@dataclass(frozen=True)
class Say:
    """Text to speech. ``loop`` 0 means a thousand times (Twilio: Say docs)."""

    text: str
    language: str = "en-US"
    voice: str = ""
    loop: int = 1


@dataclass(frozen=True)
class Play:
    """An audio file, or ``digits`` as tones ('w' is half a second)."""

    url: str
    loop: int = 1
    digits: str = ""


@dataclass(frozen=True)
class Pause:
    """Silence. As the first verb it delays answering."""

    length: float = 1


Prompt = Say | Play | Pause


@dataclass(frozen=True)
class Gather:
    """Collects keys. ``action`` None: the same document again; ``num_digits`` None: no limit."""

    prompts: tuple[Prompt, ...] = ()
    num_digits: int | None = None
    finish_on_key: str = "#"
    timeout: float = 5
    action: str | None = None
    method: str = "POST"
    action_on_empty_result: bool = False


@dataclass(frozen=True)
class Redirect:
    """Go on with the document at ``url``; empty: the same one."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Record:
    """Records until a key, ``timeout`` seconds of silence (0: never), ``max_length`` or the end of the leg."""

    max_length: float = 3600
    timeout: float = 5
    finish_on_key: str = EVERY_KEY
    play_beep: bool = True
    trim: bool = True
    action: str | None = None
    method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    status_events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True)
class Number:
    """A telephone to ring inside a Dial. Its status events default to ``completed``."""

    number: str
    status_callback: str = ""
    status_method: str = "POST"
    status_events: frozenset[str] = frozenset({"completed"})


@dataclass(frozen=True)
class Conference:
    """A room to go into. ``wait_url`` None: the carrier's own music; empty: silence."""

    name: str
    start_on_enter: bool = True
    end_on_exit: bool = False
    muted: bool = False
    beep: str = "true"
    wait_url: str | None = None
    wait_method: str = "POST"
    max_participants: int = 250
    label: str = ""
    status_callback: str = ""
    status_method: str = "POST"
    status_events: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Dial:
    """Either numbers or one conference. ``action`` None: go on with the next verb."""

    numbers: tuple[Number, ...] = ()
    conference: Conference | None = None
    timeout: float = 30
    time_limit: float = 14400
    caller_id: str = ""
    action: str | None = None
    method: str = "POST"
    hangup_on_star: bool = False
    sequential: bool = False


@dataclass(frozen=True)
class Hangup:
    """Ends the leg."""


@dataclass(frozen=True)
class Reject:
    """As the first verb: doesn't answer. ``reason`` is ``rejected`` or ``busy``."""

    reason: str = "rejected"


Verb = Say | Play | Pause | Gather | Redirect | Record | Dial | Hangup | Reject


@dataclass(frozen=True)
class Fault:
    """A mistake in a document that doesn't stop the call, under Twilio's own error code."""

    code: int
    text: str


@dataclass(frozen=True)
class Document:
    """What the product answered. ``url`` is what relative addresses in it start from."""

    verbs: tuple[Verb, ...]
    faults: tuple[Fault, ...] = ()
    url: str = ""
    method: str = "POST"


class TwimlError(Exception):
    """A document that can't be executed at all; ``code`` is Twilio's."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
