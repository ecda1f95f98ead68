"""The carrier's side of the line: a signed form comes in, a use-case runs, TwiML goes out."""

from collections.abc import Sequence

from flask import Blueprint, Flask

from phoneline.line import Line
from webhooks import callers, checkins, fallback, legs, sms, voice, volunteers
from webhooks.signed import guard
from webhooks.trouble import Trouble


def register(app: Flask, line: Line) -> Sequence[Blueprint]:
    """Serve everything under `/webhooks/`. Only signed form POSTs get through (the fallback document aside).

    The blueprints come back so that the app can leave its protection of browser forms off them: a signature is more.
    """
    trouble = Trouble(line)
    signed = (
        voice.blueprint(line),
        callers.blueprint(line),
        volunteers.blueprint(line),
        checkins.blueprint(line),
        legs.blueprint(line),
        sms.blueprint(),
    )
    for blueprint in signed:
        guard(blueprint, line.settings)
        trouble.watch(blueprint)
    everything = (*signed, fallback.blueprint(line, trouble))
    for blueprint in everything:
        app.register_blueprint(blueprint)
    return everything
