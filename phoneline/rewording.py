"""Other words for a prompt: written, put into use, taken out of use again, and which ones are in use now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from phoneline import locks
from phoneline.live_settings import LANGUAGES
from phoneline.models import PromptWords
from phoneline.word_rules import fits, may_be_reworded


def in_use(session: Session) -> Mapping[tuple[str, str], str]:
    """By prompt and language. What doesn't fit a prompt of this release any more is left out."""
    found = session.execute(
        select(PromptWords.prompt, PromptWords.language, PromptWords.text).where(PromptWords.in_use)
    )
    return {
        (prompt, language): text
        for prompt, language, text in found
        if may_be_reworded(prompt) and language in LANGUAGES and fits(prompt, language, text)
    }


def current(session: Session, prompt: str, language: str) -> str | None:
    """The words in use; None: the catalogue's."""
    this = select(PromptWords.text).filter_by(prompt=prompt, language=language, in_use=True)
    return session.scalar(this)


def versions(session: Session, prompt: str, language: str) -> Sequence[PromptWords]:
    """Newest first."""
    found = select(PromptWords).filter_by(prompt=prompt, language=language)
    return session.scalars(found.order_by(PromptWords.version.desc())).all()


def put(session: Session, prompt: str, language: str, text: str | None, account_id: str | None, now: datetime) -> None:
    """These words from now on, a version that there was or a new one; with none the catalogue's."""
    locks.hold_in_turn(session.connection(), locks.RECORDING)
    session.execute(
        update(PromptWords)
        .where(PromptWords.prompt == prompt, PromptWords.language == language, PromptWords.in_use)
        .values(in_use=False)
        .execution_options(synchronize_session="fetch")
    )
    if text is None:
        return
    same = select(PromptWords).filter_by(prompt=prompt, language=language, text=text)
    found = session.scalars(same.order_by(PromptWords.version.desc()).limit(1)).first()
    if found is not None:
        found.in_use = True
        session.flush()
        return
    last = session.scalar(select(func.max(PromptWords.version)).filter_by(prompt=prompt, language=language))
    made = PromptWords(
        prompt=prompt,
        language=language,
        version=(last or 0) + 1,
        text=text,
        made_at=now,
        account_id=account_id,
        in_use=True,
    )
    session.add(made)
    session.flush()
