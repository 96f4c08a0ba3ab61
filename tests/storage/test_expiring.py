from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import ConfigurationError
from lti_storage.expiring import decoded, encoded, microseconds, refuse_forgetful, stored_key
from tests.fakes import FixedClock

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))  # lone surrogates, too


class Forgetful:
    """As a cache that is switched off."""

    def add(self, key: str, value: str, expires_at: datetime) -> bool:
        return True

    def get(self, key: str) -> str | None:
        return None

    def set(self, key: str, value: str, expires_at: datetime) -> None:
        pass

    def delete(self, key: str) -> None:
        pass


@given(ANY_TEXT)
def test_every_key_is_stored_as_64_hexadecimal_digits(key: str) -> None:
    assert len(stored_key(key)) == 64
    assert set(stored_key(key)) <= set("0123456789abcdef")


@given(ANY_TEXT)
def test_every_text_survives_encoding(value: str) -> None:
    assert decoded(encoded(value)) == value


@given(
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)),
    st.integers(min_value=-1_000_000, max_value=1_000_000),
)
def test_times_are_told_apart_by_a_microsecond(moment: datetime, step: int) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert microseconds(aware + timedelta(microseconds=step)) - microseconds(aware) == step


def test_the_zone_of_a_time_does_not_matter() -> None:
    moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert microseconds(moment) == microseconds(moment.astimezone(timezone(timedelta(hours=-3, minutes=-30))))


def test_a_store_that_forgets_is_refused_at_start() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        refuse_forgetful(Forgetful(), FixedClock())
    assert refusal.value.code == "config.storage_forgets"
