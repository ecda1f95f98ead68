"""The crisis numbers as a prompt says them: the values of `{crisis}` and `{emergency}`."""

from phoneline.live_settings import LiveSettings
from phoneline.prompts import say
from phoneline.steps import Say


def spoken(live: LiveSettings, number: str | None, language: str) -> dict[str, str]:
    """For a caller from `number`, digit by digit: such as "call or text 9 8 8", and "9 1 1"."""
    ours = live.crisis_numbers.for_caller(number, live.home.number)
    how = "crisis_call_or_text" if ours.texts else "crisis_call"
    return {
        "crisis": say(how, language, number=_digit_by_digit(ours.talk)).text,
        "emergency": _digit_by_digit(ours.emergency),
    }


def written(live: LiveSettings, number: str | None, language: str) -> dict[str, str]:
    """The same as a text says it: such as "call or text 988", and "911"."""
    ours = live.crisis_numbers.for_caller(number, live.home.number)
    how = "crisis_call_or_text" if ours.texts else "crisis_call"
    return {"crisis": say(how, language, number=ours.talk).text, "emergency": ours.emergency}


def numbers(live: LiveSettings, number: str | None, language: str) -> Say:
    """Both numbers as a prompt of their own."""
    return say("crisis_numbers", language, **spoken(live, number, language))


def _digit_by_digit(number: str) -> str:
    """With a short pause between the groups of a long one."""
    return ", ".join(" ".join(group) for group in number.split("-"))
