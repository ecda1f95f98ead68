"""The pages for coordinators and volunteers: who is there, who needs somebody, what was said and promised."""

from flask import Flask

from dashboard import (
    accounts,
    activity,
    agreed,
    alarms,
    apart,
    assets,
    balance,
    calendar_files,
    consent,
    contact,
    cover,
    debriefs,
    errors,
    feeds,
    follow_ups,
    holidays,
    hours,
    join,
    late_outcome,
    letter,
    limits,
    listening,
    log,
    login,
    me,
    menu,
    music,
    my_shifts,
    not_heard,
    now,
    owner_view,
    owning,
    people,
    person,
    person_edit,
    person_merge,
    person_notes,
    person_numbers,
    person_team,
    phones,
    plans,
    programme,
    prompts,
    recognise,
    reports,
    rights,
    roster,
    roster_log,
    roster_moves,
    roster_person,
    roster_quick,
    second_step,
    seen,
    sessions,
    setting_log,
    settings,
    shares,
    sheet,
    shift,
    signup,
    team,
    throttle,
    tongue,
    uploads,
    week,
    words,
    you,
)
from dashboard.current import LINE
from dashboard.forgery import forgery
from phoneline.line import Line

PERSON_GROUPS = (
    people.group,
    person.group,
    person_edit.group,
    person_merge.group,
    recognise.group,
    person_numbers.group,
    person_notes.group,
    person_team.group,
    consent.group,
    plans.group,
    agreed.group,
)
LOGIN_GROUPS = (login.group, accounts.group, join.group, you.group, second_step.group)


def register(app: Flask, line: Line) -> None:
    """Put the pages onto `app`. The app needs no static folder of its own."""
    app.extensions[LINE] = line
    sessions.configure(app, line.settings)
    tongue.register(app)
    forgery.init_app(app)  # type: ignore[no-untyped-call]  # flask_wtf has no annotations
    roster_groups = (
        roster.group,
        roster_moves.group,
        roster_quick.group,
        balance.group,
        roster_log.group,
        roster_person.group,
        my_shifts.group,
        me.group,
        debriefs.group,
        shares.group,
    )
    care_groups = (follow_ups.group, owning.group, seen.group, not_heard.group)
    shift_groups = (shift.group, holidays.group)
    contact_groups = (contact.group, listening.group, late_outcome.group, rights.group)
    setting_groups = (settings.group, hours.group, setting_log.group, limits.group, apart.group)
    prompt_groups = (prompts.group, music.group)
    for group in (
        assets.group,
        *LOGIN_GROUPS,
        now.group,
        alarms.group,
        team.group,
        cover.group,
        sheet.group,
        week.group,
        *roster_groups,
        letter.group,
        feeds.group,
        calendar_files.group,
        *shift_groups,
        log.group,
        *contact_groups,
        *PERSON_GROUPS,
        *care_groups,
        *setting_groups,
        *prompt_groups,
        programme.group,
        activity.group,
        signup.group,
        reports.group,
    ):
        app.register_blueprint(group)
    app.before_request(uploads.allow_files)
    throttle.slow_down(app, line.settings)
    if line.settings.carrier_is_simulated:
        app.register_blueprint(phones.group)
    menu.register(app)
    app.add_template_global(owner_view.choices, "endings")
    app.jinja_env.globals["follow_ups"] = words.FOLLOW_UPS
    errors.register(app)
