"""What the line says: every prompt in every language, in its words, in yours, or in a voice of your own."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard import prompts_view, sound_words, uploads
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from dashboard.tongue import gettext as _
from phoneline import prompt_changes, recordings, rewording, wav, word_rules
from phoneline.change_log import By, ChangedSinceError
from phoneline.live_settings import LANGUAGES
from phoneline.prompts import catalogue
from phoneline.sounds import Sounds

group = page_group("prompts")
events = structlog.get_logger()
LONGEST_SEARCH = 60


@group.get("/prompts")
def page() -> ResponseReturnValue:
    line = the_line()
    language = request.args.get("language", line.live.languages[0])
    if language not in LANGUAGES:
        abort(404)
    asked = " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]
    with line.database.reading() as reading:
        sounds = Sounds(recordings.in_use(reading), rewording.in_use(reading))
    return render_template("prompts.html", view=prompts_view.all_of(language, sounds, asked))


@group.get("/prompts/<language>/<prompt>")
def one(language: str, prompt: str) -> ResponseReturnValue:
    return _page(language, prompt)


@group.post("/prompts/<language>/<prompt>/words")
def reword(language: str, prompt: str) -> ResponseReturnValue:
    """Other words, heard from the next call on; or, with none, the line's own again."""
    line, account_id = the_line(), known_visitor().account_id
    _known(language, prompt)
    if not word_rules.may_be_reworded(prompt):
        abort(404)
    text = None if "own" in request.form else word_rules.tidy(request.form.get("words", ""))
    why = None if text is None else word_rules.refusal(prompt, language, text)
    if why is not None:
        told = prompts_view.refusal(why, prompt, language)
        return _page(language, prompt, words=text, words_problem=told), 422
    own = catalogue(language)[prompt]
    seen = request.form.get("seen", "")
    try:
        with line.database.transaction() as writing:
            given = None if text == own else text
            prompt_changes.reword(
                writing, prompt, language, given, By(account_id), line.now, seen=None if seen == own else seen
            )
    except ChangedSinceError as error:
        now = error.now_is or own
        told = _("Meanwhile somebody made it “%(words)s”. Save yours if it shall hold all the same.", words=now)
        return _page(language, prompt, words=text, words_problem=told), 409
    events.info("prompt_reworded", account_id=account_id, prompt=prompt, language=language)
    return redirect(url_for("prompts.one", language=language, prompt=prompt), 303)


@group.post("/prompts/<language>/<prompt>/record")
def record(language: str, prompt: str) -> ResponseReturnValue:
    """A new recording, heard from the next call on."""
    line, account_id = the_line(), known_visitor().account_id
    _recordable(language, prompt)
    try:
        audio = uploads.sound()
        with line.database.transaction() as writing:
            made = prompt_changes.record(writing, prompt, language, audio, By(account_id), line.now)
            version = made.version
    except wav.NotPlayableError as error:
        return _page(language, prompt, sound_words.told(error)), 422
    events.info("prompt_recorded", account_id=account_id, prompt=prompt, language=language, version=version)
    return redirect(url_for("prompts.one", language=language, prompt=prompt), 303)


@group.post("/prompts/<language>/<prompt>/use")
def use(language: str, prompt: str) -> ResponseReturnValue:
    """An older recording again, or the words."""
    line, account_id = the_line(), known_visitor().account_id
    _recordable(language, prompt)
    chosen = request.form.get("version", "")
    version = uploads.version(chosen)
    if chosen and version is None:
        abort(400)
    with line.database.transaction() as writing:
        if not prompt_changes.use_recording(writing, prompt, language, version, By(account_id), line.now):
            abort(404)
    events.info("prompt_changed", account_id=account_id, prompt=prompt, language=language, version=version)
    return redirect(url_for("prompts.one", language=language, prompt=prompt), 303)


def _known(language: str, prompt: str) -> None:
    if language not in LANGUAGES or not prompts_view.has_page(prompt):
        abort(404)


def _recordable(language: str, prompt: str) -> None:
    if language not in LANGUAGES or not recordings.may_be_recorded(prompt):
        abort(404)


def _page(language: str, prompt: str, problem: str = "", *, words: str | None = None, words_problem: str = "") -> str:
    _known(language, prompt)
    line = the_line()
    with line.database.reading() as reading:
        recorded = recordings.versions(reading, prompt, language)
        written = rewording.versions(reading, prompt, language)
        view = prompts_view.one(language, prompt, recorded, written, at())
    filled = view.words if words is None else words
    return render_template("prompt.html", view=view, problem=problem, words=filled, words_problem=words_problem)
