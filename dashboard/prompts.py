"""What the line says: every prompt in every language, in words or in a voice of our own."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import prompts_view, uploads
from dashboard.current import known_visitor, the_line
from dashboard.guard import page_group
from dashboard.times import Moment
from phoneline import recordings, wav
from phoneline.live_settings import LANGUAGES

group = page_group("prompts")
events = structlog.get_logger()


@group.get("/prompts")
def page() -> ResponseReturnValue:
    line = the_line()
    language = request.args.get("language", line.live.languages[0])
    if language not in LANGUAGES:
        abort(404)
    with line.database.reading() as reading:
        view = prompts_view.all_of(language, recordings.in_use(reading))
    return render_template("prompts.html", view=view)


@group.get("/prompts/<language>/<prompt>")
def one(language: str, prompt: str) -> ResponseReturnValue:
    return _page(language, prompt)


@group.post("/prompts/<language>/<prompt>/record")
def record(language: str, prompt: str) -> ResponseReturnValue:
    """A new recording, heard from the next call on."""
    line, account_id = the_line(), known_visitor().account_id
    _known(language, prompt)
    try:
        audio = uploads.sound()
        with line.database.transaction() as writing:
            made = recordings.take_over(writing, prompt, language, audio, account_id, line.now)
            version = made.version
    except wav.NotPlayableError as error:
        return _page(language, prompt, str(error)), 422
    events.info("prompt_recorded", account_id=account_id, prompt=prompt, language=language, version=version)
    return redirect(url_for("prompts.one", language=language, prompt=prompt), 303)


@group.post("/prompts/<language>/<prompt>/use")
def use(language: str, prompt: str) -> ResponseReturnValue:
    """An older recording again, or the words."""
    line, account_id = the_line(), known_visitor().account_id
    _known(language, prompt)
    chosen = request.form.get("version", "")
    version = uploads.version(chosen)
    if chosen and version is None:
        abort(400)
    with line.database.transaction() as writing:
        if not recordings.use(writing, prompt, language, version):
            abort(404)
    events.info("prompt_changed", account_id=account_id, prompt=prompt, language=language, version=version)
    return redirect(url_for("prompts.one", language=language, prompt=prompt), 303)


def _known(language: str, prompt: str) -> None:
    if language not in LANGUAGES or not recordings.may_be_recorded(prompt):
        abort(404)


def _page(language: str, prompt: str, problem: str = "") -> str:
    _known(language, prompt)
    line = the_line()
    with line.database.reading() as reading:
        versions = recordings.versions(reading, prompt, language)
        view = prompts_view.one(language, prompt, versions, Moment(line.now, line.settings.timezone))
    return render_template("prompt.html", view=view, problem=problem)
