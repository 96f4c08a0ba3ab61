"""Kept grants that this tool signed, and what somebody who can write to where they are kept may try."""

import json
import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from lti_adapters.services.class_list import ClassList
from lti_adapters.services.sealed_grants import SealedGrants
from lti_core.claims import Endpoint, NamesRoleService
from lti_core.errors import AccessRefused, ConfigurationError, StorageFailed
from lti_core.keys import new_private_key, read_private_key
from lti_core.ports import KeyStore
from lti_core.registration import Registration
from lti_core.services.grant import ServiceGrant
from lti_storage.grant_files import FileGrants
from lti_storage.grants import read_grant, written
from lti_storage.registrations import FixedRegistrations
from lti_storage.sql import SqlGrants
from tests.fakes import NOON, FakeKeys, FixedClock
from tests.good import REGISTRATION, registration
from tests.service_client.scene import GRANT, Scripted, client_of, grant_of, said

FULL = read_grant(
    written(grant_of(platform="moodle", context_title="Biologie — 生物学", expires_at=NOON + timedelta(days=30)))
)  # as a platform's claims make it
BARE = ServiceGrant(issuer=FULL.issuer, client_id=FULL.client_id, deployment_id="dep-1", resource_link_id="rl-1")
OTHER = registration(client_id="tool-2")
EVIL = "https://evil.example/lineitems"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "grants.json"


def sealed(path: Path, keys: KeyStore | None = None, *registered: Registration) -> SealedGrants:
    known = FixedRegistrations(registered or (REGISTRATION, OTHER))
    return SealedGrants(FileGrants(path, FixedClock()), known, keys or FakeKeys())


def rewritten(path: Path, change: Change) -> None:
    """What somebody makes of the file who can write to it."""
    document = json.loads(path.read_text())
    for grant in document["grants"]:
        change(grant)
    path.write_text(json.dumps(document))


def test_a_grant_comes_back_as_it_was_kept(path: Path) -> None:
    for grant in (FULL, BARE):
        sealed(path).keep(grant)
        assert sealed(path).find(grant.key) == grant
    assert len(sealed(path).all()) == 2
    assert json.loads(path.read_text())["grants"][0]["seal"]


def test_it_serves_the_same_services_as_before(path: Path) -> None:
    sealed(path).keep(GRANT)
    (grant,) = sealed(path).all()
    http = Scripted(said(body={"context": {"id": "c-3"}, "members": [{"user_id": "u-1", "roles": []}]}))
    assert [member.user_id for member in ClassList(client_of(http), grant).members()] == ["u-1"]


def set_line_items(grant: dict[str, Any]) -> None:
    grant["endpoint"]["lineitems"] = EVIL


FORGERIES: list[tuple[str, Change]] = [
    ("line items elsewhere", set_line_items),
    ("a class list elsewhere", lambda grant: grant["names_role_service"].update(context_memberships_url=EVIL)),
    ("groups elsewhere", lambda grant: grant["groups_service"].update(context_groups_url=EVIL)),
    ("more scopes", lambda grant: grant["endpoint"]["scope"].append("https://lms.example/scope/all")),
    ("another deployment", lambda grant: grant.update(deployment_id="dep-2")),
    ("another client", lambda grant: grant.update(client_id=OTHER.client_id)),
    ("another course", lambda grant: grant.update(context_id="c-4")),
    ("another link", lambda grant: grant.update(resource_link_id="rl-8")),
    ("another platform's ways", lambda grant: grant.update(platform="canvas")),
    ("no end", lambda grant: grant.pop("expires_at")),
    ("a later end", lambda grant: grant.update(expires_at="2099-01-01T00:00:00+00:00")),
    ("no seal", lambda grant: grant.pop("seal")),
    ("an empty seal", lambda grant: grant.update(seal="")),
    ("another seal", lambda grant: grant.update(seal="A" * 43 + "=")),
    ("a seal that is no ASCII", lambda grant: grant.update(seal="ü" * 44)),
]


