"""How the line behaves: every live setting in words, changed where it stands."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import hours_view, queries_settings, setting_fields, setting_log_view, settings_view, typed
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.setting_groups import ADMINS_ONLY
from dashboard.setting_kinds import Field
from dashboard.setting_said import said_of_text
from dashboard.setting_words import ABOUT
from dashboard.settings_view import Said
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from phoneline import live_settings, setting_changes
from phoneline.change_log import By, ChangedSinceError
from phoneline.hours import Calendar
from phoneline.states import AccountRole

group = page_group("settings")
events = structlog.get_logger()


@group.get("/settings")
def page() -> ResponseReturnValue:
    """After a change, with what was changed marked."""
    return _page(_saved(request.args.get("saved", "")))


@group.post("/settings/<key>")
def save(key: str) -> ResponseReturnValue:
    if key in ADMINS_ONLY:
        abort(403)
    return _save(key, "")


@group.post("/settings/guarded/<key>")
def save_guarded(key: str) -> ResponseReturnValue:
    """One that only admins change, and say why."""
    if key not in ADMINS_ONLY:
        abort(404)
    reason = typed.line(request.form, "reason", typed.LONGEST_REASON)
    return _save(key, reason)


def _save(key: str, reason: str) -> ResponseReturnValue:
    if key not in ABOUT or ABOUT[key].field is Field.HOURS:
        abort(404)
    line, account_id = the_line(), known_visitor().account_id
    filled = setting_fields.read(key, request.form)
    missing = _(typed.NO_REASON) if key in ADMINS_ONLY and not reason else ""
    if filled.problem or missing:
        return _page(Said(key, filled=filled, reason=reason, reason_problem=missing)), 422
    try:
        with line.database.transaction() as writing:
            seen = request.form.get("seen", "")[:1000]
            by = By(account_id, reason=reason)
            made = setting_changes.change(writing, key, filled.text, by, line.now, seen=seen)
            change_id = made.id if made else None
    except ChangedSinceError as error:
        return _page(Said(key, filled=filled, reason=reason, since=_since(key, error.now_is))), 409
    if change_id:
        events.info("setting_changed", account_id=account_id, setting=key)
    return redirect(url_for("settings.page", saved=change_id, _anchor=key), 303)


def _since(key: str, now_is: str | None) -> str:
    with the_line().database.reading() as reading:
        row = queries_settings.last_of(reading, key)
        return setting_log_view.since(row, said_of_text(key, now_is), at())


def _saved(change_id: str) -> Said:
    """The change that was made just now, if there is one."""
    if not change_id:
        return Said()
    with the_line().database.reading() as reading:
        found = queries_settings.changes(reading, which=change_id[:64])
    return Said(found[0].change.key, saved_by=found[0].change.id) if found else Said()


def _page(told: Said) -> str:
    line = the_line()
    with line.database.reading() as reading:
        live = live_settings.read(reading)
    zone = line.settings.timezone
    now = hours_view.now(Calendar(live.line_hours, live.closed_days, zone), Moment(line.now, zone))
    is_admin = known_visitor().role is AccountRole.ADMIN
    return render_template(
        "settings.html",
        view=settings_view.build(live, told, now, is_admin=is_admin),
        languages=setting_fields.language_choices(),
    )
