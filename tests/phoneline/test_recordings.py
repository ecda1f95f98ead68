import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from phoneline import recordings
from phoneline.db import Database
from phoneline.live_settings import LANGUAGES
from phoneline.models import PromptRecording
from phoneline.prompt_numbers import number_of, prompt_of
from phoneline.prompts import catalogue, has_gaps
from phoneline.wav import NotPlayableError
from tests.sounds import tone

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def record(session: Session, seconds: float = 1, prompt: str = "goodbye", language: str = "en") -> PromptRecording:
    return recordings.take_over(session, prompt, language, tone(seconds), None, NOW)


def test_a_new_recording_is_in_use_and_the_ones_before_it_are_kept(database: Database) -> None:
    with database.transaction() as session:
        first, second = record(session, 1), record(session, 2)
        record(session, 3, language="fr")
        assert recordings.in_use(session)["goodbye", "en"].token == second.token != first.token
        assert [one.version for one in recordings.versions(session, "goodbye", "en")] == [2, 1]
        assert recordings.sound(session, first.token) == tone(1)
        assert recordings.in_use(session)["goodbye", "fr"].seconds == pytest.approx(3)


def test_it_is_undone_by_an_older_one_or_by_the_words(database: Database) -> None:
    with database.transaction() as session:
        first, _ = record(session, 1), record(session, 2)
        assert recordings.use(session, "goodbye", "en", 1)
        assert recordings.in_use(session)["goodbye", "en"].token == first.token
        assert recordings.use(session, "goodbye", "en", None)
        assert recordings.in_use(session) == {}
        assert record(session, 3).version == 3, "a number is never used again"


def test_there_is_one_in_use_whatever_runs_at_once(database: Database) -> None:
    with database.transaction() as session:
        first, _ = record(session), record(session)
        first.in_use = True
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_of_several_made_at_once_each_is_a_version(database: Database) -> None:
    gate = threading.Barrier(4)

    def one(_: int) -> int:
        gate.wait(30)
        with database.transaction() as session:
            return record(session).version

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(one, range(4))) == [1, 2, 3, 4]


def test_by_telephone_each_prompt_has_a_number_of_its_own_that_never_changes() -> None:
    numbers = {str(number_of(prompt)): prompt for prompt in recordings.recordable()}
    assert len(numbers) == len(recordings.recordable()), "two prompts have one number: give the newer one another key"
    assert {len(number) for number in numbers} == {5}
    assert {number: prompt_of(number) for number in numbers} == numbers
    assert number_of("goodbye") == 20868, "people have written it down"
    assert prompt_of(str(number_of("crisis_numbers"))) is prompt_of("") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_what_is_whole_and_not_for_the_worst_may_be_recorded(language: str) -> None:
    chosen = set(recordings.recordable())
    assert {"greeting", "wait_more", "goodbye"} <= chosen
    assert not chosen & {"safe", "safe_ringing", "crisis_numbers", "leg_failed", "checkin_who"}
    assert not [prompt for prompt in chosen if has_gaps(prompt) or "{" in catalogue(language)[prompt]]


@pytest.mark.parametrize(
    ("prompt", "fits", "too_long"),
    [("greeting", 4, 6), ("wait_again", 2, 3), ("wait_more", 6.5, 8), ("recorded", 25, 31)],
)
def test_a_recording_fits_the_time_that_there_is(database: Database, prompt: str, fits: float, too_long: float) -> None:
    with database.transaction() as session:
        record(session, fits, prompt)
        with pytest.raises(NotPlayableError):
            record(session, too_long, prompt)


def test_one_for_a_prompt_that_is_gone_is_not_played(database: Database) -> None:
    with database.transaction() as session:
        record(session).prompt = "a prompt of an older release"
        session.flush()
        assert recordings.in_use(session) == {}
