import hmac
import json
import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import LaunchRefused, StorageFailed
from lti_core.tokens import MAX_TOKEN
from lti_storage.launches import Launches, RememberedLaunch
from lti_storage.memory import MemoryStore
from tests.fakes import NOON, FixedClock

SECRET, OTHER_SECRET = b"s" * 32, b"t" * 32
CLAIMS: dict[str, object] = {"sub": "u1", "name": "Žofie 中文 😀", "exp": 1.5, "deep": {"list": [1, None, True]}}
LIFETIME = timedelta(hours=12)


def payload_of(claims: object) -> str:
    """As a platform's token has it."""
    return urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


LAUNCH = RememberedLaunch(
    issuer="https://lms.example",
    client_id="c1",
    payload=payload_of(CLAIMS),
    target_link_uri="https://tool.example/lti/launch",
    browser="hash",
    opened_at=NOON,
)


def forged(about: object, payload: str, secret: bytes) -> str:
    """An entry as whoever knows `secret` could write it."""
    signed = f"{urlsafe_b64encode(json.dumps(about).encode()).decode()}.{payload}"
    return f"{signed}.{urlsafe_b64encode(hmac.digest(secret, signed.encode(), 'sha256')).decode()}"


def about_in(text: str) -> dict[str, object]:
    """The first part of an entry."""
    read: dict[str, object] = json.loads(urlsafe_b64decode(text.partition(".")[0]))
    return read


def secrets_of(issuer: str, client_id: str) -> tuple[bytes, ...]:
    return {("https://lms.example", "c1"): (SECRET,), ("https://other.example", "c2"): (OTHER_SECRET,)}.get(
        (issuer, client_id), ()
    )


