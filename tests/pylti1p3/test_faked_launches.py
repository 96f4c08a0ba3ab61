"""How programs' own tests make launches without a platform: names that the old package had, under which they work."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from cachelib import SimpleCache

from lti_adapters.pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskRequest,
    FlaskSessionService,
)
from tests.good import CLAIMS, CLIENT_ID
from tests.pylti1p3.tool import configuration

JWT: dict[str, Any] = {"header": {}, "body": dict(CLAIMS)}


def made(session: Any = None) -> FlaskMessageLaunch:
    asked = FlaskRequest(cookies={}, session={} if session is None else session, request_data={"x": "y"})
    return FlaskMessageLaunch(asked, configuration())


def said_to_be_validated(launch: FlaskMessageLaunch) -> None:
    launch._validated, launch._jwt = True, JWT


@pytest.mark.parametrize(
    "fake",
    [
        lambda launch: launch.set_auto_validation(False).set_jwt(JWT),
        lambda launch: launch.set_jwt(JWT).set_auto_validation(False),
        said_to_be_validated,
    ],
)
def test_claims_that_a_test_made_up_are_answered_from(fake: Callable[[FlaskMessageLaunch], Any]) -> None:
    launch = made()
    fake(launch)
    assert launch.get_launch_data()["sub"] == CLAIMS["sub"]
    assert (launch.is_resource_launch(), launch.get_client_id()) == (True, CLIENT_ID)
    assert launch.validate_registration().get_service_connector()


def test_a_validation_that_a_test_replaced_is_what_runs() -> None:
    def validate(launch: FlaskMessageLaunch) -> FlaskMessageLaunch:
        return launch.set_jwt(JWT)

    with patch.object(FlaskMessageLaunch, "validate", validate):
        assert made().get_launch_data() == CLAIMS


def test_claims_that_a_test_put_into_the_session_are_a_kept_launch() -> None:
    asked = FlaskRequest(cookies={}, session={"lti1p3-launch-1": dict(CLAIMS)}, request_data={"x": "y"})
    launch = FlaskMessageLaunch.from_cache("lti1p3-launch-1", asked, configuration())
    assert launch.get_launch_data() == CLAIMS


def test_a_launch_that_a_test_saved_is_had_again() -> None:
    session: dict[str, Any] = {}
    launch = made(session).set_auto_validation(False).set_jwt(JWT).save_launch_data()
    asked = FlaskRequest(cookies={}, session=session, request_data={"x": "y"})
    assert FlaskMessageLaunch.from_cache(launch.get_launch_id(), asked, configuration()).get_launch_data() == CLAIMS


def test_a_session_service_over_flasks_own_request_works_with_a_storage() -> None:
    request: Any = SimpleNamespace()
    service = FlaskSessionService(request)
    service.set_data_storage(FlaskCacheDataStorage(SimpleCache()))
    service.save_launch_data("lti1p3-launch-1", dict(CLAIMS))
    assert service.get_launch_data("lti1p3-launch-1") == CLAIMS
