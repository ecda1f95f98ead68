"""Whom a peer agreed to be asked, in words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.queries_ladder import Agreed
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from phoneline.agreed_contacts import BY_PLAN
from phoneline.prompts import say


@dataclass(frozen=True)
class AgreedLine:
    """Somebody whom a peer agreed to be asked."""

    id: str
    who: str
    number: str
    notes: Sequence[str]
    words: str
    stopped: bool
    first: bool


def default_words(name: str, language: str) -> str:
    """What they hear where the peer chose no words."""
    return say("escalation_words", language, name=(name.split() or [""])[0]).text


def build(found: Sequence[Agreed], at: Moment) -> Sequence[AgreedLine]:
    listed = [one for one in found if one.id]
    return [_line(one, at, first=not one.id or one is listed[0]) for one in found]


def _line(one: Agreed, at: Moment, *, first: bool) -> AgreedLine:
    return AgreedLine(
        id=one.id,
        who=words.sentence(one.name or _("the number in their plan")),
        number=_("ends in %(digits)s", digits=one.last_digits),
        notes=_notes(one, at),
        words=one.words or "",
        stopped=one.stopped_at is not None,
        first=first,
    )


def _notes(one: Agreed, at: Moment) -> Sequence[str]:
    notes = []
    if one.by_plan:
        notes.append(_("Named in a safety plan: asked first."))
    if one.agreed_at and one.agreed_how != BY_PLAN:
        notes.append(_("Agreed %(when)s: %(how)s", when=at.on(one.agreed_at), how=one.agreed_how))
    if one.language:
        notes.append(_("Hears %(language)s.", language=words.LANGUAGES.get(one.language, one.language)))
    if one.id:
        notes.append(_("Told the end by text.") if one.texts_ok else _("Told the end by a short call."))
    if one.stopped_at:
        notes.append(
            _(
                "Asked %(when)s not to be rung again, and isn't. If they would rather be: take them off, and write "
                "them down anew.",
                when=at.on(one.stopped_at),
            )
        )
    return notes
