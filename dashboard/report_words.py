"""What a report's measures are called, and how each is counted, in one line. Pure."""

from collections.abc import Mapping

from dashboard.tongue import N_, Phrases

SECTIONS: Mapping[str, str] = Phrases(
    {
        "calls": N_("Calls to the line"),
        "messages": N_("Messages and call-backs"),
        "checkins": N_("Check-ins"),
        "people": N_("People and follow-ups"),
        "volunteers": N_("Volunteers"),
        "cost": N_("Cost"),
    }
)
NAMES: Mapping[str, str] = Phrases(
    {
        "received": N_("Calls"),
        "sought": N_("Looked for somebody to talk with"),
        "answered": N_("Talked with a volunteer"),
        "answered_soon": N_("Answered within 30 seconds"),
        "average_wait": N_("Average wait until answered"),
        "longest_wait": N_("Longest wait"),
        "abandoned": N_("Gave up waiting"),
        "short": N_("Hung up at once"),
        "conversations": N_("Conversations"),
        "talk": N_("Time talked"),
        "average_talk": N_("Average conversation"),
        "messages": N_("Messages"),
        "messages_seen": N_("Messages that somebody saw to"),
        "messages_time": N_("Half of the messages were seen to within"),
        "callbacks": N_("Call-backs promised"),
        "callbacks_kept": N_("Call-backs kept"),
        "callbacks_time": N_("Half of the call-backs were kept within"),
        "checkins": N_("Check-ins"),
        "reached": N_("Heard from"),
        "reached_in_time": N_("Heard from in time"),
        "attempts": N_("Calls for each check-in that reached somebody"),
        "unreached": N_("Not reached"),
        "unreached_open": N_("Not reached, and still open"),
        "unreached_age": N_("Open for the longest"),
        "continuity": N_("With their usual volunteer"),
        "people": N_("People in touch"),
        "contacts": N_("Contacts"),
        "follow_ups": N_("Follow-ups"),
        "follow_ups_done": N_("Follow-ups done"),
        "follow_ups_time": N_("Half of the follow-ups were done within"),
        "volunteers": N_("Volunteers on shift"),
        "hours": N_("Hours on shift"),
        "load": N_("Conversations an hour on shift"),
        "cost": N_("Calls and texts"),
        "cost_known": N_("Prices known"),
    }
)
COUNTED: Mapping[str, str] = Phrases(
    {
        "received": N_("Every call to the line, whatever came of it."),
        "sought": N_("Without calls for information, volunteers' own menu, and callers who weren't put through."),
        "answered": N_("Share of those who looked for somebody, without those who hung up at once."),
        "answered_soon": N_("Share of the same callers: joined with a volunteer at most 30 seconds after calling."),
        "average_wait": N_("From the call until joined with a volunteer, of all who were."),
        "longest_wait": N_("Until joined, a message, a call-back or hanging up; without those who hung up at once."),
        "abandoned": N_("Share of the same callers: hung up before anybody was there, without message or call-back."),
        "short": N_("Within 10 seconds, when nobody could have answered: in no share here, as is usual."),
        "conversations": N_("Calls to the line and calls by the line in which a volunteer was joined with somebody."),
        "talk": N_("Time joined in all of these together, without time on hold."),
        "average_talk": N_("Time talked for each conversation."),
        "messages": N_("Messages that callers left."),
        "messages_seen": N_("Share of messages: listened to, followed up, or the person was talked with afterwards."),
        "messages_time": N_("From the message until the first of these."),
        "callbacks": N_("Callers who asked to be called back."),
        "callbacks_kept": N_("Share of those promised: called back, talked with otherwise, or seen to by somebody."),
        "callbacks_time": N_("From the promise until it was kept."),
        "checkins": N_("Due in these days and over; without those that were skipped, or stopped by the person."),
        "reached": N_("Share of check-ins: heard from by a key, a conversation, a call of their own, or met."),
        "reached_in_time": N_("Share of check-ins: heard from within the time that the settings allow."),
        "attempts": N_("Calls to the person, where they were heard from in the end."),
        "unreached": N_("Check-ins that were tried often enough, or were too late to call."),
        "unreached_open": N_("Those not reached whose follow-up nobody has done up to now."),
        "unreached_age": N_("The oldest of these, from the moment in which it was given up until now."),
        "continuity": N_("Share of conversations in check-ins by volunteers that have a usual one."),
        "people": N_(
            "Different people who talked with somebody, were heard from in a check-in, or were met. "
            "Callers whom the line doesn't know can't be counted."
        ),
        "contacts": N_("Lines of the log."),
        "follow_ups": N_("Contacts after which somebody was to do something; without promised call-backs."),
        "follow_ups_done": N_("Share of follow-ups that are done by now."),
        "follow_ups_time": N_("From the contact until the follow-up was done."),
        "volunteers": N_("Different people with a shift that began in these days."),
        "hours": N_("Of shifts that began in these days, up to now; without those in which somebody learnt."),
        "load": N_("All conversations, divided by all hours on shift."),
        "cost": N_("As the carrier prices each call and text; without the number's rent, recordings and taxes."),
        "cost_known": N_("Share of calls and texts of which the carrier has said the price so far."),
    }
)
