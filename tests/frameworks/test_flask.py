"""What only the Flask adapter promises: factories, several tools in an application, mounts, decorators."""

import json
import logging
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from lti_adapters.flask import Lti, current_launch, current_launch_id, launch_url_for, role_required
from lti_adapters.simulator.clients import WerkzeugBrowser
from lti_adapters.simulator.people import LEARNER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import ConfigurationError
from tests.frameworks.steps import JSON, begun, code_of, platform_at, post


def test_an_extension_may_be_made_before_its_application(lti_platform: SimulatedPlatform) -> None:
    lti = Lti()

    @lti.resource_link
    def opened(launch: Any) -> str:
        return f"Hello {launch.user.name}"

    def create_app(config: object) -> Flask:
        app = Flask("made")
        app.config["LTI"] = config
        lti.init_app(app)
        return app

    for app in (create_app(lti_platform.config), create_app(lti_platform.config)):
        assert lti_platform.launch(app.test_client()).text == f"Hello {LEARNER.name}"


def test_the_applications_own_setting_may_name_a_file(lti_platform: SimulatedPlatform, tmp_path: Path) -> None:
    file = tmp_path / "tool.json"
    file.write_text(json.dumps(lti_platform.config))
    app = Flask("made")
    app.config["LTI"] = str(file)
    Lti(app).resource_link(lambda launch: launch.resource_link.title)
    assert lti_platform.launch(app.test_client()).text == "Quiz 1"


def test_without_any_configuration_it_says_what_to_write() -> None:
    with pytest.raises(ConfigurationError, match=r'Lti\(..., config="tool.json"\)') as refusal:
        Lti(Flask("made"))
    assert refusal.value.code == "config.missing"


def test_a_wrong_word_for_after_launch_is_refused() -> None:
    with pytest.raises(ConfigurationError, match='"render" or "redirect"'):
        Lti(after_launch="redirct")  # type: ignore[arg-type]


def test_two_tools_of_one_application_need_two_names(lti_platform: SimulatedPlatform) -> None:
    app = Flask("made")
    Lti(app, lti_platform.config)
    with pytest.raises(ConfigurationError) as refusal:
        Lti(app, lti_platform.config, url_prefix="/other")
    assert refusal.value.code == "config.name_taken"


class Two:
    """Two tools in one application, each with a platform of its own."""

    def __init__(self) -> None:
        self.told: dict[str, list[str]] = {"quiz": [], "wiki": []}
        self.quiz, self.wiki = platform_at("/quiz", "one"), platform_at("/wiki", "two")
        self.app = Flask("made")
        for name, platform in (("quiz", self.quiz), ("wiki", self.wiki)):
            Lti(
                self.app,
                platform.config,
                name=name,
                url_prefix=f"/{name}",
                after_launch="redirect",
                on_refused=lambda refusal, told=self.told[name]: told.append(refusal.error.code),
            ).resource_link(lambda _, name=name: {"tool": name, "later": launch_url_for("later")})

        @self.app.get("/later")
        def later() -> dict[str, object]:
            return {"issuer": current_launch.issuer, "id": current_launch_id()}

        @self.app.get("/grades")
        @role_required("teacher")
        def grades() -> str:
            return "none yet"


@pytest.fixture
def two() -> Two:
    return Two()


def test_two_tools_of_one_application_answer_their_own_platforms(two: Two) -> None:
    client = two.app.test_client()
    assert two.quiz.launch(client).json["tool"] == "quiz"
    assert two.wiki.launch(client).json["tool"] == "wiki"


def test_no_tool_accepts_a_launch_or_opens_a_page_of_the_other(two: Two) -> None:
    browser = WerkzeugBrowser(two.app.test_client())
    fields = begun(two.quiz, browser)
    assert code_of(post(two.wiki, browser, fields)) == "launch.state_invalid"
    address = str(post(two.quiz, browser, fields).location)
    page = browser.send("GET", address.replace("/quiz/", "/wiki/"), (), JSON)
    assert (page.status, code_of(page)) == (400, "launch.not_remembered")
    assert browser.send("GET", address, (), JSON).json["tool"] == "quiz"


