"""The interface of pylti1p3 2.0.0, as programs use it in Flask: of that package itself, or of ours over this library.

Run as a side, with a workload file and the name of the package, in an environment that has it.
"""

import json
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask

from benchmarks.flask_views import empty_app
from benchmarks.lms import CLIENT_ID, ISSUER, LAUNCH_URL, LOGIN_FORM, Platform
from benchmarks.round_trip import BASE, round_trip, wsgi
from benchmarks.service_platform import PAGE
from benchmarks.side import cpu_of_each, serve

MEMBERS_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
Ready = tuple[dict[str, str], dict[str, str]]  # a form that is posted, and the cookies that come with it


def in_memory(package: str) -> Any:
    """The least storage that the interface accepts: a dict."""
    base: Any = import_module(f"{package}.launch_data_storage.base").LaunchDataStorage

    class InMemory(base):  # type: ignore[misc]  # which of the two is known when it runs
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

        def forget(self, key: str) -> None:
            """A dict that only grows asks for new memory at each launch, which costs either package some 60 µs."""
            del self.kept[self._prepare_key(key)]

    return InMemory()


def make_app(package: str, config: Any) -> Flask:
    """An application as the old package's documentation shows it."""
    adapter, storage = import_module(f"{package}.contrib.flask"), in_memory(package)
    app = Flask("compat")
    app.secret_key = "measured"

    @app.post("/lti/login")
    def login() -> Any:
        request = adapter.FlaskRequest()
        return adapter.FlaskOIDCLogin(request, config, launch_data_storage=storage).redirect(LAUNCH_URL)

    @app.post("/lti/launch")
    def launch() -> str:
        adapter.FlaskMessageLaunch(adapter.FlaskRequest(), config, launch_data_storage=storage).get_launch_data()
        return "ok"

    return app


class Steps:
    """Login and launch without a server: forms and cookies are handed in."""

    def __init__(self, package: str, config: Any, platform: Platform, now: int, count: int) -> None:
        self._adapter = import_module(f"{package}.contrib.flask")
        self._config, self._platform, self._now, self._count = config, platform, now, count
        self._storage = in_memory(package)
        self._app = Flask("steps")
        self._app.secret_key = "measured"

    def _request(self, form: dict[str, str], cookies: dict[str, str]) -> Any:
        return self._adapter.FlaskRequest(cookies=cookies, session={}, request_data=form, request_is_secure=True)

    def _login(self) -> Any:
        request = self._request(LOGIN_FORM, {})
        return self._adapter.FlaskOIDCLogin(request, self._config, launch_data_storage=self._storage)

    def _launch(self, ready: Ready) -> None:
        request = self._request(*ready)
        launch = self._adapter.FlaskMessageLaunch(request, self._config, launch_data_storage=self._storage)
        assert launch.get_launch_data()["iss"] == ISSUER
        self._storage.forget(launch.get_launch_id())

    def _ready(self) -> Ready:
        response = self._login().redirect(LAUNCH_URL)
        sent = dict(parse_qsl(urlsplit(response.headers["Location"]).query))
        cookies = [cookie.partition(";")[0].partition("=") for cookie in response.headers.getlist("Set-Cookie")]
        form = {"state": sent["state"], "id_token": self._platform.token(sent["nonce"], self._now)}
        return form, {name: value for name, _, value in cookies}

    def login(self) -> float:
        """CPU seconds of one login, up to the address that the browser is sent to."""
        with self._app.test_request_context("/lti/login", base_url=BASE):
            return cpu_of_each(
                lambda _: self._login().get_redirect_object(LAUNCH_URL).get_redirect_url(), range(self._count)
            )

    def redirect(self) -> float:
        """The same, up to the response with its cookies."""
        with self._app.test_request_context("/lti/login", base_url=BASE):
            return cpu_of_each(lambda _: self._login().redirect(LAUNCH_URL), range(self._count))

    def launch(self) -> float:
        """CPU seconds of one launch: all that validate() does."""
        with self._app.test_request_context("/lti/launch", base_url=BASE):
            return cpu_of_each(self._launch, [self._ready() for _ in range(self._count)])


