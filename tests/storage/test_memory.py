import tracemalloc
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import StorageFailed
from lti_storage.memory import MemoryNonces, MemoryStore
from tests.fakes import NOON, FixedClock

SOON = NOON + timedelta(minutes=10)


def nonce_times(count: int) -> list[tuple[str, datetime]]:
    return [(str(number), SOON + timedelta(seconds=number)) for number in range(count)]


def test_a_full_store_forgets_what_was_kept_longest() -> None:
    store = MemoryStore(FixedClock(), max_entries=3)
    for key in "abcd":
        store.set(key, key, SOON)
    assert [store.get(key) for key in "abcd"] == [None, "b", "c", "d"]


def test_what_was_set_again_is_new_again() -> None:
    store = MemoryStore(FixedClock(), max_entries=3)
    for key in "abcad":
        store.set(key, key, SOON)
    assert [store.get(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_what_has_expired_goes_before_what_was_kept_longest() -> None:
    clock = FixedClock()
    store = MemoryStore(clock, max_entries=3)
    store.set("a", "a", SOON + timedelta(hours=1))
    store.set("b", "b", SOON)
    store.set("c", "c", SOON + timedelta(hours=1))
    clock.advance(600)
    store.set("d", "d", SOON + timedelta(hours=1))
    assert [store.get(key) for key in "abcd"] == ["a", None, "c", "d"]


def test_a_store_is_bounded_in_bytes_too() -> None:
    store = MemoryStore(FixedClock(), max_bytes=1000)
    for key in "abcd":
        store.set(key, "é" * 150, SOON)
    assert [store.get(key) is not None for key in "abcd"] == [False, True, True, True]
    store.delete("b")
    store.set("e", "x" * 400, SOON)
    assert [store.get(key) is not None for key in "cde"] == [True, True, True]


def test_a_value_set_over_and_over_leaves_nothing_behind() -> None:
    store = MemoryStore(FixedClock())
    tracemalloc.start()
    for _ in range(20_000):
        store.set("a", "1", SOON)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 200_000


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 5), st.sampled_from(["add", "set", "delete"]))))
def test_a_store_keeps_what_a_plain_dictionary_would(steps: list[tuple[str, int, str]]) -> None:
    clock, plain = FixedClock(), dict[str, tuple[str, datetime]]()
    store = MemoryStore(clock)
    for number, (key, lifetime, action) in enumerate(steps):
        plain = {name: kept for name, kept in plain.items() if kept[1] > clock.now()}
        value, until = str(number), clock.now() + timedelta(seconds=lifetime)
        if action == "delete":
            store.delete(key)
            plain.pop(key, None)
        elif action == "set" or key not in plain:
            assert getattr(store, action)(key, value, until) in (None, True)
            plain[key] = (value, until)
        else:
            assert store.add(key, value, until) is False
        clock.advance(1)
        for name in "abcdef":
            kept = plain.get(name)
            assert store.get(name) == (kept[0] if kept is not None and kept[1] > clock.now() else None)


def test_a_nonce_works_once() -> None:
    nonces = MemoryNonces(FixedClock())
    assert nonces.use("n", SOON, "h") is True
    assert nonces.use("n", SOON, "h") is False


def test_a_nonce_of_one_holder_is_not_that_of_another() -> None:
    nonces = MemoryNonces(FixedClock())
    assert nonces.use("n", SOON, "h1") is True
    assert nonces.use("n", SOON, "h2") is True


def test_a_nonce_is_remembered_until_its_time_and_no_longer() -> None:
    clock = FixedClock()
    nonces = MemoryNonces(clock)
    nonces.use("n", SOON, "h")
    clock.advance(599.999999)
    assert nonces.use("n", SOON, "h") is False
    clock.advance(0.000001)
    assert nonces.use("n", SOON + timedelta(hours=1), "h") is True


def test_a_full_store_of_nonces_refuses_and_forgets_none() -> None:
    nonces = MemoryNonces(FixedClock(), most=8)
    for number in range(8):
        assert nonces.use(str(number), SOON, f"h{number // 2}")
    with pytest.raises(StorageFailed) as refusal:
        nonces.use("new", SOON, "h9")
    assert refusal.value.code == "storage.full"
    assert "all the room" in refusal.value.message
    assert not any(nonces.use(str(number), SOON, f"h{number // 2}") for number in range(8))


def test_one_holder_has_a_quarter_at_most() -> None:
    nonces = MemoryNonces(FixedClock(), most=8)
    assert nonces.use("1", SOON, "h1")
    assert nonces.use("2", SOON, "h1")
    with pytest.raises(StorageFailed) as refusal:
        nonces.use("3", SOON, "h1")
    assert refusal.value.code == "storage.full"
    assert "one platform" in refusal.value.message
    assert nonces.use("3", SOON, "h2")


def test_the_room_of_what_has_expired_is_free_again() -> None:
    clock = FixedClock()
    nonces = MemoryNonces(clock, most=8)
    for nonce, until in nonce_times(2):
        nonces.use(nonce, until, "h")
    clock.advance(600)
    assert nonces.use("2", SOON + timedelta(hours=1), "h")
    with pytest.raises(StorageFailed):
        nonces.use("3", SOON + timedelta(hours=1), "h")


def test_expired_nonces_leave_nothing_behind() -> None:
    clock = FixedClock()
    nonces = MemoryNonces(clock)
    tracemalloc.start()
    for number in range(20_000):
        clock.advance(60)
        assert nonces.use(str(number), clock.now() + timedelta(minutes=10), f"holder {number}")
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 200_000
