"""What the Flask adapter promises about requests: whose launch it is, hooks, forms, cookies, addresses."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

import pytest
from dependency_injector.providers import Object
from flask import Flask, request

from lti_adapters.clock import SystemClock
from lti_adapters.container import LtiContainer
from lti_adapters.flask import Lti, current_launch, launch_url_for, role_required
from lti_adapters.reference_tool.flask_app import create_app
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import WerkzeugBrowser
from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.variation import Variation
from lti_core.claims import TARGET_LINK_URI
from tests.fakes import FixedClock
from tests.frameworks.steps import JSON, begun, code_of, platform_at, post


def tool_with_pages(config: Any = None, **options: Any) -> Flask:
    app = Flask("made")
    Lti(app, config, **options).resource_link(lambda launch: {"later": launch_url_for("later")})
    app.add_url_rule("/later", "later", role_required("teacher")(lambda: {"who": current_launch.user.id}))
    return app


def test_no_launch_is_left_to_the_next_request_where_an_application_context_stays(
    lti_platform: SimulatedPlatform,
) -> None:
    app = tool_with_pages(lti_platform.config)
    with app.app_context():
        later = lti_platform.launch(app.test_client(), user=TEACHER).json["later"]
        for address in ("/later", later):
            answer = app.test_client().get(f"https://localhost{address}", headers={"Accept": JSON})
            assert answer.json["error"]["code"] in ("launch.not_launched", "launch.browser_mismatch")


def test_a_container_keeps_the_hooks_that_its_tool_was_given(lti_platform: SimulatedPlatform) -> None:
    told: list[Any] = []
    container = LtiContainer(settings=Object(read_settings(lti_platform.config)))
    container.tool.add_kwargs(on_refused=told.append)
    lti_platform.launch(tool_with_pages(container=container).test_client(), broken="wrong-audience")
    assert [refusal.error.code for refusal in told] == ["launch.audience_mismatch"]


def test_a_hook_of_the_extension_takes_the_place_of_the_containers(lti_platform: SimulatedPlatform) -> None:
    first: list[Any] = []
    second: list[Any] = []
    container = LtiContainer(settings=Object(read_settings(lti_platform.config)))
    container.tool.add_kwargs(on_refused=first.append)
    app = tool_with_pages(container=container, on_refused=second.append)
    lti_platform.launch(app.test_client(), broken="wrong-audience")
    assert (len(first), len(second)) == (0, 1)


def test_no_argument_lets_an_id_alone_open_launches(lti_platform: SimulatedPlatform) -> None:
    with pytest.raises(TypeError):
        Lti(Flask("made"), lti_platform.config, id_opens_launches=True)  # type: ignore[call-arg]


def test_a_launch_that_was_kept_without_a_browser_is_not_opened_by_a_tool_that_binds_them(
    lti_platform: SimulatedPlatform,
) -> None:
    container = LtiContainer(settings=Object(read_settings(lti_platform.config)))
    strict, loose = tool_with_pages(container=container), create_app(container=container, id_opens_launches=True)
    client = loose.test_client()
    launch_id = lti_platform.launch(client, user=TEACHER, accept=JSON).json["launch_id"]
    assert loose.test_client().get(f"/tool/launches/{launch_id}", headers={"Accept": JSON}).status_code == 200
    answer = client.get("https://localhost/later", headers={"Accept": JSON, "X-LTI-Launch": launch_id})
    assert answer.status_code == 404  # the reference tool has no such page
    for browser in (client, strict.test_client()):
        browser.application = strict
        answer = browser.get("https://localhost/later", headers={"Accept": JSON, "X-LTI-Launch": launch_id})
        assert answer.json["error"]["code"] == "launch.browser_mismatch"


def test_a_login_that_was_begun_too_long_ago_has_expired(lti_platform: SimulatedPlatform) -> None:
    clock = FixedClock(SystemClock().now())
    container = LtiContainer(settings=Object(read_settings(lti_platform.config)), clock=Object(clock))
    browser = WerkzeugBrowser(tool_with_pages(container=container).test_client())
    slow, quick = begun(lti_platform, browser), begun(lti_platform, browser)
    clock.advance(240)
    assert post(lti_platform, browser, quick).status == 200
    clock.advance(361)
    page = post(lti_platform, browser, slow)
    assert (page.status, code_of(page)) == (400, "launch.state_expired")


def test_a_view_may_be_asynchronous(lti_platform: SimulatedPlatform) -> None:
    class Running(Flask):
        """Runs coroutines without the package that Flask's extra brings."""

        def async_to_sync(self, func: Any) -> Any:
            return lambda *args, **kwargs: asyncio.run(func(*args, **kwargs))

    app = Running("made")

    async def opened(launch: Any) -> str:
        return f"Hello {launch.user.name} {launch_url_for('later')}"

    async def later() -> str:
        return f"Hello again {current_launch.user.name}"

    Lti(app, lti_platform.config).resource_link(opened)
    app.add_url_rule("/later", "later", role_required("student")(later))
    client = app.test_client()
    *hello, address = lti_platform.launch(client).text.split(" ")
    assert " ".join(hello) == f"Hello {LEARNER.name}"
    assert client.get(f"https://localhost{address}").text == f"Hello again {LEARNER.name}"