def test_a_later_page_finds_the_launch_of_either_tool_and_refuses_nothing_on_the_way(two: Two) -> None:
    client = two.app.test_client()
    for platform in (two.quiz, two.wiki):
        later = platform.launch(client).json["later"]
        assert client.get(f"https://localhost{later}").json["issuer"] == platform.issuer
    assert two.told == {"quiz": [], "wiki": []}


def test_a_refused_page_is_told_to_the_tool_of_the_launch(two: Two) -> None:
    client = two.app.test_client()
    later = two.wiki.launch(client).json["later"].replace("/later", "/grades")
    assert client.get(f"https://localhost{later}").status_code == 403
    assert two.told == {"quiz": [], "wiki": ["tool.role_required"]}


def test_an_application_may_be_mounted_below_a_path() -> None:
    platform = platform_at("/school/lti")
    app = Flask("made")
    lti = Lti(app, platform.config, after_launch="redirect")
    lti.resource_link(lambda launch: {"later": launch_url_for("later"), "who": launch.user.id})
    app.add_url_rule("/later", "later", lambda: {"who": current_launch.user.id})
    app.wsgi_app = DispatcherMiddleware(Flask("nothing"), {"/school": app.wsgi_app})  # type: ignore[method-assign]
    client = app.test_client()
    page = platform.launch(client)
    assert page.url.startswith("https://localhost/school/lti/launches/")
    assert page.json["later"].startswith("/school/later?")
    assert client.get(f"https://localhost{page.json['later']}").json == {"who": "u-learner"}


def test_each_kind_of_message_has_its_decorator(lti_platform: SimulatedPlatform) -> None:
    app = Flask("made")
    lti = Lti(app, lti_platform.config)
    lti.resource_link(lambda launch: launch.resource_link.title)
    lti.deep_linking(lambda launch: launch.deep_linking_settings.data)
    lti.submission_review(lambda launch: launch.for_user.user_id)
    client = app.test_client()
    assert lti_platform.launch(client).text == "Quiz 1"
    assert lti_platform.launch(client, message=lti_platform.deep_linking()).text == "csrf-4821"
    assert lti_platform.launch(client, message=lti_platform.submission_review()).text == "u-learner"


def test_a_view_that_is_decorated_stays_the_view_that_it_was(lti_platform: SimulatedPlatform) -> None:
    lti = Lti(Flask("made"), lti_platform.config)

    def opened(launch: Any) -> str:
        return ""

    assert lti.resource_link(opened) is opened


def test_a_role_that_nobody_can_have_is_refused_where_the_view_is_defined() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        role_required("techer")
    assert refusal.value.code == "config.role_unknown"


def test_within_the_launch_itself_the_current_launch_is_that_one(lti_platform: SimulatedPlatform) -> None:
    app = Flask("made")
    Lti(app, lti_platform.config).resource_link(
        lambda launch: {"same": current_launch == launch, "id": current_launch_id()}
    )
    assert lti_platform.launch(app.test_client()).json["same"] is True


@pytest.mark.parametrize(("workers", "warned"), [(None, True), ("4", True), ("1", False)])
def test_memory_under_a_server_of_many_processes_is_warned_about(
    lti_platform: SimulatedPlatform,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    workers: str | None,
    warned: bool,
) -> None:
    monkeypatch.setitem(sys.modules, "gunicorn", ModuleType("gunicorn"))
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    if workers is not None:
        monkeypatch.setenv("WEB_CONCURRENCY", workers)
    with caplog.at_level(logging.WARNING, logger="lti"):
        Lti(Flask("made"), lti_platform.config)
    assert ("this storage is for one process" in caplog.text) is warned


def test_a_used_launch_is_refused_by_every_copy_of_an_application_with_one_store(
    lti_platform: SimulatedPlatform, tmp_path: Path
) -> None:
    config = {**lti_platform.config, "storage": {"url": f"sqlite:///{tmp_path}/kept.db"}}
    copies = [Flask("made") for _ in range(2)]
    for app in copies:
        Lti(app, config).resource_link(lambda launch: "good")
    first, second = (app.test_client() for app in copies)
    fields = begun(lti_platform, WerkzeugBrowser(first))
    second._cookies = first._cookies  # the same browser, whichever copy answers it
    assert post(lti_platform, WerkzeugBrowser(second), fields).text == "good"
    assert code_of(post(lti_platform, WerkzeugBrowser(first), fields)) == "launch.nonce_used"
