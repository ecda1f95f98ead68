"""What each live setting is called and does, for people. Pure."""

from collections.abc import Mapping

from dashboard.setting_kinds import About, Field, Holds
from dashboard.tongue import N_

FOR_EVER = N_("0: for ever")

ABOUT: Mapping[str, About] = {
    "offer_ring_seconds": About(
        N_("How long a volunteer's telephone rings"),
        N_("Who hasn't picked up by then is left in peace, and the next one is rung."),
        Field.LENGTH,
        Holds.OFFER,
    ),
    "offer_accept_seconds": About(
        N_("How long a volunteer has for a key"),
        N_("Who picked up and pressed nothing by then isn't put through; the next one is rung."),
        Field.LENGTH,
        Holds.OFFER,
    ),
    "offer_strategy": About(
        N_("Who is rung first"),
        N_("Decides in which order those on shift are asked."),
        Field.CHOICE,
        Holds.OFFER,
    ),
    "wrap_up_seconds": About(
        N_("Time alone after a conversation"),
        N_("So long a volunteer isn't rung, unless a key ends it sooner."),
        Field.LENGTH,
        Holds.CALL,
    ),
    "voicemail_seconds": About(
        N_("The longest message"), N_("What a caller leaves ends after so long."), Field.LENGTH, Holds.MESSAGE
    ),
    "wait_cap_seconds": About(
        N_("The longest wait before the choices"),
        N_("Then callers hear how to be called back or leave a message; from half of it on everybody free is rung."),
        Field.LENGTH,
        Holds.TURN,
    ),
    "wait_music": About(
        N_("Between the words of a wait"),
        N_("What callers hear while somebody is rung for them."),
        Field.CHOICE,
        Holds.TURN,
    ),
    "line_hours": About(
        N_("When the line is open"),
        N_("In these hours volunteers are rung for callers; outside them callers hear when you are back."),
        Field.HOURS,
        Holds.CALL,
    ),
    "closed_days": About(N_("Closed days"), N_("No hours begin on these days."), Field.HOURS, Holds.CALL),
    "checkin_attempts": About(
        N_("Attempts before somebody counts as not reached"),
        N_("So often a peer is tried; and so often a call-back is, before it is left to a person."),
        Field.COUNT,
        Holds.CHECKIN,
    ),
    "checkin_retry_seconds": About(
        N_("The pause between two attempts"),
        N_("Counted from the end of one attempt, or call-back, to the next."),
        Field.LENGTH,
        Holds.CHECKIN,
    ),
    "checkin_ring_seconds": About(
        N_("How long a peer's telephone rings"), N_("For check-ins and call-backs."), Field.LENGTH, Holds.CHECKIN
    ),
    "checkin_grace_seconds": About(
        N_("How late an attempt may begin"),
        N_("What hasn't begun by then isn't dialled any more, and a follow-up asks somebody to look."),
        Field.LENGTH,
        Holds.ANEW,
    ),
    "checkin_snooze_seconds": About(
        N_("What “later” means"),
        N_("So long after somebody said “later” they are called again, unless they keyed in a time."),
        Field.LENGTH,
        Holds.CHECKIN,
    ),
    "checkin_snoozes": About(
        N_("How often somebody may say “later”"),
        N_("To one check-in; after that it isn't offered."),
        Field.COUNT,
        Holds.CHECKIN,
        N_("0: never"),
    ),
    "quiet_weekday": About(
        N_("Monday to Friday"),
        N_("In these hours nobody is called for a check-in, by their own clock."),
        Field.SPAN,
        Holds.ANEW,
        N_("Twice the same time: no quiet hours."),
    ),
    "quiet_weekend": About(
        N_("Saturday and Sunday"),
        N_("In these hours nobody is called for a check-in, by their own clock."),
        Field.SPAN,
        Holds.ANEW,
        N_("Twice the same time: no quiet hours."),
    ),
    "missed_offers_before_pause": About(
        N_("Missed calls before a break"),
        N_("Who missed so many in a row isn't rung any more until they say that they are back."),
        Field.COUNT,
        Holds.NOW,
        N_("0: never"),
    ),
    "letter_texts": About(
        N_("The letter of the week by text"),
        N_("On Mondays everybody on the team gets the week in a sentence."),
        Field.CHOICE,
        Holds.NOW,
    ),
    "unstaffed_alarm_seconds": About(
        N_("Warning about hours with nobody"),
        N_("Coordinators get a text so long before a stretch begins in which nobody is on shift."),
        Field.LENGTH,
        Holds.NOW,
        N_("0: never"),
    ),
    "escalation_step_seconds": About(
        N_("When a safety check-in reached nobody: from one step to the next"),
        N_("So long the line waits for one of those it asked before it asks the next."),
        Field.LENGTH,
        Holds.NOW,
    ),
    "alarm_call_seconds": About(
        N_("From the text to the call"),
        N_("A coordinator who was texted about something urgent and hasn't taken it on is called after so long."),
        Field.LENGTH,
        Holds.NOW,
    ),
    "follow_up_urgent_seconds": About(
        N_("When an urgent follow-up is due"),
        N_("What isn't done so long after it was opened or taken on goes to the next coordinator, and rings."),
        Field.LENGTH,
        Holds.NOW,
    ),
    "not_heard_days": About(
        N_("Days before somebody is missed"),
        N_("Who had no contact for so many days is on the list of those not heard from."),
        Field.COUNT,
        Holds.NOW,
    ),
    "spend_calls_day": About(
        N_("Calls a day"),
        N_("So many calls the line places from midnight to midnight; then check-ins are held back, callers last."),
        Field.COUNT,
        Holds.NOW,
        N_("0: no cap"),
    ),
    "spend_minutes_day": About(
        N_("Minutes a day"),
        N_("Of all calls, from midnight to midnight; then check-ins are held back, callers last."),
        Field.COUNT,
        Holds.NOW,
        N_("0: no cap"),
    ),
    "spend_calls_person_day": About(
        N_("Calls to one person a day"),
        N_("Nobody is called more often than this in a day."),
        Field.COUNT,
        Holds.NOW,
        N_("0: no cap"),
    ),
    "spend_calls_volunteer_hour": About(
        N_("Calls to one volunteer an hour"),
        N_("Who was rung so often within an hour is left in peace, and others are rung."),
        Field.COUNT,
        Holds.NOW,
        N_("0: no cap"),
    ),
    "countries": About(
        N_("Countries that may be rung"),
        N_("Numbers of other countries are never rung, and refused when they are written down."),
        Field.COUNTRIES,
        Holds.NOW,
    ),
    "calls_per_second": About(
        N_("Calls placed in a second"),
        N_("All calls of the line together are placed no faster than this; ask the carrier before you raise it."),
        Field.RATE,
        Holds.NOW,
    ),
    "languages": About(
        N_("The languages of the line"),
        N_("Callers are greeted in the first one, and choose the others by 8 and 7."),
        Field.LANGUAGES,
        Holds.CALL,
    ),
    "crisis_numbers": About(
        N_("Numbers in a crisis"),
        N_("Callers hear those of their own region; who is from elsewhere, those of the line's."),
        Field.CRISIS,
        Holds.CALL,
    ),
    "pin_tries": About(
        N_("Wrong PINs before a lock"),
        N_("So many in a row lock that volunteer's PIN, and the telephone they came from."),
        Field.COUNT,
        Holds.NOW,
    ),
    "pin_lock_seconds": About(
        N_("How long such a lock holds"),
        N_("After that the PIN works again."),
        Field.LENGTH,
        Holds.NOW,
        N_("0: wrong PINs lock nothing"),
    ),
    "keep_messages_days": About(
        N_("The sound of messages"),
        N_("So many days callers' messages can be heard."),
        Field.COUNT,
        Holds.FORGOTTEN,
        FOR_EVER,
    ),
    "keep_texts_days": About(
        N_("Texts"),
        N_("So many days it is kept what texts say, in both directions, and their numbers."),
        Field.COUNT,
        Holds.FORGOTTEN,
        FOR_EVER,
    ),
    "keep_notes_days": About(
        N_("Notes"),
        N_(
            "So many days notes are kept, and why follow-ups were moved or done. "
            "Two records made one can be parted as long."
        ),
        Field.COUNT,
        Holds.FORGOTTEN,
        FOR_EVER,
    ),
    "keep_numbers_days": About(
        N_("Numbers of unknown callers"),
        N_(
            "So many days they are kept, with names written on lists of the programme, and those of calls that "
            "the line placed."
        ),
        Field.COUNT,
        Holds.FORGOTTEN,
        FOR_EVER,
    ),
    "keep_looks_days": About(
        N_("Who looked at what"),
        N_("So many days it is kept who looked at a record, and heard which message."),
        Field.COUNT,
        Holds.FORGOTTEN,
        FOR_EVER,
    ),
    "keep_checkins_days": About(
        N_("Check-ins that are over"),
        N_("So many days they are kept; reports of check-ins go back as far."),
        Field.COUNT,
        Holds.FORGOTTEN,
        FOR_EVER,
    ),
}
