import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.live_settings import KEYS, LiveSettingError, LiveSettings, parse, shown

# As the interface lists them.
DEFAULTS = {
    "offer_ring_seconds": "20",
    "offer_accept_seconds": "15",
    "offer_strategy": "least_recent",
    "wait_cap_seconds": "90",
    "wait_music": "default",
    "wrap_up_seconds": "60",
    "voicemail_seconds": "180",
    "calls_per_second": "1",
    "checkin_attempts": "3",
    "checkin_retry_seconds": "600",
    "checkin_ring_seconds": "45",
    "checkin_grace_seconds": "3600",
    "checkin_snooze_seconds": "3600",
    "checkin_snoozes": "2",
    "quiet_weekday": "20:00-09:00",
    "quiet_weekend": "18:00-10:00",
    "languages": "en,fr,es",
    "line_hours": "always",
    "closed_days": "none",
    "crisis_numbers": "CA:988+text,911;US:988+text,911",
    "missed_offers_before_pause": "3",
    "follow_up_urgent_seconds": "3600",
    "unstaffed_alarm_seconds": "10800",
    "letter_texts": "off",
    "not_heard_days": "14",
    "escalation_step_seconds": "900",
    "alarm_call_seconds": "300",
    "pin_tries": "5",
    "pin_lock_seconds": "900",
    "spend_calls_day": "10000",
    "spend_minutes_day": "20000",
    "spend_calls_person_day": "100",
    "spend_calls_volunteer_hour": "240",
    "countries": "CA,US",
    "keep_messages_days": "90",
    "keep_texts_days": "180",
    "keep_notes_days": "730",
    "keep_numbers_days": "90",
    "keep_looks_days": "730",
    "keep_checkins_days": "1095",
}
SHORTER = {"follow_up_urgent_seconds", "unstaffed_alarm_seconds"}
"""Seconds that don't go from 1 to a week."""
OTHERS = {
    **{
        f"keep_{things}_days": ["0", "36500"]
        for things in ("messages", "texts", "notes", "numbers", "looks", "checkins")
    },
    "follow_up_urgent_seconds": ["60", "604800"],
    "unstaffed_alarm_seconds": ["0", "21600"],
    "letter_texts": ["weekly"],
    "not_heard_days": ["1", "3650"],
    "offer_strategy": ["simultaneous", "in_order"],
    "wait_music": ["own", "none"],
    "calls_per_second": ["0.5", "2", "1000", "0.001"],
    "quiet_weekday": ["00:00-00:00", "23:59-00:01"],
    "quiet_weekend": ["08:05-21:30"],
    "languages": ["fr", "es,en", "fr,es,en"],
    "line_hours": [
        *["mon-fri 09:00-21:00; sat,sun 10:00-18:00", "sat 10:00-18:00", "mon,wed-fri 00:00-23:59"],
        *["fri-mon 18:00-02:00", "sun 00:00-24:00"],
    ],
    "closed_days": ["2026-12-25", "01-01", "2026-12-25, 01-01", "02-29,2028-02-29"],
    "countries": ["FR", "", "GB,IE"],
    "crisis_numbers": ["US:988+text,911", "FR:55-01, 119; CA:988,911"],
}
WRONG_NUMBERS = ["", "-1", "1.5", "soon", "\u0661", "1e3", "604801", "1 2"]
WRONG = {
    "offer_strategy": ["", "least recent", "random"],
    "wait_music": ["", "jazz", "Own"],
    "calls_per_second": ["", "0", "-1", "1001", "nan", "inf", "fast"],
    "quiet_weekday": ["", "20", "20:00", "24:00-09:00", "always"],
    "quiet_weekend": ["", "8pm-9am", "10:00-10:60"],
    "languages": ["", "de", "en,en", "en,", "en;fr"],
    "line_hours": [
        *["", "sometimes", "mon 9-17", "mon-fri", "montag 09:00-17:00", "mon 09:00-17:00;"],
        *["mon 25:00-26:00", "mon 09:60-17:00", "mon-wed-fri 09:00-17:00", "mon 24:00-09:00", "mon, 09:00-17:00"],
    ],
    "countries": ["UK", "CA,CA", "Canada", "CA;US"],
    "crisis_numbers": [
        *["", "988,911", "CA:988", "CA:,911", "UK:988,911", "ca:988,911", "CA:988 text,911", "CA:988,911,112"],
        *["CA:9,911", "CA:988,911;", "CA:+1416,911", "CA:988-,911"],
    ],
    "closed_days": ["christmas", "12-32", "02-30", "2026-02-29", "2026-12-25;01-01", "25.12.", "01-01,", "2026-W01-1"],
}


def test_the_defaults_are_those_of_the_interface() -> None:
    assert {key: shown(getattr(LiveSettings(), key)) for key in KEYS} == DEFAULTS


@pytest.mark.parametrize("key", KEYS)
def test_what_is_shown_can_be_set_again(key: str) -> None:
    for text in [DEFAULTS[key], *OTHERS.get(key, ["1", "604800"])]:
        assert shown(parse(key, text)) == text
        assert parse(key, shown(parse(key, text))) == parse(key, text)
    assert parse(key, DEFAULTS[key]) == getattr(LiveSettings(), key)


@given(
    st.sampled_from([key for key in KEYS if key.endswith("_seconds") and key not in SHORTER]),
    st.integers(1, 7 * 24 * 3600),
)
def test_every_whole_second_of_a_week_goes_round(key: str, seconds: int) -> None:
    assert parse(key, str(seconds)) == seconds
    assert shown(seconds) == str(seconds)


@given(st.floats(0.001, 1000, allow_nan=False))
def test_every_rate_goes_round(rate: float) -> None:
    assert parse("calls_per_second", shown(parse("calls_per_second", str(rate)))) == rate


@pytest.mark.parametrize("key", KEYS)
def test_a_wrong_value_is_refused_by_the_name_of_its_key(key: str) -> None:
    for text in WRONG.get(key, WRONG_NUMBERS):
        with pytest.raises(LiveSettingError, match=f"^{key} must be .*[a-z]+"):
            parse(key, text)


@pytest.mark.parametrize(
    "key",
    [
        "offer_ring_seconds",
        "offer_accept_seconds",
        "wait_cap_seconds",
        "voicemail_seconds",
        "checkin_attempts",
        "checkin_ring_seconds",
        "pin_tries",
    ],
)
def test_what_cannot_be_none_is_at_least_one(key: str) -> None:
    with pytest.raises(LiveSettingError, match=f"^{key} must be a whole number from 1 to"):
        parse(key, "0")


@given(st.sampled_from(KEYS), st.text(max_size=12) | st.sampled_from([*WRONG_NUMBERS, "1_0", "+1", " 7 ", "1:2-3:4"]))
def test_any_text_is_understood_or_refused_by_name(key: str, text: str) -> None:
    try:
        value = parse(key, text)
    except LiveSettingError:
        with pytest.raises(LiveSettingError, match=f"^{key} must be "):
            parse(key, text)
    else:
        assert parse(key, shown(value)) == value


def test_an_unknown_key_is_refused_by_its_name() -> None:
    with pytest.raises(LiveSettingError, match="'wait_cap'"):
        parse("wait_cap", "90")
