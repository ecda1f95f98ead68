"""What callers hear between the words while they wait: soft tones, music of your own, or nothing."""

import structlog
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from dashboard import music_view, sound_words, uploads
from dashboard.current import at, known_visitor, the_line
from dashboard.guard import page_group
from phoneline import live_settings, prompt_changes, recordings, setting_changes, wait_music, wav
from phoneline.change_log import By

SETTING = "wait_music"
group = page_group("music")
events = structlog.get_logger()


@group.get("/prompts/music")
def page() -> ResponseReturnValue:
    return _page()


@group.post("/prompts/music/record")
def record() -> ResponseReturnValue:
    """Music of your own, heard from the next turn of a wait on."""
    line, account_id = the_line(), known_visitor().account_id
    try:
        audio = uploads.sound()
        with line.database.transaction() as writing:
            made = prompt_changes.record(writing, *wait_music.KEY, audio, By(account_id), line.now)
            version = made.version
            setting_changes.change(writing, SETTING, wait_music.OWN, By(account_id), line.now)
    except wav.NotPlayableError as error:
        return _page(sound_words.told(error)), 422
    events.info("music_uploaded", account_id=account_id, version=version)
    return redirect(url_for("music.page"), 303)


@group.post("/prompts/music/use")
def use() -> ResponseReturnValue:
    """The soft tones, nothing, or a version of your own."""
    line, account_id = the_line(), known_visitor().account_id
    chosen = request.form.get("choice", "")
    with line.database.transaction() as writing:
        if not _use(writing, chosen, By(account_id)):
            abort(404)
        setting = chosen if chosen in wait_music.CHOICES else wait_music.OWN
        setting_changes.change(writing, SETTING, setting, By(account_id), line.now)
    events.info("music_changed", account_id=account_id, choice=chosen)
    return redirect(url_for("music.page"), 303)


def _use(writing: Session, chosen: str, by: By) -> bool:
    """Whether there is such a choice; a version is then in use."""
    if chosen in {wait_music.DEFAULT, wait_music.NONE}:
        return True
    version = uploads.version(chosen)
    if version is None:
        return False
    return prompt_changes.use_recording(writing, *wait_music.KEY, version, by, the_line().now)


def _page(problem: str = "") -> str:
    line = the_line()
    with line.database.reading() as reading:
        choice = live_settings.read(reading).wait_music
        versions = recordings.versions(reading, *wait_music.KEY)
        view = music_view.shown(choice, versions, at())
    return render_template("music.html", view=view, problem=problem)