class Services:
    """What a tool does at the services of the platform at `origin`. Each launch has a connector of its own."""

    def __init__(self, package: str, config: Any, origin: str, count: int) -> None:
        self._grades: Any = import_module(f"{package}.assignments_grades").AssignmentsGradesService
        self._grade: Any = import_module(f"{package}.grade").Grade
        self._class_list: Any = import_module(f"{package}.names_roles").NamesRolesProvisioningService
        self._connector: Any = import_module(f"{package}.service_connector").ServiceConnector
        self._registration = config.find_registration_by_params(ISSUER, CLIENT_ID)
        self._count = count
        self._endpoint = {"scope": [SCORE], "lineitem": f"{origin}/items/1"}
        self._members_url = f"{origin}/members?pages=100"

    def _submit(self, connector: Any, number: int) -> None:
        grade = (
            self._grade()
            .set_score_given(8)
            .set_score_maximum(10)
            .set_timestamp(datetime.now(UTC).isoformat(timespec="milliseconds"))
            .set_activity_progress("Completed")
            .set_grading_progress("FullyGraded")
            .set_user_id(f"u-{number}")
        )
        self._grades(connector, self._endpoint).put_grade(grade)

    def _launched(self, number: int) -> None:
        self._submit(self._connector(self._registration), number)

    def score(self) -> float:
        """CPU seconds of one score, in a launch that sends one."""
        return cpu_of_each(self._launched, range(5))

    def score_again(self) -> float:
        """CPU seconds of one score, where the launch has sent others before."""
        connector = self._connector(self._registration)
        self._submit(connector, 0)
        return cpu_of_each(lambda number: self._submit(connector, number), range(self._count))

    def members(self) -> float:
        """CPU seconds of a whole class list."""
        connector = self._connector(self._registration)

        def read(_: int) -> None:
            service = self._class_list(connector, {"context_memberships_url": self._members_url})
            found = sum(bool(member["user_id"] and member["name"]) for member in service.get_members())
            assert found == 100 * PAGE

        connector.get_access_token([MEMBERS_READ])
        return cpu_of_each(read, range(1))

    def launches(self) -> float:
        """CPU seconds of a score in each of 50 launches."""
        return 50 * cpu_of_each(self._launched, range(50))


def configured(package: str, workload: Any, key_set: Any, key_set_url: str | None) -> Any:
    """The configuration of a tool that knows the platform's keys, or where they are."""
    document = Platform(workload["platform_pem"]).registrations(
        workload["tool_pem_file"], token_url=workload["services"] + "/token"
    )
    document[ISSUER][0] |= {"key_set": key_set, "key_set_url": key_set_url}
    config = import_module(f"{package}.tool_config").ToolConfDict(document)
    config.set_private_key(ISSUER, workload["tool_pem"], CLIENT_ID)
    return config


def main(workload_file: str, package: str) -> None:
    """Serve the tasks of a workload file."""
    workload = json.loads(Path(workload_file).read_text())
    platform, now, count = Platform(workload["platform_pem"]), workload["now"], workload["round_trips"]
    config = configured(package, workload, platform.key_set, None)
    by_address = configured(package, workload, None, workload["services"] + "/jwks")
    steps = Steps(package, config, platform, now, workload["count"])
    fetching = Steps(package, by_address, platform, now, workload["count"] // 10)
    services = Services(package, config, workload["services"], workload["scores"])
    app, empty = wsgi(make_app(package, config)), wsgi(empty_app())
    serve(
        {
            "launch": steps.launch,
            "launch, keys by address": fetching.launch,
            "login": steps.login,
            "redirect": steps.redirect,
            "empty": lambda: round_trip(empty, platform, now, count),
            "memory": lambda: round_trip(app, platform, now, count),
            "score": services.score,
            "score again": services.score_again,
            "members": services.members,
            "launches": services.launches,
        }
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
