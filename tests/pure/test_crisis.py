import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.crisis import DEFAULT, region_of, regions
from phoneline.documents import caller, closed, crisis, safe, turned_away
from phoneline.home import Home
from phoneline.live_settings import LANGUAGES, LiveSettings, parse
from phoneline.models import Call
from phoneline.steps import Ask, Say

SEVERAL = "BM:55-01,119; CA:988+text,911"
IN_TORONTO, IN_BERMUDA, IN_NASSAU = "+14165550142", "+14415550142", "+12425550142"
TOLL_FREE = "+18005550142"


@pytest.mark.parametrize(
    ("number", "region"),
    [
        (IN_TORONTO, "CA"),
        ("+12125550142", "US"),
        (IN_BERMUDA, "BM"),
        (IN_NASSAU, "BS"),
        (TOLL_FREE, None),  # of two dozen countries
        ("anonymous", None),
        ("", None),
    ],
)
def test_a_number_tells_its_country(number: str, region: str | None) -> None:
    assert region_of(number) == region


@given(st.text(max_size=20) | st.from_regex(r"\+[0-9]{1,16}", fullmatch=True))
def test_any_caller_id_is_from_somewhere_or_nowhere(text: str) -> None:
    region = region_of(text)
    assert region is None or len(region) in {2, 3}
    assert DEFAULT.for_caller(text, IN_TORONTO).emergency == "911"


@pytest.mark.parametrize(
    ("number", "line_number", "emergency"),
    [
        (IN_BERMUDA, IN_TORONTO, "119"),  # the caller's own
        (IN_NASSAU, IN_TORONTO, "911"),  # nothing is set for theirs: the line's
        (None, IN_TORONTO, "911"),
        (IN_NASSAU, TOLL_FREE, "119"),  # the line is from nowhere: the first that is set
        (None, "", "119"),
    ],
)
def test_the_callers_region_counts_and_then_the_lines(number: str | None, line_number: str, emergency: str) -> None:
    assert regions(SEVERAL).for_caller(number, line_number).emergency == emergency


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (IN_TORONTO, ("call or text 9 8 8", "appelez ou textez le 9 8 8", "llame o escriba al 9 8 8")),
        (IN_BERMUDA, ("call 5 5, 0 1", "appelez le 5 5, 0 1", "llame al 5 5, 0 1")),
    ],
)
def test_numbers_are_spoken_digit_by_digit_in_their_groups(number: str, said: tuple[str, str, str]) -> None:
    live = LiveSettings(crisis_numbers=regions(SEVERAL))
    assert tuple(crisis.spoken(live, number, language)["crisis"] for language in LANGUAGES) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dead_end_speaks_the_numbers_of_the_callers_region(language: str) -> None:
    live = LiveSettings(
        crisis_numbers=parse("crisis_numbers", SEVERAL), languages=(language,), home=Home(number=IN_TORONTO)
    )
    call = Call(token="token", language=language, number=IN_BERMUDA)
    ends = {
        "at the cap": caller.choices(call, live, somebody_on_shift=True),
        "nobody there": caller.choices(call, live, somebody_on_shift=False),
        "closed": closed.choices(call, live),
        "nobody at the fallback number": closed.nobody_there(call, live),
        "after the fallback number": closed.passed_on(call, live),
        "blocked": turned_away.blocked(call, live),
        "recorder": caller.recorder(call, live),
        "safe": safe.for_caller(live, IN_BERMUDA),
        "safe, unsigned": safe.crisis_numbers(live, IN_BERMUDA),
    }
    for name, document in ends.items():
        said = [
            prompt.text
            for step in document
            for prompt in (step.prompts if isinstance(step, Ask) else [step])
            if isinstance(prompt, Say)
        ]
        assert "5 5, 0 1" in " ".join(said), name
        assert "9 8 8" not in " ".join(said), name
