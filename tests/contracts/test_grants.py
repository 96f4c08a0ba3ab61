"""What kept grants promise, in every storage that has them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier

import pytest
from attrs import evolve

from lti_core.claims import Endpoint, NamesRoleService
from lti_core.ports import Clock
from lti_core.services.grant import ServiceGrant
from lti_core.structuring import structure
from lti_storage.grants import Grants
from tests.contracts.backends import BACKENDS, Backend, open_grants
from tests.fakes import NOON

EACH = 5
SENT = {
    "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
    "lineitems": "https://lms.example/c/3/lineitems",
    "https://vendor.example/extra": {"deep": [1, 2.5, None, {"ключ": True}]},
}
FULL = ServiceGrant(
    issuer="https://lms.example",
    client_id="tool-1",
    deployment_id="dep-1",
    context_id="c-3",
    context_title="Biologie — 生物学 😀",
    endpoint=structure(Endpoint, SENT),
    names_role_service=structure(NamesRoleService, {"context_memberships_url": "https://lms.example/c/3/members"}),
    expires_at=NOON + timedelta(days=30),
)
BARE = ServiceGrant(issuer="https://lms.example", client_id="tool-1", deployment_id="dep-1", resource_link_id="rl-1")
Open = Callable[[], Grants]

pytestmark = pytest.mark.parametrize(
    "backend", [one for one in BACKENDS if one.grants is not None], indirect=True, ids=lambda backend: backend.name
)


@pytest.fixture
def reopen(backend: Backend, url: str, clock: Clock) -> Open:
    """The same grants, as another process sees them."""
    return lambda: open_grants(backend, url, clock)


@pytest.fixture
def grants(reopen: Open) -> Grants:
    return reopen()


def test_at_first_there_are_none(grants: Grants) -> None:
    assert grants.all() == ()
    assert grants.find(FULL.key) is None
    assert grants.revoke(FULL.key) is False


def test_a_grant_comes_back_as_it_was_with_what_the_platform_sent(grants: Grants, reopen: Open) -> None:
    grants.keep(FULL)
    grants.keep(BARE)
    found = reopen().find(FULL.key)
    assert found == FULL
    assert found is not None
    assert found.endpoint is not None
    assert dict(found.endpoint.claims) == SENT
    assert reopen().find(BARE.key) == BARE
    assert set(reopen().all()) == {FULL, BARE}


def test_a_later_grant_of_the_same_course_takes_the_place_of_the_first(grants: Grants) -> None:
    grants.keep(FULL)
    grants.keep(evolve(FULL, resource_link_id="rl-8", expires_at=None))
    (found,) = grants.all()
    assert (found.resource_link_id, found.expires_at) == ("rl-8", None)


def test_a_revoked_grant_is_gone_for_everybody(grants: Grants, reopen: Open) -> None:
    theirs = reopen()
    grants.keep(FULL)
    grants.keep(BARE)
    assert theirs.revoke(FULL.key) is True
    assert theirs.revoke(FULL.key) is False
    assert grants.all() == (BARE,)
    assert grants.find(FULL.key) is None


def test_one_whose_time_is_over_stays_until_it_is_revoked(grants: Grants) -> None:
    grants.keep(evolve(FULL, expires_at=datetime(2001, 1, 1, tzinfo=UTC)))
    assert [grant.expires_at for grant in grants.all()] == [datetime(2001, 1, 1, tzinfo=UTC)]


def test_the_end_is_the_same_moment_whatever_the_zone(grants: Grants) -> None:
    grants.keep(evolve(FULL, expires_at=NOON.astimezone(timezone(timedelta(hours=9)))))
    (found,) = grants.all()
    assert found.expires_at == NOON


def test_grants_of_one_platform_and_deployment_stand_together(grants: Grants) -> None:
    for issuer, context_id in (("b", "c2"), ("a", "c2"), ("b", "c1"), ("a", "c1")):
        grants.keep(evolve(FULL, issuer=f"https://{issuer}.example", context_id=context_id))
    names = [(grant.issuer, grant.context_id) for grant in grants.all()]
    assert names == sorted(names)


def test_tenants_never_share_a_grant(grants: Grants) -> None:
    for changes in ({}, {"deployment_id": "dep-2"}, {"client_id": "tool-2"}, {"issuer": "https://other.example"}):
        grants.keep(evolve(FULL, **changes))
    assert len(grants.all()) == 4


def test_many_who_keep_and_revoke_at_once_lose_nothing(reopen: Open) -> None:
    start = Barrier(8)

    def keep(number: int) -> None:
        grants = reopen()
        mine = [evolve(FULL, context_id=f"c-{number}-{count}") for count in range(EACH)]
        start.wait()
        for grant in mine:
            grants.keep(grant)
        assert grants.revoke(mine[0].key)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(keep, range(8)))
    assert len(reopen().all()) == 8 * (EACH - 1)
