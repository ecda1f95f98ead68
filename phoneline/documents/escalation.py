"""What the peer's own people hear: who asks for whom in the words that the peer chose, and how it ended.

Whoever picks up hears them, and a machine keeps them: the line's own words say no more than a first name.
"""

from phoneline.escalation_states import EscalationEnd
from phoneline.live_settings import LiveSettings
from phoneline.models import AgreedContact, Escalation, Leg
from phoneline.prompts import say
from phoneline.steps import Ask, Document, HangUp, Say

KEY_SECONDS = 10
MOST_TRIES = 2
ENDS = {
    EscalationEnd.HEARD: "escalation_heard",
    EscalationEnd.WELL: "escalation_well",
    EscalationEnd.SETTLED: "escalation_settled",
}


def path(leg: Leg, *parts: str | int) -> str:
    return "/".join(["/webhooks/escalations", leg.token, *map(str, parts)])


def language_of(escalation: Escalation, contact: AgreedContact, live: LiveSettings) -> str:
    """Their own, or else the peer's, or the line's."""
    return contact.language or escalation.person.language or live.languages[0]


def asking(leg: Leg, escalation: Escalation, contact: AgreedContact, live: LiveSettings, tries: int = 1) -> Document:
    """Said twice, for who was a moment finding the telephone; silence ends the call."""
    language = language_of(escalation, contact, live)
    words = contact.words or say("escalation_words", language, name=escalation.person.first_name).text
    prompt = say("escalation_ask", language, words=words)
    once = Ask((prompt,), path(leg, "key", tries), KEY_SECONDS)
    return (once, once, HangUp())


def end_words(escalation: Escalation, contact: AgreedContact, live: LiveSettings) -> Say | None:
    """How it ended; None while it goes on."""
    if escalation.over_how is None:
        return None
    language = language_of(escalation, contact, live)
    return say(ENDS[escalation.over_how], language, name=escalation.person.first_name)


def told_end(words: Say) -> Document:
    return (words, words, HangUp())


def ending(prompt: str, escalation: Escalation, contact: AgreedContact, live: LiveSettings) -> Document:
    language = language_of(escalation, contact, live)
    return (say(prompt, language, name=escalation.person.first_name), HangUp())
