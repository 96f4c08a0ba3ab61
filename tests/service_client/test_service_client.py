"""What is refused before anything is sent, where requests go, and lists that go on."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from lti_adapters.container import LtiContainer
from lti_core.claims import Endpoint
from lti_core.errors import AccessRefused, InvalidValue, ServiceFailed
from lti_core.services.line_items import GetLineItems
from lti_core.services.members import GetMembers
from tests.fakes import NOON
from tests.good import registration
from tests.service_client.scene import (
    COURSE,
    GRANT,
    Ask,
    Scene,
    Scripted,
    client_of,
    grant_of,
    said,
    words,
)

GOOD = said(body="good")
WEST = timezone(-timedelta(hours=9))


def test_a_command_of_ones_own_is_run_as_any_other() -> None:
    http = Scripted(GOOD)
    assert client_of(http).run(Ask(), GRANT) == b'"good"'
    assert http.requests[0].headers == {"Authorization": "Bearer t-1"}


def test_a_grant_whose_time_is_over_is_refused() -> None:
    http = Scripted(GOOD)
    with pytest.raises(AccessRefused, match=r"grant\.expired"):
        client_of(http).run(Ask(), grant_of(expires_at=NOON))
    assert client_of(http).run(Ask(), grant_of(expires_at=NOON + timedelta(seconds=1)))


@pytest.mark.parametrize("end", [NOON.replace(tzinfo=None), "2030-01-01", datetime.max.replace(tzinfo=WEST)])
def test_a_grant_ends_at_a_time_with_its_zone(end: Any) -> None:
    with pytest.raises(InvalidValue, match=r"grant\.expiry_invalid"):
        grant_of(expires_at=end)


@pytest.mark.parametrize(
    "changes", [{"issuer": "https://other.example"}, {"client_id": "tool-2"}, {"deployment_id": "dep-2"}]
)
def test_a_grant_of_a_platform_that_is_not_registered_any_more_is_refused(changes: dict[str, str]) -> None:
    http = Scripted(GOOD)
    with pytest.raises(AccessRefused, match=r"grant\.registration_unknown"):
        client_of(http).run(Ask(), grant_of(**changes))
    assert (http.tokens, http.requests) == ([], [])


def test_a_scope_that_was_not_granted_is_refused_before_anything_is_sent() -> None:
    http = Scripted(GOOD)
    with pytest.raises(AccessRefused, match=r"service\.scope_not_granted") as refusal:
        client_of(http).run(Ask(), grant_of(Endpoint(line_items=f"{COURSE}/lineitems")))
    assert "lineitem" in refusal.value.message
    assert (http.tokens, http.requests) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/c/3/lineitems",
        "http://lms.example/c/3/lineitems",
        "https://lms.example:8443/c/3/lineitems",
        "https://lms.example.evil.example/",
        "https://lms.example@evil.example/",
        "https://user@lms.example/",
        "https://evil.example\\@lms.example/",
        "ftp://lms.example/",
        "//lms.example/",
        "",
    ],
)
def test_no_token_goes_where_neither_registration_nor_launch_has_an_address(url: str) -> None:
    http = Scripted(GOOD)
    with pytest.raises(ServiceFailed, match=r"http\.url_refused"):
        client_of(http).run(Ask(url), GRANT)
    assert (http.tokens, http.requests) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "https://lms.example/any/where?x=1",
        "https://LMS.example:443/any",
        "https://grades.example/lineitems/9",
        "https://members.example/m",
        "https://login.example/x",
        "https://keys.example/x",
    ],
)
def test_a_request_goes_where_the_registration_or_the_launch_has_an_address(url: str) -> None:
    http = Scripted(GOOD)
    known = registration(login_url="https://login.example/auth", key_set_url="https://keys.example/jwks")
    endpoint = Endpoint(scopes=Ask.scopes, line_items="https://grades.example/lineitems")
    grant = grant_of(endpoint, names_role_service=None, groups_service=None)
    grant = (
        grant if "members" not in url else grant_of(Endpoint(scopes=Ask.scopes, line_item="https://members.example/"))
    )
    assert client_of(http, registration=known).run(Ask(url), grant)


def test_an_address_that_the_launch_named_is_trusted_only_where_the_registration_has_one_too() -> None:
    http = Scripted(GOOD)
    endpoint = Endpoint(scopes=Ask.scopes, line_items="https://10.0.0.1/lineitems")
    client = client_of(http, registration=registration(login_url="https://login.example/auth"))
    client.run(Ask("https://10.0.0.1/lineitems"), grant_of(endpoint))
    client.run(Ask("https://login.example/lineitems"), grant_of(endpoint))
    assert [request.trusted_url for request in http.requests] == [
        "https://lms.example/token",
        "https://login.example/auth",
    ]


def test_pages_are_fetched_when_they_are_reached_and_items_stay_with_who_took_them(
    scene_of: Callable[..., Scene],
) -> None:
    scene = scene_of(roster=50)
    grant = scene.grant()
    url = grant.names_role_service.context_memberships_url
    listed = scene.client.items(GetMembers(url=url, limit=10), grant)
    assert scene.asked() == []
    taken = [next(listed) for _ in range(10)]
    assert scene.asked() == ["POST token", "GET members"]
    scene.platform.misbehave("status", at="members", status=500)
    with pytest.raises(ServiceFailed, match=r"service\.unavailable"):
        next(listed)
    scene.platform.behave()
    with pytest.raises(ServiceFailed, match=r"service\.unavailable"):
        list(listed)
    assert len({member.user_id for member in taken}) == 10


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("page-loop", "service.paging_loop"),
        ("foreign-page", "http.url_refused"),
        ("malformed-json", "service.nrps.response_malformed"),
        ("too-large", "http.response_too_large"),
        ("status-zero", "http.response_malformed"),
        ("silent", "http.unreachable"),
        ("slow", "http.timeout"),
        ("unreachable", "http.unreachable"),
    ],
)
def test_a_list_that_goes_wrong_says_how(scene: Scene, kind: str, code: str) -> None:
    scene.platform.misbehave(kind, at="members")
    with pytest.raises(ServiceFailed) as failure:
        list(scene.class_list().members())
    assert failure.value.code == code


@pytest.mark.parametrize("kind", ["empty-pages", "wrong-media-type"])
def test_a_list_that_is_odd_is_read_all_the_same(scene: Scene, kind: str) -> None:
    scene.platform.misbehave(kind, at="members")
    assert words(scene.class_list().members(), "user_id") == words(scene.platform.members, "id")


def test_pages_come_as_pages(scene_of: Callable[..., Scene]) -> None:
    scene = scene_of(roster=25)
    grant = scene.grant()
    command = GetMembers(url=grant.names_role_service.context_memberships_url, limit=10)
    sizes = [len(page.items) for page in scene.client.pages(command, grant)]
    assert sum(sizes) == len(scene.platform.members)
    assert len(sizes) > 1


def test_services_pages_may_be_large() -> None:
    http = Scripted(said(body=[]))
    list(client_of(http).items(GetLineItems(url=f"{COURSE}/lineitems"), GRANT))
    assert http.requests[0].max_bytes == 32 * 1024 * 1024


def test_the_container_makes_one_client_for_all(scene: Scene) -> None:
    container = LtiContainer()
    container.config.from_dict(scene.platform.config)
    assert container.service_client() is container.tool().services


def test_a_tool_hands_out_the_handles_for_a_grant(scene: Scene) -> None:
    container = LtiContainer()
    container.config.from_dict(scene.platform.config)
    tool, grant = container.tool(), scene.grant()
    assert (tool.grades(grant).grant, tool.class_list(grant).grant) == (grant, grant)
