"""Platform storage: what a page is told of it, and what never reaches one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.platform_storage import is_target, storage_of
from lti_core.state import hash_of
from tests import good
from tests.good import REGISTRATION, STATE


@pytest.mark.parametrize("name", ["_parent", "post_message_forwarding", "lti.storage-1:a", "x" * 128])
def test_a_frame_may_be_named_so(name: str) -> None:
    assert is_target(name)


@pytest.mark.parametrize("name", ["", "x" * 129, "a b", "a\n", "ä", "<b>", '"', "'", "a/b", "\ud800"])
def test_what_cannot_name_a_frame_is_none(name: str) -> None:
    assert not is_target(name)


@given(st.text() | st.text("a_<\n").map(lambda text: text * 1000))
def test_any_text_names_a_frame_or_not(text: str) -> None:
    assert is_target(text) == (
        0 < len(text) <= 128 and text.isascii() and all(c.isalnum() or c in "_.:-" for c in text)
    )


def test_a_login_tells_where_the_secret_is_kept() -> None:
    request = good.login(good.initiation(lti_storage_target="lti_storage"))
    assert (request.storage.target, request.storage.login_url) == ("lti_storage", REGISTRATION.login_url)
    assert request.storage.key == f"lti-{hash_of(request.cookie_value)[:16]}"
    assert request.warnings == ()


def test_each_login_has_a_key_of_its_own_so_that_two_tabs_may_log_in_at_once() -> None:
    pairs = good.initiation(lti_storage_target="_parent")
    assert good.login(pairs).storage.key != good.login(pairs).storage.key


def test_a_frame_that_cannot_be_one_is_no_storage_and_a_warning() -> None:
    request = good.login(good.initiation(lti_storage_target="<b>"))
    assert request.storage.target == ""
    assert [warning.code for warning in request.warnings] == ["login.storage_target_malformed"]


def test_where_the_platform_offers_none_the_target_is_empty() -> None:
    assert storage_of(STATE, REGISTRATION).target == ""
