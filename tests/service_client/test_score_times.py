"""The timestamps of scores."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.services import score_times
from lti_adapters.services.score_times import ScoreTimes
from tests.fakes import NOON

NAMES = st.sampled_from("abcde")
MOMENTS = st.integers(-5000, 5000).map(lambda milliseconds: NOON + timedelta(milliseconds=milliseconds))


def test_a_time_is_the_clocks_in_utc_and_whole_milliseconds() -> None:
    now = NOON.replace(microsecond=123_999).astimezone(timezone(timedelta(hours=5)))
    time = ScoreTimes().next("a", now)
    assert time == NOON.replace(microsecond=123_000)
    assert time.tzinfo is UTC


def test_other_names_have_times_of_their_own() -> None:
    times = ScoreTimes()
    assert [times.next(name, NOON) for name in "ab"] == [NOON, NOON]


def test_whole_seconds_are_those_of_the_clock() -> None:
    times = ScoreTimes()
    late = NOON.replace(microsecond=999_000)
    assert times.next("a", late, whole_seconds=True) == late
    assert times.next("a", late, whole_seconds=True) == NOON + timedelta(seconds=1)
    assert times.next("a", late, whole_seconds=True) == NOON + timedelta(seconds=2)


@given(st.lists(st.tuples(NAMES, MOMENTS, st.booleans())))
def test_times_increase_for_each_name_even_where_the_clock_goes_back_and_most_is_forgotten(
    asked: list[tuple[str, datetime, bool]],
) -> None:
    times, last = ScoreTimes(), {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(score_times, "MOST_KEPT", 2)
        for name, now, whole in asked:
            time = times.next(name, now, whole_seconds=whole)
            assert time >= now
            if name in last:
                assert time > last[name]
                assert not whole or time.replace(microsecond=0) > last[name].replace(microsecond=0)
            last[name] = time


def test_the_last_time_is_known_where_there_was_one() -> None:
    times = ScoreTimes()
    assert times.last("a") is None
    times.next("a", NOON)
    assert (times.last("a"), times.last("b")) == (NOON, None)


def test_a_time_that_was_noted_is_passed() -> None:
    times = ScoreTimes()
    times.note("a", NOON + timedelta(hours=1))
    times.note("a", NOON)
    assert times.next("a", NOON) == NOON + timedelta(hours=1, milliseconds=1)


@pytest.mark.parametrize(
    "end", [datetime.max.replace(tzinfo=UTC), datetime.max.replace(tzinfo=timezone(-timedelta(hours=9)))]
)
def test_the_end_of_all_time_is_no_end_of_scores(end: datetime) -> None:
    times = ScoreTimes()
    times.note("a", end)
    assert times.next("a", NOON, whole_seconds=True) > NOON
