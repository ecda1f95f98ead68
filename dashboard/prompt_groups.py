"""The prompts in the groups of the catalogues, for people. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dashboard.tongue import N_
from phoneline.live_settings import LANGUAGES
from phoneline.prompts import catalogue

GROUPS: Sequence[tuple[str, str]] = (
    ("greeting", N_("A caller's first words")),
    ("wait_first", N_("A caller waits")),
    ("choices", N_("Nobody could come: the choices")),
    ("closed_greeting", N_("Outside your hours")),
    ("crisis_call", N_("A number to call in a crisis, within others")),
    ("blocked", N_("A caller who is not put through")),
    ("limit_minutes", N_("An agreed limit")),
    ("aside", N_("During and after a conversation")),
    ("offer", N_("A volunteer is offered a call")),
    ("step_out", N_("A volunteer in and after a conversation")),
    ("handover_offer", N_("Somebody is brought into a conversation")),
    ("checkin_hello", N_("A check-in call")),
    ("checkin_message", N_("A check-in reaches a machine")),
    ("plans_unknown", N_("A peer's own check-in calls")),
    ("programme_today", N_("What is on")),
    ("menu_number", N_("The volunteers' own menu: its door")),
    ("menu_hello", N_("The volunteers' own menu")),
    ("callback_ringing", N_("A call-back")),
    ("checkin_topics", N_("A check-in by a volunteer")),
    ("text_paused", N_("Texts: a break")),
    ("text_letter", N_("Texts: the roster")),
    ("safe", N_("When our own side fails")),
    ("text_stopped", N_("Texts: answers")),
    ("alarm_text_urgent_follow_up", N_("An alarm")),
    ("text_on", N_("Texts: a volunteer's words")),
    ("reminder_call", N_("A volunteer is reminded of a shift")),
    ("offer_by_hand", N_("A safety check-in reached nobody")),
    ("refused_past", N_("Why somebody can't have a shift")),
    ("cover_ask_give_away", N_("Texts: shifts that change hands")),
    ("menu_more", N_("The volunteers' own menu: practice")),
)
"""Each from its first prompt to the next group's first, in the order of the catalogues."""
HEARD_BY_ANYBODY = ("checkin_", "callback_", "offer", "handover_offer", "escalation_", "reminder_", "plans_who")
"""Prompts that begin so may be heard by whoever picks up, before it is known who they are."""


@dataclass(frozen=True)
class PromptGroup:
    name: str
    """Still to be translated."""
    prompts: Sequence[str]


def groups() -> Iterator[PromptGroup]:
    """Every prompt, once."""
    firsts = dict(GROUPS)
    name, found = "", list[str]()
    for prompt in catalogue(LANGUAGES[0]):
        if prompt in firsts:
            if found:
                yield PromptGroup(name, found)
            name, found = firsts[prompt], []
        found.append(prompt)
    yield PromptGroup(name, found)


def may_be_heard_by_anybody(prompt: str) -> bool:
    return prompt.startswith(HEARD_BY_ANYBODY)
