"""The login state: signed by this tool for one registration, good for ten minutes, opened by nobody else."""

from typing import Any

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import LaunchRefused
from lti_core.state import LIFETIME, MAX_STATE, LoginState, hash_of, make_state, read_state
from lti_core.tokens import sign, sign_ours, signer
from tests.fakes import TOOL_PEM, FakeKeys
from tests.good import NOW, STATE, registration

SECRET, OTHER = b"s" * 32, b"o" * 32


def members(state: LoginState) -> list[Any]:
    return list(asdict(state).values())


def refused(text: str, now: float = NOW, secrets: tuple[bytes, ...] = (SECRET,)) -> str:
    with pytest.raises(LaunchRefused) as refusal:
        read_state(text).open(secrets, now)
    return refusal.value.code


def test_a_state_comes_back_as_it_was() -> None:
    for state in (STATE, evolve(STATE, deployment_id=None, target_link_uri='https://tool.example/é?q=😀&r=\\"')):
        sealed = read_state(make_state(state, SECRET))
        assert (sealed.issuer, sealed.client_id) == (state.issuer, state.client_id)
        assert sealed.open([SECRET], NOW) == state


def test_a_state_is_text_that_needs_no_escaping() -> None:
    text = make_state(evolve(STATE, target_link_uri="https://tool.example/é 😀"), SECRET)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert len(make_state(STATE, SECRET)) < 700


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.tuples(texts, texts, texts, texts), st.none() | texts)
def test_any_whole_text_survives_the_way(sent: tuple[str, ...], deployment: str | None) -> None:
    issuer, client_id, nonce, target = sent
    named = evolve(STATE, issuer=issuer, client_id=client_id, nonce=nonce)
    state = evolve(named, target_link_uri=target, deployment_id=deployment)
    assert read_state(make_state(state, SECRET)).open([OTHER, SECRET], NOW) == state


def test_a_state_that_another_secret_signed_is_refused() -> None:
    assert refused(make_state(STATE, OTHER)) == "launch.state_invalid"
    assert refused(make_state(STATE, SECRET), secrets=()) == "launch.state_invalid"


def test_older_secrets_still_open_what_they_signed() -> None:
    assert read_state(make_state(STATE, OTHER)).open([SECRET, OTHER], NOW) == STATE


def test_a_state_of_one_registration_is_not_opened_for_another() -> None:
    keys, home = FakeKeys(), registration()
    text = make_state(STATE, keys.secrets(home, "state")[0])
    assert read_state(text).open(keys.secrets(home, "state"), NOW) == STATE
    strangers = (registration(client_id="tool-2"), registration(issuer="https://other.example"))
    for secrets in (*(keys.secrets(stranger, "state") for stranger in strangers), keys.secrets(home, "launch")):
        assert refused(text, secrets=secrets) == "launch.state_invalid"


def test_a_token_that_this_tool_made_for_something_else_is_no_state() -> None:
    for kind in ("lti-launch", "JWT", "", "lti-state2"):
        assert refused(sign_ours(members(STATE), SECRET, kind)) == "launch.state_invalid"
    rsa = sign(asdict(STATE), signer(TOOL_PEM, "RS256"), "RS256", {"typ": "lti-state"})
    assert refused(rsa) == "launch.state_invalid"


def test_a_state_is_good_until_the_second_in_which_it_ends() -> None:
    text = make_state(STATE, SECRET)
    end = NOW + LIFETIME.total_seconds()
    assert read_state(text).open([SECRET], end - 0.001) == STATE
    assert refused(text, now=end) == "launch.state_expired"
    assert refused(text, now=end + 10**9) == "launch.state_expired"


def test_an_expired_state_of_somebody_else_is_invalid_and_not_expired() -> None:
    assert refused(make_state(STATE, OTHER), now=NOW + 10**6) == "launch.state_invalid"


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_state_with_one_changed_letter_is_refused(place: int) -> None:
    parts = make_state(STATE, SECRET).split(".")
    for position in range(0, len(parts[place]) - 1, 5):
        letter = "A" if parts[place][position] != "A" else "B"
        changed = parts[place][:position] + letter + parts[place][position + 1 :]
        assert refused(".".join([*parts[:place], changed, *parts[place + 1 :]])) == "launch.state_invalid"


def test_claims_and_signature_of_two_states_do_not_mix() -> None:
    one, two = (make_state(state, SECRET).split(".") for state in (STATE, evolve(STATE, nonce="n-2")))
    assert refused(".".join([one[0], one[1], two[2]])) == "launch.state_invalid"


def test_no_state_is_told_apart_from_a_wrong_one() -> None:
    assert refused("") == "launch.state_missing"
    for text in ("x", ".", "..", "a.b.c", "null", "null.null.null", "ü", "\ud83d", "0" * 100):
        assert refused(text) == "launch.state_invalid"


def test_a_state_may_be_long_but_not_over_long() -> None:
    long = evolve(STATE, target_link_uri="https://tool.example/" + "x" * 8000)
    assert read_state(make_state(long, SECRET)).open([SECRET], NOW) == long
    over = make_state(evolve(STATE, target_link_uri="x" * MAX_STATE), SECRET)
    assert len(over) > MAX_STATE
    assert refused(over) == "launch.state_invalid"
    assert refused("A" * 5_000_000) == "launch.state_invalid"


@pytest.mark.parametrize("name", ["issuer", "client_id"])
@pytest.mark.parametrize("value", [None, 5, True, ["https://lms.example"], {"a": 1}])
def test_issuer_and_client_must_be_texts_before_anything_is_looked_up(name: str, value: Any) -> None:
    with pytest.raises(LaunchRefused) as refusal:
        read_state(sign_ours(list({**asdict(STATE), name: value}.values()), SECRET, "lti-state"))
    assert refusal.value.code == "launch.state_invalid"


@pytest.mark.parametrize("content", [[], members(STATE)[:-1], [*members(STATE), 1], asdict(STATE), "state", None, 5])
def test_a_state_of_another_shape_is_none(content: Any) -> None:
    assert refused(sign_ours(content, SECRET, "lti-state")) == "launch.state_invalid"


def test_what_is_shown_of_a_sealed_state_is_not_the_state() -> None:
    assert STATE.nonce not in repr(read_state(make_state(STATE, SECRET)))


def test_a_state_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        STATE.nonce = "n-2"  # type: ignore[misc]
    assert isinstance(STATE, LoginState)


def test_the_hash_of_a_browsers_secret_is_one_way_and_takes_any_text() -> None:
    assert hash_of("secret") == hash_of("secret") != hash_of("Secret")
    assert "secret" not in hash_of("secret")
    assert {len(hash_of(text)) for text in ("", "é", "\ud83d", "x" * 100_000)} == {43}
