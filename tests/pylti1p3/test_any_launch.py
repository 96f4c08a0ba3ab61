"""Whatever strangers send, and whatever a platform signs: a launch or a refusal that programs catch."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lti_core import claims as c
from tests.good import CLAIMS, DEEP_LINKING, REVIEW
from tests.pylti1p3.tool import Tool

TOOL = Tool()
SENT = TOOL.login()
scalars = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats(allow_nan=False) | st.text()
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)
names = st.sampled_from(sorted({*CLAIMS, *DEEP_LINKING, *REVIEW, "azp", "nbf", c.NRPS, c.GROUPS})) | st.text()


def ask_all(launch: Any) -> bool:
    """Everything that can be asked without a network."""
    kinds = (launch.is_resource_launch(), launch.is_deep_link_launch(), launch.is_data_privacy_launch())
    roles = (launch.check_teacher_access(), launch.check_student_access(), launch.check_transient())
    services = (launch.has_ags(), launch.has_nrps(), launch.has_cgs(), launch.get_iss(), launch.get_client_id())
    return all(isinstance(answer, bool | str) for answer in (*kinds, *roles, *services))


TOOL.use = ask_all


@given(st.sampled_from([CLAIMS, DEEP_LINKING, REVIEW]), st.dictionaries(names, anything, max_size=3))
def test_whatever_a_platform_signs_is_a_launch_or_a_refusal(claims: dict[str, Any], changes: dict[str, Any]) -> None:
    answer = TOOL.launched(claims, **changes)
    assert answer is not None
    assert answer.get("used") is True or isinstance(answer["refused"], str)


@given(st.text() | st.just(SENT["state"]), st.text() | st.text(alphabet="eyJ.-_", max_size=40))
def test_whatever_strangers_post_is_refused(state: str, id_token: str) -> None:
    assert TOOL.post({"state": state, "id_token": id_token})["refused"]


@given(
    st.dictionaries(
        st.sampled_from(["iss", "login_hint", "client_id", "lti_message_hint", "target_link_uri"]), st.text()
    )
)
def test_whatever_strangers_ask_a_login_for_is_answered(fields: dict[str, str]) -> None:
    assert TOOL.asked(**fields).status_code in (302, 400)