class Kept:
    """Launches, their clock, and their store as whoever can write to it sees it."""

    def __init__(self, lifetime: timedelta = LIFETIME) -> None:
        self.clock = FixedClock()
        self.store = MemoryStore(self.clock)
        self.launches = Launches(self.store, self.clock, lifetime)

    def recall(self, launch_id: str) -> RememberedLaunch | None:
        return self.launches.recall(launch_id, secrets_of)

    def read(self, launch_id: str) -> str:
        text = self.store.get(f"launch:{launch_id}")
        assert text is not None
        return text

    def write(self, launch_id: str, text: str) -> None:
        self.store.set(f"launch:{launch_id}", text, self.clock.now() + timedelta(days=365))


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_a_launch_comes_back_as_it_was(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    assert kept.recall(launch_id) == LAUNCH


def test_a_launch_without_a_browser_comes_back(kept: Kept) -> None:
    launch = evolve(LAUNCH, browser=None)
    assert kept.recall(kept.launches.remember(launch, (SECRET,))) == launch


def test_every_launch_has_an_id_of_its_own_of_43_characters(kept: Kept) -> None:
    ids = {kept.launches.remember(LAUNCH, (SECRET,)) for _ in range(20)}
    assert len(ids) == 20
    assert {len(urlsafe_b64decode(launch_id + "=")) for launch_id in ids} == {32}


def test_the_time_is_kept_in_whole_seconds(kept: Kept) -> None:
    launch = evolve(LAUNCH, opened_at=NOON + timedelta(microseconds=999_999))
    recalled = kept.recall(kept.launches.remember(launch, (SECRET,)))
    assert recalled is not None
    assert recalled.opened_at == NOON


def test_a_launch_is_gone_when_its_lifetime_is_over(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    kept.clock.advance(LIFETIME.total_seconds() - 1)
    assert kept.recall(launch_id) == LAUNCH
    kept.clock.advance(1)
    assert kept.recall(launch_id) is None


def test_a_launch_is_opened_with_an_older_secret_too(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    assert kept.launches.recall(launch_id, lambda *_: (OTHER_SECRET, SECRET)) == LAUNCH


def test_the_newest_secret_signs(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (OTHER_SECRET, SECRET))
    assert kept.launches.recall(launch_id, lambda *_: (SECRET,)) is None
    assert kept.launches.recall(launch_id, lambda *_: (OTHER_SECRET,)) == LAUNCH


def test_the_claims_come_back_as_they_were(kept: Kept) -> None:
    recalled = kept.recall(kept.launches.remember(LAUNCH, (SECRET,)))
    assert recalled is not None
    assert recalled.claims() == CLAIMS


@pytest.mark.parametrize(
    "target", ["https://tool.example/" + "x" * 8000, "https://tool.example/" + "😀" * 1800], ids=["ascii", "emoji"]
)
def test_the_payload_of_the_largest_token_can_be_remembered(kept: Kept, target: str) -> None:
    launch = evolve(LAUNCH, payload="A" * MAX_TOKEN, target_link_uri=target)
    assert kept.recall(kept.launches.remember(launch, (SECRET,))) == launch


@pytest.mark.parametrize("number", ["1e15", "1e-4", "1e308"])  # Python writes these longer
def test_what_is_remembered_is_not_longer_than_what_the_platform_sent(kept: Kept, number: str) -> None:
    sent = f'{{"many": [{",".join([number] * 18_000)}]}}'
    launch = evolve(LAUNCH, payload=urlsafe_b64encode(sent.encode()).decode().rstrip("="))
    launch_id = kept.launches.remember(launch, (SECRET,))
    assert len(kept.read(launch_id)) < len(launch.payload) + 1000
    recalled = kept.recall(launch_id)
    assert recalled is not None
    assert recalled.claims() == {"many": [float(number)] * 18_000}


@pytest.mark.parametrize(
    "launch_id", ["", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "\n", "a" * 43 + "\n", "ä" * 43, "a" * 10**6]
)
def test_what_is_no_launch_id_is_not_looked_for(launch_id: str) -> None:
    class Down:
        def get(self, key: str) -> str | None:
            raise AssertionError("asked")

    launches = Launches(Down(), FixedClock(), LIFETIME)  # type: ignore[arg-type]
    assert launches.recall(launch_id, secrets_of) is None


def test_an_unknown_launch_is_none(kept: Kept) -> None:
    assert kept.recall("a" * 43) is None


def test_an_entry_under_another_id_opens_nothing(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    kept.write("b" * 43, kept.read(launch_id))
    assert kept.recall("b" * 43) is None


def test_an_entry_that_is_written_again_lives_no_longer(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    kept.write(launch_id, kept.read(launch_id))
    kept.clock.advance(LIFETIME.total_seconds())
    assert kept.recall(launch_id) is None


@pytest.mark.parametrize(
    "change",
    [
        {"browser": None},
        {"opened_at": int(NOON.timestamp()) + 9},
        {"kind": "lti-state"},
        {"id": "b" * 43},
        {"target_link_uri": "https://evil.example"},
        {"issuer": "https://other.example", "client_id": "c2"},
        {"issuer": "https://unknown.example"},
        {"issuer": 5},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_opens_nothing(kept: Kept, change: dict[str, object]) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    _, payload, signature = kept.read(launch_id).split(".")
    about = urlsafe_b64encode(json.dumps(about_in(kept.read(launch_id)) | change).encode()).decode()
    kept.write(launch_id, f"{about}.{payload}.{signature}")
    assert kept.recall(launch_id) is None


def test_other_claims_open_nothing(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    about, payload, signature = kept.read(launch_id).split(".")
    for changed in (payload_of({**CLAIMS, "sub": "u2"}), payload[:-1], payload + "=", payload + ".", ""):
        kept.write(launch_id, f"{about}.{changed}.{signature}")
        assert kept.recall(launch_id) is None


def test_one_registration_cannot_forge_a_launch_of_another(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    kept.write(launch_id, forged(about_in(kept.read(launch_id)), LAUNCH.payload, OTHER_SECRET))
    assert kept.recall(launch_id) is None


def test_what_was_signed_for_another_purpose_opens_nothing(kept: Kept) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    about = about_in(kept.read(launch_id))
    kept.write(launch_id, forged({**about, "kind": "lti-state"}, LAUNCH.payload, SECRET))
    assert kept.recall(launch_id) is None
    kept.write(launch_id, forged(about, LAUNCH.payload, SECRET))
    assert kept.recall(launch_id) == LAUNCH


def test_a_launch_of_a_registration_that_is_gone_opens_nothing(kept: Kept) -> None:
    def gone(issuer: str, client_id: str) -> tuple[bytes, ...]:
        raise LaunchRefused("launch.registration_unknown", "gone")

    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    assert kept.launches.recall(launch_id, lambda *_: ()) is None
    assert kept.launches.recall(launch_id, gone) is None


def test_a_storage_that_is_down_is_not_taken_for_a_missing_launch(kept: Kept) -> None:
    def down(issuer: str, client_id: str) -> tuple[bytes, ...]:
        raise StorageFailed("storage.unavailable", "down")

    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    with pytest.raises(StorageFailed):
        kept.launches.recall(launch_id, down)


def test_a_refused_entry_is_logged_without_content(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    launch_id = kept.launches.remember(LAUNCH, (SECRET,))
    with caplog.at_level(logging.WARNING):
        kept.write(launch_id, "hostile words")
        kept.recall(launch_id)
        kept.write(launch_id, forged({"issuer": "hostile", "client_id": "words"}, LAUNCH.payload, SECRET))
        kept.recall(launch_id)
    assert len(caplog.records) == 2
    assert "hostile" not in caplog.text
    assert launch_id not in caplog.text


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_random_text_in_the_store_opens_nothing(text: str) -> None:
    kept = Kept()
    kept.write("a" * 43, text)
    assert kept.recall("a" * 43) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
parts = st.dictionaries(
    st.sampled_from(["kind", "id", "issuer", "client_id", "target_link_uri", "browser", "opened_at"]), json_values
)


@given(parts | json_values, parts, st.binary())
def test_a_random_token_in_the_store_opens_nothing(about: object, claims: dict[str, object], signature: bytes) -> None:
    kept = Kept()
    encoded = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (about, claims)]
    kept.write("a" * 43, ".".join([*encoded, urlsafe_b64encode(signature).decode().rstrip("=")]))
    assert kept.launches.recall("a" * 43, lambda *_: (SECRET,)) is None


@given(
    st.dictionaries(st.text(), json_values.filter(lambda value: "NaN" not in repr(value)), max_size=5),
    st.text(),
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),
)
def test_every_launch_comes_back_within_its_lifetime(claims: dict[str, object], name: str, opened: datetime) -> None:
    kept = Kept()
    kept.clock.time = opened.replace(tzinfo=UTC)
    opened_at = opened.replace(tzinfo=UTC, microsecond=0)
    launch = evolve(LAUNCH, payload=payload_of(claims), target_link_uri=name, opened_at=opened_at)
    recalled = kept.recall(kept.launches.remember(launch, (SECRET,)))
    assert recalled is not None
    assert json.dumps(recalled.claims()) == json.dumps(claims)
    assert recalled == launch
