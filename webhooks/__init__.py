"""The carrier's side of the line: a signed form comes in, a use-case runs, TwiML goes out."""

from flask import Flask

from phoneline import own_plans, programme_visit
from phoneline.line import Line
from phoneline.sounds import SoundsCache
from webhooks import (
    alarms,
    announcements,
    callbacks,
    callers,
    checkins,
    escalations,
    fallback,
    handovers,
    legs,
    menu,
    messages,
    music,
    practice,
    recordings,
    reminders,
    sms,
    texts,
    visits,
    voice,
    volunteers,
)
from webhooks.signed import guard
from webhooks.trouble import Trouble
from webhooks.twiml import SOUNDS


def register(app: Flask, line: Line) -> None:
    """Serve everything under `/webhooks/`. Only signed form POSTs get through.

    But for the fallback document, messages, which the carrier fetches with a ticket, music, and recorded prompts.
    """
    app.extensions[SOUNDS] = SoundsCache(line.database)
    trouble = Trouble(line)
    signed = (
        voice.blueprint(line),
        callers.blueprint(line),
        callbacks.blueprint(line),
        volunteers.blueprint(line),
        handovers.blueprint(line),
        checkins.blueprint(line),
        menu.blueprint(line),
        visits.blueprint(line, "own_plans", "own-plans", own_plans.answer),
        visits.blueprint(line, "programme_by_phone", "programme", programme_visit.answer),
        legs.blueprint(line),
        sms.blueprint(line),
        texts.blueprint(line),
        alarms.blueprint(line),
        escalations.blueprint(line),
        reminders.blueprint(line),
        practice.blueprint(line),
        announcements.blueprint(line),
    )
    for blueprint in signed:
        guard(blueprint, line.settings)
        trouble.watch(blueprint)
    played = messages.blueprint(line)
    trouble.watch(played)
    for blueprint in (
        *signed,
        played,
        fallback.blueprint(line, trouble),
        recordings.blueprint(line),
        music.blueprint(line),
    ):
        app.register_blueprint(blueprint)