READ_BEFORE: dict[str, Callable[[], object]] = {
    "nothing": lambda: None,
    "form": lambda: request.form,
    "body": lambda: request.get_data(),
    "body, taken apart": lambda: request.get_data(parse_form_data=True),
    "length": lambda: request.content_length,
}


@pytest.mark.parametrize("before", READ_BEFORE)
@pytest.mark.parametrize("read", ["form", "body"])
def test_an_application_may_read_the_form_first_and_again(
    lti_platform: SimulatedPlatform, before: str, read: str
) -> None:
    app, seen = Flask("made"), list[bool]()

    @app.before_request
    def read_it() -> None:
        READ_BEFORE[before]()

    def look(answer: Any) -> Any:
        names = request.form if read == "form" else dict(parse_qsl(request.get_data(as_text=True)))
        seen.append("login_hint" in names or "id_token" in names)
        return answer

    app.after_request(look)
    Lti(app, lti_platform.config).resource_link(lambda launch: launch.resource_link.title)
    assert lti_platform.launch(app.test_client()).text == "Quiz 1"
    form_is_gone = read == "body" and before in ("form", "body, taken apart")  # werkzeug keeps one of the two
    assert seen == [not form_is_gone] * 2


class GoneAway(BytesIO):
    """What a browser had still to send, as a server tells it."""

    def read(self, _: int | None = None) -> bytes:
        raise ConnectionResetError("the browser went away")


@pytest.mark.parametrize("path", ["login", "launch"])
@pytest.mark.parametrize("sent", [BytesIO(b"state=x"), GoneAway()], ids=["cut off", "gone away"])
def test_a_form_of_which_a_part_does_not_come_is_refused(
    lti_platform: SimulatedPlatform, path: str, sent: BytesIO
) -> None:
    app = Flask("made")
    Lti(app, lti_platform.config)
    answer = app.test_client().post(
        f"/lti/{path}",
        input_stream=sent,
        content_type="application/x-www-form-urlencoded",
        environ_overrides={"CONTENT_LENGTH": "1000"},
        headers={"Accept": JSON},
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (413, f"{path}.too_large")


def test_an_address_may_hold_more_of_the_request() -> None:
    platforms = [platform_at(f"/{school}/lti", school) for school in ("north", "south")]
    document = {issuer: found for platform in platforms for issuer, found in documents(platform).items()}
    app = Flask("made")
    app.url_value_preprocessor(lambda _, values: setattr(request, "school", values.pop("school")))
    app.url_defaults(lambda _, values: values.setdefault("school", request.school))  # type: ignore[attr-defined]
    config = {"registrations": {"document": document}}
    Lti(app, config, url_prefix="/<school>/lti").resource_link(lambda launch: launch.issuer)
    for platform in (*platforms, *platforms):
        assert platform.launch(app.test_client()).text == platform.issuer


def documents(platform: SimulatedPlatform) -> dict[str, Any]:
    found: dict[str, Any] = platform.config["registrations"]["document"]
    return found


@pytest.mark.parametrize("cookie", ["lti=1; ", "a; b=; =c; ;;", 'x="a;b"; '])
def test_cookies_of_others_do_not_matter(lti_platform: SimulatedPlatform, cookie: str) -> None:
    client = tool_with_pages(lti_platform.config).test_client()
    fields = begun(lti_platform, WerkzeugBrowser(client))
    (ours,) = client._cookies.values()
    bare = client.application.test_client(use_cookies=False)
    for sent, status in ((f"{cookie};{ours.key}={ours.value}", 200), (f"{ours.key}=x;{ours.key}={ours.value}", 400)):
        answer = bare.post(lti_platform.launch_url, data=dict(fields), headers={"Cookie": sent, "Accept": JSON})
        assert answer.status_code == status
        fields = begun(lti_platform, WerkzeugBrowser(client))
        ours = sorted(client._cookies.values(), key=lambda kept: kept.key)[-1]


def test_a_remembered_launch_warns_as_the_launch_did(lti_platform: SimulatedPlatform) -> None:
    app = Flask("made")

    def told(launch: Any) -> dict[str, Any]:
        return {"warnings": [warning.code for warning in launch.warnings], "later": launch_url_for("later")}

    config = {**lti_platform.config, "tool": {"urls": ["https://localhost/*"]}}
    Lti(app, config).resource_link(told)
    app.add_url_rule("/later", "later", lambda: told(current_launch))
    client = app.test_client()
    elsewhere = Variation(
        "elsewhere", "", "", None, lambda draft: draft.having({TARGET_LINK_URI: "https://localhost/x"})
    )
    page = lti_platform.launch(client, broken=elsewhere).json
    assert page["warnings"] == ["launch.target_link_uri_mismatch"]
    assert client.get(f"https://localhost{page['later']}").json == page
