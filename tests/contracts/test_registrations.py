"""What registrations that can be changed promise, in every storage that has them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import MappingProxyType
from typing import Any

import pytest
from attrs import fields

from lti_core.errors import ConfigurationError, LtiError, StorageFailed
from lti_core.ports import Clock
from lti_core.registration import Registration
from tests.contracts.backends import BACKENDS, Backend, open_registrations
from tests.fakes import TOOL_PEM

ROUNDS = 10
Open = Callable[[], Any]

pytestmark = pytest.mark.parametrize(
    "backend",
    [one for one in BACKENDS if one.registrations is not None],
    indirect=True,
    ids=lambda backend: backend.name,
)


@pytest.fixture
def reopen(backend: Backend, url: str, clock: Clock) -> Open:
    """The same registrations, as another process sees them."""
    return lambda: open_registrations(backend, url, clock)


@pytest.fixture
def registrations(reopen: Open) -> Any:
    return reopen()


def registration(**changes: Any) -> Registration:
    values: dict[str, Any] = {
        "issuer": "https://lms.example",
        "client_id": "c1",
        "login_url": "https://lms.example/auth",
        "token_url": "https://lms.example/token",
        "key_set_url": "https://lms.example/keys",
        "deployment_ids": ["d1", "d2"],
    }
    return Registration(**{**values, **changes})


FULL = registration(
    client_id="c2",
    audience="https://lms.example/aud",
    key_set=MappingProxyType({"keys": [{"kid": "ключ"}]}),
    key_set_url=None,
    deployments="any",
    deployment_ids=[],
    private_key=TOOL_PEM,
    default=True,
)


BESIDE = registration(key_set_url=None, key_set=FULL.key_set)  # of one issuer, so with the same keys


def attributes(found: Registration | None) -> dict[str, object]:
    assert found is not None
    return {name: getattr(found, name) for name in [field.name for field in fields(Registration)]}


def test_a_registration_comes_back_as_it_was(registrations: Any, reopen: Open) -> None:
    registrations.add(BESIDE)
    registrations.add(FULL)
    other = reopen()
    assert attributes(other.find("https://lms.example", "c1")) == attributes(BESIDE)
    assert attributes(other.find("https://lms.example", "c2")) == attributes(FULL)
    assert other.of_issuer("https://lms.example") == other.all() == (BESIDE, FULL)
    assert [one for one in other.all() if one.default] == [FULL]


@pytest.mark.parametrize(
    ("issuer", "client_id"),
    [
        ("https://LMS.example", "c1"),
        ("https://lms.example", "C1"),
        ("https://lms.example ", "c1"),
        ("%", "%"),
        ("", ""),
    ],
)
def test_names_are_compared_letter_for_letter(registrations: Any, issuer: str, client_id: str) -> None:
    registrations.add(registration())
    assert registrations.find(issuer, client_id) is None
    if issuer != "https://lms.example":
        assert registrations.of_issuer(issuer) == ()


def test_a_registration_is_removed(registrations: Any) -> None:
    registrations.add(BESIDE)
    registrations.add(FULL)
    registrations.remove("https://lms.example", "c1")
    assert registrations.all() == (FULL,)


def test_a_registration_is_replaced(registrations: Any) -> None:
    registrations.add(registration())
    registrations.replace(registration(login_url="https://lms.example/new", deployment_ids=["d3"]))
    (found,) = registrations.all()
    assert (found.login_url, found.deployment_ids) == ("https://lms.example/new", {"d3"})


def test_what_is_not_there_is_neither_replaced_nor_removed(registrations: Any) -> None:
    registrations.add(registration())
    for change in (lambda: registrations.replace(FULL), lambda: registrations.remove("https://lms.example", "c9")):
        with pytest.raises(ConfigurationError) as refusal:
            change()
        assert refusal.value.code == "config.registration_unknown"
    assert registrations.all() == (registration(),)


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("config.registration_twice", {}),
        ("config.key_set_foreign", {"client_id": "c3", "key_set_url": "https://evil.example/keys"}),
        (
            "config.audience_shared",
            {
                "issuer": "https://evil.example",
                "audience": "https://lms.example/token",
                "token_url": "https://evil.example/t",
            },
        ),
    ],
)
def test_a_conflict_is_refused_and_changes_nothing(registrations: Any, code: str, changes: dict[str, object]) -> None:
    registrations.add(registration())
    with pytest.raises(ConfigurationError) as refusal:
        registrations.add(registration(**changes))
    assert refusal.value.code == code
    assert registrations.all() == (registration(),)


def test_a_replacement_that_conflicts_leaves_the_old_one(registrations: Any) -> None:
    registrations.add(registration())
    registrations.add(registration(client_id="c2"))
    with pytest.raises(ConfigurationError) as refusal:
        registrations.replace(registration(client_id="c2", key_set_url="https://evil.example/keys"))
    assert refusal.value.code == "config.key_set_foreign"
    assert registrations.all() == (registration(), registration(client_id="c2"))


def outcome_of(registrations: Any, new: Registration) -> str:
    """What becomes of `new`. A database that is too busy with the others says that one is to try again."""
    while True:
        try:
            registrations.add(new)
            return "added"
        except StorageFailed:
            continue
        except LtiError as error:
            return error.code


def test_of_conflicting_registrations_that_are_added_at_once_one_stays(reopen: Open) -> None:
    everybody, start = [reopen() for _ in range(8)], Barrier(8)

    def add(number: int) -> list[str]:
        outcomes = []
        for round_ in range(ROUNDS):
            new = registration(issuer=f"i{round_}", client_id=f"c{number}", key_set_url=f"https://h{number}.example")
            start.wait()
            outcomes.append(outcome_of(everybody[number], new))
        return outcomes

    with ThreadPoolExecutor(8) as threads:
        rounds = zip(*threads.map(add, range(8)), strict=True)
    assert {tuple(sorted(outcomes)) for outcomes in rounds} == {("added", *["config.key_set_foreign"] * 7)}
    assert len(everybody[0].all()) == ROUNDS


def test_a_change_is_seen_by_who_looked_before(registrations: Any, reopen: Open) -> None:
    other = reopen()
    assert other.all() == ()
    registrations.add(registration())
    assert other.find("https://lms.example", "c1") == registration()
    registrations.remove("https://lms.example", "c1")
    assert other.find("https://lms.example", "c1") is None


def test_names_may_be_long_and_in_any_script(registrations: Any, reopen: Open, backend: Backend) -> None:
    long = registration(
        issuer="https://lms.example/".ljust(backend.longest, "ü"),
        client_id="クライアント 1😀".ljust(backend.longest, "x"),
    )
    registrations.add(long)
    assert attributes(reopen().find(long.issuer, long.client_id)) == attributes(long)


def test_many_registrations_are_listed_in_one_order(registrations: Any, reopen: Open) -> None:
    names = ["a", "B", "A", "ä", "b", "a b", "_", "10", "9"]
    for name in names:
        registrations.add(registration(client_id=name, audience=f"audience {name}"))
    assert [one.client_id for one in reopen().all()] == sorted(names)
    assert [one.client_id for one in reopen().of_issuer("https://lms.example")] == sorted(names)


def test_a_large_key_set_comes_back_as_it_was(registrations: Any, reopen: Open) -> None:
    keys = {"keys": [{"kid": str(number), "n": "n" * 340} for number in range(500)]}
    registrations.add(registration(key_set=keys, key_set_url=None))
    assert reopen().find("https://lms.example", "c1").key_set == keys
