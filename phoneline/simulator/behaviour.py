"""How a scripted telephone behaves: when it is answered, which keys are pressed, when it hangs up."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Press:
    """One or more keys, pressed ``after`` virtual seconds.

    The seconds count from hearing ``after_hearing`` (any case, part of a sentence), or without it from the press
    before, or from the answer. Lines heard before that moment don't count.
    """

    keys: str
    after_hearing: str = ""
    after: float = 0.5


@dataclass(frozen=True)
class Behaviour:
    """The default is a manual phone: it rings until somebody answers it.

    All times are virtual seconds. ``answer_after``: counted from the first ring, None for never. ``hang_up_after``:
    from the answer, for a caller from dialling. ``message_seconds``: speaks so long into a recorder, then hangs up.
    ``busy``: engaged whenever it is rung. ``dead``: the create is refused (400, 21211) or the leg ends as ``failed``.
    ``machine``: a voicemail picks up; it speaks a greeting of ``greeting_seconds``, then records what is said
    (``Leg.on_tape``), and machine detection says so.
    ``detected_as`` overrides what detection says, for its mistakes both ways.
    """

    answer_after: float | None = None
    presses: tuple[Press, ...] = ()
    hang_up_after: float | None = None
    hang_up_on_hearing: str = ""
    message_seconds: float | None = None
    busy: bool = False
    dead: Literal["", "refused", "failed"] = ""
    machine: bool = False
    greeting_seconds: float = 6.0
    detected_as: str = ""

    @classmethod
    def voicemail(cls, *, answer_after: float = 5.0, hang_up_after: float = 30.0) -> "Behaviour":
        """A mailbox: picks up, makes noise, never presses a key, hangs up after a while or when the call ends."""
        return cls(answer_after=answer_after, hang_up_after=hang_up_after, machine=True)

    @classmethod
    def taker(cls, *, answer_after: float = 2.0, hears: str = "", after: float = 0.5) -> "Behaviour":
        """Answers and presses 1 ``after`` seconds from hearing ``hears`` (without it: from the answer)."""
        return cls(answer_after=answer_after, presses=(Press("1", hears, after),))
