"""What somebody agreed to, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import times
from dashboard.queries_consent import Entry, Ledger
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline import people
from phoneline.consents import How, Whose
from phoneline.states import ConsentKind

KINDS: Mapping[ConsentKind, str] = Phrases(
    {
        ConsentKind.AUTOMATED_CALLS: N_("Automated calls"),
        ConsentKind.VOLUNTEER_CALLS: N_("Calls by volunteers"),
    }
)
HOWS: Mapping[How, str] = Phrases(
    {How.PHONE: N_("By phone"), How.IN_PERSON: N_("In person"), How.WRITING: N_("In writing")}
)
WHOSES: Mapping[Whose, str] = Phrases(
    {Whose.OWN: N_("They said so themselves"), Whose.OTHER: N_("Somebody else told us, for them")}
)
GIVEN: Mapping[str, str] = Phrases(
    {
        people.SPREADSHEET: N_("by the people spreadsheet"),
        people.START_TEXT: N_("by their text START"),
        people.PHONE_MENU: N_("by a key, in a call to the line"),
        f"{How.PHONE}, {Whose.OWN}": N_("by phone, their own word"),
        f"{How.PHONE}, {Whose.OTHER}": N_("by phone, somebody else's word"),
        f"{How.IN_PERSON}, {Whose.OWN}": N_("in person, their own word"),
        f"{How.IN_PERSON}, {Whose.OTHER}": N_("in person, somebody else's word"),
        f"{How.WRITING}, {Whose.OWN}": N_("in writing, their own word"),
        f"{How.WRITING}, {Whose.OTHER}": N_("in writing, somebody else's word"),
    }
)
WITHDRAWN: Mapping[str, str] = Phrases(
    {
        people.KEY_9: N_("they pressed 9 in a call"),
        people.STOP_TEXT: N_("they texted STOP"),
        people.SPREADSHEET: N_("by the people spreadsheet"),
        people.COORDINATOR: N_("by a coordinator, on this page"),
    }
)
OWN_WORD: Mapping[ConsentKind, str] = Phrases(
    {
        ConsentKind.AUTOMATED_CALLS: N_(
            "They stopped automated calls themselves. It takes their own word to bring them back."
        ),
        ConsentKind.VOLUNTEER_CALLS: N_(
            "They stopped calls by volunteers themselves. It takes their own word to bring them back."
        ),
    }
)
GAVE: Mapping[ConsentKind, str] = {
    ConsentKind.AUTOMATED_CALLS: N_("Yes to automated calls, %(how)s"),
    ConsentKind.VOLUNTEER_CALLS: N_("Yes to calls by volunteers, %(how)s"),
}
TOOK_BACK: Mapping[ConsentKind, str] = {
    ConsentKind.AUTOMATED_CALLS: N_("Automated calls stopped: %(how)s"),
    ConsentKind.VOLUNTEER_CALLS: N_("Calls by volunteers stopped: %(how)s"),
}


@dataclass(frozen=True)
class EntryLine:
    """One entry of the ledger: the yes, in which words, and the no that followed."""

    what: str
    given: str
    words: str
    withdrawn: str


@dataclass(frozen=True)
class ConsentCard:
    """What the section shows."""

    automated: bool
    states: Sequence[tuple[str, str]]
    entries: Sequence[EntryLine]
    own_word: Sequence[str]
    """What it takes their own word to bring back, as sentences."""


def build(ledger: Ledger, at: Moment) -> ConsentCard:
    return ConsentCard(
        automated=ledger.automated,
        states=[(_("Automated"), _automated(ledger, at)), (_("By volunteers"), _volunteers(ledger, at))],
        entries=[_entry(one, at) for one in ledger.entries],
        own_word=[OWN_WORD[kind] for kind in ledger.own_word],
    )


def choices() -> Mapping[str, Sequence[tuple[str, str]]]:
    """What the form's selects offer."""
    return {
        "kinds": [(kind.value, KINDS[kind]) for kind in ConsentKind],
        "hows": [(how.value, HOWS[how]) for how in How],
        "whose": [(whose.value, WHOSES[whose]) for whose in Whose],
    }


def given(entry: Entry) -> str:
    """A yes in one line, without its day."""
    return _(GAVE[entry.kind], how=GIVEN.get(entry.given_how, entry.given_how))


def withdrawn(entry: Entry) -> str:
    """A no in one line, without its day."""
    return _(TOOK_BACK[entry.kind], how=_how_stopped(entry))


def _automated(ledger: Ledger, at: Moment) -> str:
    standing = ledger.standing(ConsentKind.AUTOMATED_CALLS)
    if standing is not None:
        return _since(standing, at)
    stopped = ledger.stopped(ConsentKind.AUTOMATED_CALLS)
    return _no(stopped, at) if stopped else _("No: nobody has written down a yes")


def _volunteers(ledger: Ledger, at: Moment) -> str:
    if ledger.volunteers:
        standing = ledger.standing(ConsentKind.VOLUNTEER_CALLS)
        return _since(standing, at) if standing else _("No yes is needed")
    stopped = ledger.stopped(ConsentKind.VOLUNTEER_CALLS)
    return _no(stopped, at) if stopped else _("No")


def _since(entry: Entry, at: Moment) -> str:
    day, clock = times.day(entry.given_at, at.now, at.zone), times.clock(entry.given_at, at.zone)
    return _("Yes, since %(day)s %(time)s", day=day, time=clock)


def _no(entry: Entry, at: Moment) -> str:
    if entry.withdrawn_at is None:
        return _("No")
    return _("No: stopped %(when)s, %(how)s", when=at.on(entry.withdrawn_at), how=_how_stopped(entry))


def _how_stopped(entry: Entry) -> str:
    how = entry.withdrawn_how or ""
    return WITHDRAWN.get(how, how)


def _entry(entry: Entry, at: Moment) -> EntryLine:
    no_yes = entry.given_how == people.NOT_NEEDED
    how = GIVEN.get(entry.given_how, entry.given_how)
    stopped = entry.withdrawn_at
    return EntryLine(
        what=KINDS[entry.kind],
        given="" if no_yes else _("Yes %(when)s, %(how)s", when=at.on(entry.given_at), how=how),
        words=entry.words or "",
        withdrawn=_("Stopped %(when)s, %(how)s", when=at.on(stopped), how=_how_stopped(entry)) if stopped else "",
    )
