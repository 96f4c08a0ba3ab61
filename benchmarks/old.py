"""pylti1p3 2.0.0 by its public Flask classes. Run as a side, in an environment of its own, with a workload file."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.contrib.flask import (
    FlaskCookieService,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
    FlaskSessionService,
)
from pylti1p3.grade import Grade
from pylti1p3.launch_data_storage.base import LaunchDataStorage
from pylti1p3.names_roles import NamesRolesProvisioningService
from pylti1p3.service_connector import ServiceConnector
from pylti1p3.tool_config import ToolConfDict

from benchmarks.flask_views import empty_app
from benchmarks.lms import CLIENT_ID, ISSUER, LAUNCH_URL, LOGIN_FORM, Platform
from benchmarks.round_trip import BASE, round_trip, wsgi
from benchmarks.service_platform import PAGE
from benchmarks.side import cpu_of_each, serve


class InMemory(LaunchDataStorage):
    """The least storage that the package accepts: a dict."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Any] = {}

    def get_session_cookie_name(self) -> None:
        return None

    def can_set_keys_expiration(self) -> bool:
        return True

    def get_value(self, key: str) -> Any:
        return self.kept.get(self._prepare_key(key))

    def set_value(self, key: str, value: Any, exp: Any = None) -> None:
        self.kept[self._prepare_key(key)] = value

    def check_value(self, key: str) -> bool:
        return self._prepare_key(key) in self.kept


def make_app(config: Any, storage: InMemory) -> Flask:
    """An application as the package's documentation shows it."""
    app = Flask("old")
    app.secret_key = "measured"

    @app.post("/lti/login")
    def login() -> Any:
        return FlaskOIDCLogin(FlaskRequest(), config, launch_data_storage=storage).redirect(LAUNCH_URL)

    @app.post("/lti/launch")
    def launch() -> str:
        FlaskMessageLaunch(FlaskRequest(), config, launch_data_storage=storage).get_launch_data()
        return "ok"

    return app


class Steps:
    """Login and launch without a server: forms and cookies are handed in."""

    def __init__(self, config: Any, storage: InMemory, tokens: list[str], nonces: list[str]) -> None:
        self.config, self.storage, self.app = config, storage, Flask("steps")
        self.app.secret_key = "measured"
        self.tokens = tokens
        with self.app.test_request_context("/lti/launch", base_url=BASE):
            service = self._service(
                FlaskRequest(cookies={}, session={}, request_data={"a": "b"}, request_is_secure=True)
            )
            for nonce in nonces:
                service.save_nonce(nonce)

    def _service(self, request: Any) -> Any:
        service = FlaskSessionService(request)
        service.set_data_storage(self.storage)
        return service

    def launch(self) -> float:
        """CPU seconds of one launch: all that validate() does."""

        def launch(token: str) -> None:
            request = FlaskRequest(
                cookies={"lti1p3-state-x": "state-x"},
                session={},
                request_data={"state": "state-x", "id_token": token},
                request_is_secure=True,
            )
            FlaskMessageLaunch(
                request, self.config, self._service(request), FlaskCookieService(request), self.storage
            ).get_launch_data()

        with self.app.test_request_context("/lti/launch", base_url=BASE):
            return cpu_of_each(launch, self.tokens)

    def login(self) -> float:
        """CPU seconds of one login, up to the address that the browser is sent to."""

        def login(_: int) -> None:
            request = FlaskRequest(cookies={}, session={}, request_data=LOGIN_FORM, request_is_secure=True)
            FlaskOIDCLogin(
                request, self.config, self._service(request), FlaskCookieService(request), self.storage
            ).get_redirect_object(LAUNCH_URL).get_redirect_url()

        with self.app.test_request_context("/lti/login", base_url=BASE):
            return cpu_of_each(login, range(len(self.tokens)))


class Services:
    """What a tool does at the services of the platform at `origin`. Each launch has a connector of its own."""

    def __init__(self, config: Any, origin: str, count: int) -> None:
        self.registration = config.find_registration_by_params(ISSUER, CLIENT_ID)
        self.count = count
        self.endpoint = {
            "scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
            "lineitem": origin + "/items/1",
        }
        self.members_url = origin + "/members?pages=100"

    def _connector(self) -> Any:
        return ServiceConnector(self.registration)

    def _submit(self, connector: Any, number: int) -> None:
        grade = (
            Grade()
            .set_score_given(8)
            .set_score_maximum(10)
            .set_timestamp(datetime.now(UTC).isoformat(timespec="milliseconds"))
            .set_activity_progress("Completed")
            .set_grading_progress("FullyGraded")
            .set_user_id(f"u-{number}")
        )
        AssignmentsGradesService(connector, self.endpoint).put_grade(grade)

    def score(self) -> float:
        """CPU seconds of one score, in a launch that sends one."""
        return cpu_of_each(lambda number: self._submit(self._connector(), number), range(5))

    def score_again(self) -> float:
        """CPU seconds of one score, where the launch has sent others before."""
        connector = self._connector()
        self._submit(connector, 0)
        return cpu_of_each(lambda number: self._submit(connector, number), range(self.count))

    def members(self) -> float:
        """CPU seconds of a whole class list."""
        connector = self._connector()

        def read(_: int) -> None:
            service = NamesRolesProvisioningService(connector, {"context_memberships_url": self.members_url})
            found = sum(bool(member["user_id"] and member["name"]) for member in service.get_members())
            assert found == 100 * PAGE

        connector.get_access_token(["https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"])
        return cpu_of_each(read, range(1))

    def launches(self, count: int) -> int:
        """A score in each of so many launches."""
        for number in range(count):
            self._submit(self._connector(), number)
        return count


def main(workload_file: str) -> None:
    """Serve the tasks of a workload file."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now = Platform(workload["platform_pem"]), workload["now"]
    config = ToolConfDict(platform.registrations(workload["tool_pem_file"], token_url=workload["services"] + "/token"))
    config.set_private_key(ISSUER, workload["tool_pem"], CLIENT_ID)
    storage = InMemory()
    nonces = [f"n-{number}" for number in range(workload["count"])]
    steps = Steps(config, storage, [platform.token(nonce, now) for nonce in nonces], nonces)
    services = Services(config, workload["services"], workload["scores"])
    app, empty = wsgi(make_app(config, storage)), wsgi(empty_app())
    serve(
        {
            "launch": steps.launch,
            "login": steps.login,
            "empty": lambda: round_trip(empty, platform, now, workload["round_trips"]),
            "memory": lambda: round_trip(app, platform, now, workload["round_trips"]),
            "score": services.score,
            "score again": services.score_again,
            "members": services.members,
            "launches": lambda: services.launches(50),
        }
    )


if __name__ == "__main__":
    main(sys.argv[1])
