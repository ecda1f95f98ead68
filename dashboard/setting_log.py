"""What was changed about the line, by whom, from what to what and why; each can be taken back."""

from dataclasses import replace
from datetime import datetime

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import queries_settings, setting_log_view, typed
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.setting_groups import ADMINS_ONLY
from dashboard.tongue import gettext as _
from phoneline import decision_changes, prompt_changes, setting_changes
from phoneline.change_log import By, ChangedSinceError
from phoneline.decision_changes import DECISIONS
from phoneline.models import SettingChange
from phoneline.setting_states import SettingKind
from phoneline.states import AccountRole

group = page_group("setting_log")
events = structlog.get_logger()
BACK = {"settings": "settings.page", "hours": "hours.page"}
"""Where an undo may lead back to, beside this page."""


@group.get("/settings/changes")
def page() -> ResponseReturnValue:
    return _page({})


@group.post("/settings/changes/<change_id>/undo")
def undo(change_id: str) -> ResponseReturnValue:
    """What it was before, unless somebody has changed it since."""
    line, account_id = the_line(), known_visitor().account_id
    try:
        with line.database.transaction() as writing:
            made = writing.get(SettingChange, change_id)
            if made is None:
                abort(404)
            if made.key in ADMINS_ONLY and not _is_admin():
                abort(403)
            key = made.key
            undone = _undo(writing, made, By(account_id), line.now)
    except ChangedSinceError:
        problem = _("It has been changed again since then, so nothing was undone. Undo the later change first.")
        return _page({change_id: problem}), 409
    if undone:
        events.info("setting_undone", account_id=account_id, change_id=change_id)
    back = BACK.get(request.form.get("back", ""), "setting_log.page")
    return redirect(url_for(back, _anchor=key if back != "setting_log.page" else None), 303)


def _undo(writing: Session, made: SettingChange, by: By, now: datetime) -> bool:
    if made.kind is SettingKind.SETTING:
        return setting_changes.undo(writing, made, by, now) is not None
    if made.kind in DECISIONS:
        if made.key not in queries_settings.names(writing, [made]):
            abort(404)
        decision_changes.undo(writing, made, replace(by, undoes_id=made.id), now)
        return True
    return prompt_changes.undo(writing, made, by, now)


def _page(problems: dict[str, str]) -> str:
    before = typed.instant(request.args.get("before", ""))
    with the_line().database.reading() as reading:
        rows = queries_settings.changes(reading, before)
        names = queries_settings.names(reading, [row.change for row in rows])
        told = setting_log_view.Told(problems, names)
        view = setting_log_view.build(rows, at(), told, is_admin=_is_admin(), first_page=before is None)
    return render_template("setting_log.html", view=view)


def _is_admin() -> bool:
    return known_visitor().role is AccountRole.ADMIN
