"""Reads an answer as the carrier does, and accepts only what README and interface say that we use."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

EVENTS = {"statusCallback", "statusCallbackMethod", "statusCallbackEvent"}
ALLOWED: dict[str, set[str]] = {
    "Response": set(),
    "Say": {"language"},
    "Play": set(),
    "Pause": {"length"},
    "Gather": {"action", "method", "numDigits", "finishOnKey", "timeout", "input"},
    "Redirect": {"method"},
    "Record": {
        "action",
        "method",
        "maxLength",
        "timeout",
        "finishOnKey",
        "playBeep",
        "trim",
        "recordingStatusCallback",
        "recordingStatusCallbackMethod",
        "recordingStatusCallbackEvent",
    },
    "Dial": {"action", "method", "hangupOnStar", "callerId", "timeout"},
    "Number": EVENTS,
    "Conference": EVENTS | {"beep", "startConferenceOnEnter", "endConferenceOnExit", "waitUrl"},
    "Hangup": set(),
    "Reject": set(),
}
"""Verbs and nouns with the attributes that we use of each. A misspelt one passes silently at the carrier."""
WITHIN = {"Gather": {"Say", "Play", "Pause"}, "Dial": {"Number", "Conference"}}
LONGEST_BYTES = 64_000
LONGEST_SAY = 4096
NOT_THE_END = {"Say", "Play", "Pause", "Gather"}
"""After these alone a call would end without a word, or not at all as we meant."""


class Twiml:
    """A valid document of ours; AssertionError says why another isn't one."""

    def __init__(self, text: str) -> None:
        assert len(text.encode()) < LONGEST_BYTES
        self.text = text
        self.root = ET.fromstring(text)  # noqa: S314 - our own answer
        assert self.root.tag == "Response"
        self._check(self.root)

    def _check(self, parent: ET.Element) -> None:
        for element in parent:
            assert element.tag in WITHIN.get(parent.tag, set(ALLOWED) - {"Response", "Number", "Conference"}), (
                element.tag
            )
            assert parent.tag == "Response" or parent.tag in WITHIN, parent.tag
            assert set(element.attrib) <= ALLOWED[element.tag], element.attrib
            if element.tag == "Say":
                assert 0 < len(element.text or "") <= LONGEST_SAY
            if element.tag == "Gather":
                # Without finishOnKey="" the # key never arrives.
                assert (element.get("numDigits"), element.get("finishOnKey")) in {("1", ""), (None, "#")}
            self._check(element)

    @property
    def verbs(self) -> list[str]:
        return [element.tag for element in self.root]

    @property
    def said(self) -> str:
        """All that is spoken."""
        return " ".join(element.text or "" for element in self.root.iter("Say"))

    @property
    def addresses(self) -> Iterator[str]:
        """Every address that the carrier will ask."""
        for element in self.root.iter():
            yield from (
                value for name, value in element.attrib.items() if name == "action" or name.endswith("Callback")
            )
            if element.tag == "Redirect":
                yield element.text or ""

    @property
    def room(self) -> str | None:
        """The conference that the leg goes into."""
        found = self.root.find("Dial/Conference")
        return None if found is None else found.text

    @property
    def leads_on(self) -> bool:
        """Whether the document ends in something: the leg goes elsewhere or is hung up."""
        return bool(self.verbs) and self.verbs[-1] not in NOT_THE_END
