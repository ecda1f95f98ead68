"""Who may do what: the one table. An endpoint that isn't in it is refused to everybody."""

from collections.abc import Collection, Mapping

from phoneline.states import AccountRole

EVERYONE: Collection[AccountRole] = frozenset(AccountRole)
ADMINS: Collection[AccountRole] = frozenset({AccountRole.ADMIN})
STAFF: Collection[AccountRole] = frozenset({AccountRole.ADMIN, AccountRole.COORDINATOR})

PUBLIC: Collection[str] = frozenset({"assets.file", "login.form", "login.enter", "feeds.file"})
"""Open to anybody. A calendar program can't log in: `feeds.file` asks for the secret in its address."""

MAY: Mapping[str, Collection[AccountRole]] = {
    "login.leave": EVERYONE,
    "now.page": EVERYONE,
    "now.live": EVERYONE,
    "team.page": STAFF,
    "team.back": STAFF,
    "team.break": STAFF,
    "alarms.take": STAFF,
    "cover.page": STAFF,
    "cover.write": STAFF,
    "cover.take_off": STAFF,
    "cover.put_back": STAFF,
    "sheet.page": STAFF,
    "week.page": STAFF,
    "sheet.live": STAFF,
    "sheet.skip": STAFF,
    "sheet.restore": STAFF,
    "sheet.move": STAFF,
    "sheet.call": STAFF,
    "sheet.heard": STAFF,
    "roster.page": EVERYONE,
    "roster.hours": EVERYONE,
    "roster_log.page": EVERYONE,
    "my_shifts.page": EVERYONE,
    "my_shifts.act": EVERYONE,
    "roster_person.page": STAFF,
    "roster_person.act": STAFF,
    "person_team.train": STAFF,
    "person_team.login": STAFF,
    "roster_moves.move": STAFF,
    "roster_moves.undo": STAFF,
    "roster_quick.add": STAFF,
    "letter.page": EVERYONE,
    "letter.thank": EVERYONE,
    "letter.take_back": EVERYONE,
    "letter.propose": EVERYONE,
    "letter.vote": EVERYONE,
    "letter.close": STAFF,
    "feeds.page": EVERYONE,
    "feeds.make": EVERYONE,
    "feeds.revoke": EVERYONE,
    "calendar_files.take_over": STAFF,
    "calendar_files.as_calendar": STAFF,
    "calendar_files.as_spreadsheet": STAFF,
    "shift.new": STAFF,
    "shift.make": STAFF,
    "shift.one": STAFF,
    "shift.change": STAFF,
    "shift.off": STAFF,
    "shift.undo": STAFF,
    "holidays.page": STAFF,
    "holidays.keep": STAFF,
    "holidays.take_off": STAFF,
    "balance.page": STAFF,
    "log.page": STAFF,
    "log.live": STAFF,
    "log.done": STAFF,
    "log.undo": STAFF,
    "seen.log": STAFF,
    "not_heard.page": STAFF,
    "not_heard.ask": STAFF,
    "not_heard.days": STAFF,
    "owning.take": STAFF,
    "owning.give": STAFF,
    "contact.page": STAFF,
    "contact.number": STAFF,
    "contact.block": STAFF,
    "people.page": STAFF,
    "people.search": STAFF,
    "person.page": STAFF,
    "plans.new": STAFF,
    "plans.one": STAFF,
    "plans.make": STAFF,
    "plans.change": STAFF,
    "plans.pause": STAFF,
    "plans.resume": STAFF,
    "plans.end": STAFF,
    "plans.back": STAFF,
    "consent.record": STAFF,
    "consent.end": STAFF,
    "agreed.add": STAFF,
    "agreed.sooner": STAFF,
    "agreed.take_off": STAFF,
    "limits.page": STAFF,
    "limits.block_number": STAFF,
    "limits.lift": STAFF,
    "limits.put_back": STAFF,
    "listening.message": STAFF,
    "late_outcome.give": STAFF,
    "limits.agree": STAFF,
    "limits.end": STAFF,
    "limits.resume": STAFF,
    "apart.keep": STAFF,
    "apart.lift": STAFF,
    "apart.put_back": STAFF,
    "prompts.page": STAFF,
    "prompts.one": STAFF,
    "prompts.record": STAFF,
    "prompts.use": STAFF,
    "music.page": STAFF,
    "music.record": STAFF,
    "music.use": STAFF,
    "phones.page": STAFF,
    "phones.state": STAFF,
    "phones.act": STAFF,
}

SEES_CALLERS: Collection[AccountRole] = STAFF
"""Sees who calls and who is called; others see only who of the team is there."""

UNATTENDED: Collection[str] = frozenset({"now.live", "sheet.live", "log.live", "phones.state"})
"""Asked by the page itself, with nobody at the keyboard: doesn't keep a login alive."""


def may(role: AccountRole, endpoint: str) -> bool:
    return role in MAY.get(endpoint, ())
