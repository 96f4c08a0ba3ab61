"""Locks by name."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from lti_adapters.services.locks import Locks
from lti_core.errors import ServiceFailed


def test_of_many_threads_one_at_a_time_holds_a_name() -> None:
    locks, inside, most = Locks(), [], []

    def work(number: int) -> None:
        with locks.hold("a", 30):
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)

    with ThreadPoolExecutor(8) as people:
        list(people.map(work, range(200)))
    assert (len(most), max(most)) == (200, 1)


def test_other_names_do_not_wait_and_the_same_one_not_for_ever() -> None:
    locks, held, done = Locks(), Event(), Event()

    def hold() -> None:
        with locks.hold("a", 30):
            held.set()
            done.wait(30)

    holder = Thread(target=hold)
    holder.start()
    assert held.wait(30)
    with locks.hold("b", 0):
        pass
    with pytest.raises(ServiceFailed) as failure, locks.hold("a", 0.01):
        pass
    done.set()
    holder.join(30)
    assert (failure.value.code, failure.value.not_sent) == ("service.unavailable", True)
    with locks.hold("a", 0):
        pass


def test_a_failure_gives_the_name_back() -> None:
    locks = Locks()
    for _ in range(2):
        with pytest.raises(KeyError), locks.hold("a", 0):
            raise KeyError


def test_names_that_nobody_holds_take_no_memory() -> None:
    locks = Locks()
    tracemalloc.start()
    for number in range(5000):
        with locks.hold(f"a name of its own {number}", 0):
            pass
    left, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert left < 100_000