@pytest.mark.parametrize("change", [row[1] for row in FORGERIES], ids=[row[0] for row in FORGERIES])
def test_a_grant_that_somebody_changed_is_left_out(
    path: Path, change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    sealed(path).keep(FULL)
    rewritten(path, change)
    assert sealed(path).all() == ()
    assert sealed(path).find(FULL.key) is None
    assert "a kept grant is left out" in caplog.text


def test_a_grant_that_somebody_made_gets_no_access_token(path: Path) -> None:
    forged = grant_of(Endpoint(scopes=GRANT.endpoint.scopes if GRANT.endpoint else (), line_items=EVIL))
    FileGrants(path, FixedClock()).keep(forged)
    assert sealed(path).all() == ()


def test_beside_a_forged_grant_the_others_serve(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sealed(path).keep(FULL)
    forged = evolve(FULL, context_id="c-9", seal="A" * 44)
    FileGrants(path, FixedClock()).keep(forged)
    with caplog.at_level(logging.WARNING):
        assert sealed(path).all() == (FULL,)
    assert forged.key in caplog.text
    assert sealed(path).revoke(forged.key)


def test_a_seal_is_good_for_one_grant(path: Path) -> None:
    sealed(path).keep(FULL)
    (kept,) = FileGrants(path, FixedClock()).all()
    FileGrants(path, FixedClock()).keep(evolve(kept, context_id="c-9"))
    assert sealed(path).all() == (FULL,)


def test_a_grant_in_the_place_of_another_one_is_not_found(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/grants.db"
    grants = SealedGrants(SqlGrants(url), FixedRegistrations((REGISTRATION,)), FakeKeys())
    other = evolve(FULL, context_id="c-9")
    grants.keep(FULL)
    grants.keep(other)
    with closing(sqlite3.connect(tmp_path / "grants.db", isolation_level=None)) as connection:
        connection.execute(
            "UPDATE lti_grants SET document = (SELECT document FROM lti_grants WHERE key = ?) WHERE key = ?",
            [other.key, FULL.key],
        )
    assert grants.find(FULL.key) is None
    assert grants.find(other.key) == other


def test_one_registration_cannot_keep_a_grant_for_another(path: Path) -> None:
    sealed(path).keep(evolve(FULL, client_id=OTHER.client_id))
    rewritten(path, lambda grant: grant.update(client_id=REGISTRATION.client_id))
    assert sealed(path).all() == ()


class Rotated(FakeKeys):
    """A newer key signs, and the one before still verifies."""

    def secrets(self, registration: Registration, purpose: str) -> tuple[bytes, ...]:
        newer = FakeKeys(read_private_key(new_private_key())).secrets(registration, purpose)
        return (*newer, *super().secrets(registration, purpose))


def test_a_grant_of_an_older_key_serves_until_the_key_is_gone(path: Path) -> None:
    sealed(path).keep(FULL)
    assert sealed(path, Rotated()).all() == (FULL,)
    assert sealed(path, FakeKeys(read_private_key(new_private_key()))).all() == ()


def test_a_grant_of_a_registration_that_is_gone_is_left_out_and_none_is_kept(path: Path) -> None:
    sealed(path).keep(FULL)
    assert sealed(path, None, OTHER).all() == ()
    with pytest.raises(AccessRefused, match=r"grant\.registration_unknown"):
        sealed(path, None, OTHER).keep(FULL)


class Keyless(FakeKeys):
    """Nothing to derive secrets from."""

    def secrets(self, registration: Registration, purpose: str) -> tuple[bytes, ...]:
        raise ConfigurationError("config.state_secret_missing", "There is no key.")


def test_without_a_secret_nothing_is_kept_and_nothing_is_believed(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    sealed(path).keep(FULL)
    with pytest.raises(ConfigurationError, match=r"config\.state_secret_missing"):
        sealed(path, Keyless()).keep(FULL)
    assert sealed(path, Keyless()).all() == ()
    assert "config.state_secret_missing" in caplog.text


class Down(FixedRegistrations):
    """Registrations in a database that does not answer."""

    def find(self, issuer: str, client_id: str) -> Registration | None:
        raise StorageFailed("storage.unavailable", "It is down.")


def test_a_storage_that_is_down_is_no_forgery(path: Path) -> None:
    sealed(path).keep(FULL)
    with pytest.raises(StorageFailed, match=r"storage\.unavailable"):
        SealedGrants(FileGrants(path, FixedClock()), Down((REGISTRATION,)), FakeKeys()).all()


def test_what_was_changed_since_the_launch_is_what_is_sealed(path: Path) -> None:
    assert FULL.endpoint is not None
    fewer: ServiceGrant = evolve(
        FULL,
        endpoint=evolve(FULL.endpoint, scopes=(), line_item=None),
        names_role_service=NamesRoleService(context_memberships_url="https://lms.example/c/3/members?a=b"),
    )
    sealed(path).keep(fewer)
    (found,) = sealed(path).all()
    assert found.endpoint is not None
    assert (found.endpoint.scopes, found.endpoint.line_item) == ((), None)
    sealed(path).keep(found)
    assert sealed(path).all() == (found,)


def test_a_seal_is_kept_and_not_shown() -> None:
    assert read_grant(written(evolve(FULL, seal="s"))).seal == "s"
    assert "seal" not in written(FULL)
    assert "s3cret" not in repr(evolve(FULL, seal="s3cret"))
