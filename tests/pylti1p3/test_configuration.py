"""Configuration files of the old package, and configurations that programs made themselves."""

import json
import weakref
from pathlib import Path
from typing import Any

import pytest

from lti_adapters.pylti1p3 import parts
from lti_adapters.pylti1p3.actions import Action
from lti_adapters.pylti1p3.deployment import Deployment
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.registration import Registration
from lti_adapters.pylti1p3.tool_config import ToolConfAbstract, ToolConfDict, ToolConfJsonFile
from lti_core.keys import public_pem
from tests.fakes import PLATFORM_KEY, TOOL_KEY, TOOL_PEM
from tests.good import CLIENT_ID, ISSUER
from tests.pylti1p3.tool import ENTRY, Tool, configuration


def written(folder: Path, **changes: Any) -> str:
    (folder / "keys").mkdir()
    (folder / "keys" / "private.key").write_text(TOOL_PEM)
    (folder / "keys" / "public.key").write_text(public_pem(TOOL_PEM))
    names = {"private_key_file": "keys/private.key", "public_key_file": "keys/public.key"}
    (folder / "tool.json").write_text(json.dumps({ISSUER: {**ENTRY, **names, **changes}}))
    return str(folder / "tool.json")


def test_a_file_names_the_files_of_its_keys(tmp_path: Path) -> None:
    configured = ToolConfJsonFile(written(tmp_path))
    found = configured.find_registration_by_issuer(ISSUER)
    assert (found.get_client_id(), found.get_tool_private_key()) == (CLIENT_ID, TOOL_PEM)
    assert found.get_kid() == TOOL_KEY.kid
    assert configured.get_jwks() == {"keys": [dict(TOOL_KEY.public)]}


def test_a_file_without_a_private_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LtiException, match="private_key_file not found"):
        ToolConfJsonFile(written(tmp_path, private_key_file=None))


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(LtiException, match="LTI tool config file not found: nowhere"):
        ToolConfJsonFile("nowhere.json")


def test_what_one_configuration_says_of_an_issuer_says_nothing_to_another() -> None:
    ToolConfDict({ISSUER: [dict(ENTRY)]})
    assert ToolConfDict({}).check_iss_has_one_client(ISSUER)


def test_a_mistake_does_not_show_the_configuration() -> None:
    with pytest.raises(LtiException) as error:
        ToolConfDict({ISSUER: {"client_id": "c1", "secret": "do not show"}})
    assert "do not show" not in str(error.value)


def test_a_key_that_is_no_key_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        Registration.get_jwk("no key")


def test_a_key_set_that_a_program_changes_counts_from_the_next_launch_on() -> None:
    tool, keys = Tool(), [dict(PLATFORM_KEY.public)]
    tool.configuration = configuration(key_set={"keys": keys})
    assert "used" in tool.launched()
    keys[0]["kid"] = "another"
    assert tool.launched()["refused"].startswith("Unable to find public key")
    keys.append(dict(PLATFORM_KEY.public))
    assert "used" in tool.launched()


def test_what_was_made_of_a_registration_is_kept_for_an_equal_one_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "MOST_AGREEMENTS", 3)
    kept = weakref.ref(parts.agreement_of(registration_of("first")))
    assert kept() is parts.agreement_of(registration_of("first"))
    for number in range(3):
        parts.agreement_of(registration_of(f"client {number}"))
    assert kept() is None


def registration_of(client_id: str) -> Registration:
    registration = Registration().set_issuer(ISSUER).set_client_id(client_id).set_key_set({"keys": [{"kid": "k"}]})
    return registration.set_auth_token_url("https://lms.example/token")


class Own(ToolConfAbstract[Any]):
    """As programs made them: it looks at who asks, and why."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Registration:
        assert kwargs["request"].get_cookie("x") is None
        self.asked.append((kwargs["action"], bool(kwargs.get("jwt_body"))))
        return configuration().find_registration_by_params(iss, None)

    def find_registration_by_params(self, iss: str, client_id: str | None, *args: Any, **kwargs: Any) -> Registration:
        raise NotImplementedError

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        return Deployment().set_deployment_id(deployment_id)

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: Any, **kwargs: Any
    ) -> Deployment | None:
        raise NotImplementedError


def test_a_configuration_that_does_not_call_ours_has_a_table_of_its_own() -> None:
    one, other = Own(), Own()
    one.set_iss_has_many_clients(ISSUER)
    assert one.check_iss_has_many_clients(ISSUER)
    assert other.check_iss_has_one_client(ISSUER)


def test_a_configuration_of_a_program_is_told_who_asks_and_why() -> None:
    tool = Tool()
    own = Own()
    tool.configuration = own  # type: ignore[assignment]
    assert "used" in tool.launched()
    assert own.asked == [(Action.OIDC_LOGIN, False), (Action.MESSAGE_LAUNCH, True)]
