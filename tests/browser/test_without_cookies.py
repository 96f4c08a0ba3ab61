"""A browser that keeps no cookies of a tool in a frame, not even partitioned ones: what the person sees."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask, render_template_string
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from lti_adapters.flask import Lti, current_launch, current_launch_id, launch_url_for
from lti_adapters.reference_tool.flask_app import create_app
from lti_adapters.simulator.clients import HttpClient
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.messages import LaunchMessage
from tests.browser.steps import (
    all_text,
    choose,
    complaints,
    in_new_window,
    launched,
    offered_window,
    on_platform,
    opened,
    patient,
    press,
    press_main,
    shot,
    text_of_page,
    tool_page,
)
from tests.browser.without_cookies import Lure, hostile_site, serving
from tests.frameworks.steps import raw

PAGE = Path(__file__).parents[2] / "docs" / "cookies-and-frames.md"
HEAR = "window.asked = []; addEventListener('message', ({ data }) => asked.push(data.subject))"


@pytest.fixture(scope="module")
def platform() -> Iterator[SimulatedPlatform]:
    """A platform with the reference tool, of which browsers keep no cookies in a frame."""
    with serving(create_app) as served:
        yield served


@pytest.fixture
def browser(strict_browser: Chrome) -> Chrome:
    """Third-party cookies are blocked."""
    strict_browser.switch_to.default_content()
    strict_browser.execute_cdp_cmd("Storage.clearCookies", {})
    return strict_browser


def our_cookies(browser: Chrome) -> list[str]:
    found = browser.execute_cdp_cmd("Storage.getCookies", {})["cookies"]
    return [cookie["name"] for cookie in found if cookie["name"].startswith("lti-") and not cookie.get("partitionKey")]


def began(browser: Chrome, platform: SimulatedPlatform, *chosen: str) -> None:
    browser.get(platform.issuer)
    choose(browser, *chosen)
    press(browser, "frame")


# the platform's storage


def test_a_launch_goes_by_the_storage_in_the_platforms_page(browser: Chrome, platform: SimulatedPlatform) -> None:
    page = launched(browser, platform.issuer, "learner")
    assert "Σοφία Παππά" in page
    shot(browser, "launched-by-storage")
    assert our_cookies(browser) == []
    browser.switch_to.default_content()
    assert browser.execute_script("return kept.size") == 0  # what was kept is taken away again
    assert complaints(browser) == []


def test_a_launch_goes_by_the_storage_in_a_frame_of_its_own(browser: Chrome, platform: SimulatedPlatform) -> None:
    browser.get(platform.issuer)
    browser.execute_script(HEAR)
    browser.switch_to.frame("lti_storage")
    browser.execute_script(HEAR)
    browser.switch_to.default_content()
    choose(browser, storage="lti_storage")
    press(browser, "frame")
    assert "Σοφία Παππά" in tool_page(browser)
    browser.switch_to.default_content()
    assert "lti.put_data" not in browser.execute_script("return asked")
    browser.switch_to.frame("lti_storage")
    assert browser.execute_script("return asked") == ["lti.put_data", "lti.get_data", "lti.put_data"]
    assert browser.execute_script("return kept.size") == 0
    assert our_cookies(browser) == []


def test_a_frame_that_is_not_there_leaves_the_page(browser: Chrome, platform: SimulatedPlatform) -> None:
    browser.get(platform.issuer)
    browser.execute_script("document.querySelector('#storage [value=lti_storage]').value = 'location'")
    choose(browser, storage="location")
    press(browser, "frame")
    assert "Σοφία Παππά" in tool_page(browser)


def test_later_pages_work_without_any_cookie(browser: Chrome, platform: SimulatedPlatform) -> None:
    launched(browser, platform.issuer, "teacher")
    assert "Σοφία Παππά" in opened(browser, "Members")
    browser.find_element(By.LINK_TEXT, "Back to the launch").click()
    patient(browser).until(lambda b: b.find_elements(By.LINK_TEXT, "Groups"))
    assert "North pond" in opened(browser, "Groups")
    assert our_cookies(browser) == []


def test_picking_content_stays_in_the_frame_and_its_answer_arrives(
    browser: Chrome, platform: SimulatedPlatform
) -> None:
    launched(browser, platform.issuer, "teacher", "deep-linking")
    opened(browser, "Choose content")
    browser.find_element(By.CSS_SELECTOR, "input[name=item][value=quiz]").click()
    press_main(browser)
    assert "Sample quiz" in text_of_page(browser, "Back in the course")
    shot(browser, "picked-by-storage")
    on_platform(browser, "Sample quiz")
    assert our_cookies(browser) == []


def test_two_tabs_launch_at_once(browser: Chrome, platform: SimulatedPlatform) -> None:
    first = browser.current_window_handle
    began(browser, platform, "teacher")
    browser.switch_to.new_window("tab")
    assert "Σοφία Παππά" in launched(browser, platform.issuer, "learner")
    browser.close()
    browser.switch_to.window(first)
    assert "Renée Lindqvist" in tool_page(browser)


def test_a_reload_of_the_launch_is_explained(browser: Chrome, platform: SimulatedPlatform) -> None:
    launched(browser, platform.issuer, "learner")
    browser.execute_script("location.reload()")
    assert "launch.nonce_used" in explained(browser, "Please open the activity again")
    shot(browser, "reloaded")


def explained(browser: Chrome, heading: str) -> str:
    text_of_page(browser, heading)
    return all_text(browser)


# a window of its own


def test_without_storage_a_window_of_its_own_is_offered_and_works(browser: Chrome, platform: SimulatedPlatform) -> None:
    began(browser, platform, "learner", "quiz-1", "")
    button = offered_window(browser)
    shot(browser, "offers-a-window")
    assert (button.tag_name, button.text) == ("button", "Open in a new window")
    assert browser.switch_to.active_element == button
    assert browser.execute_script("return document.title") == "Open in a new window"
    assert [heading.text for heading in browser.find_elements(By.TAG_NAME, "h1") if heading.is_displayed()] == [
        "Open in a new window"
    ]
    assert "In a window of its own this tool works" in browser.find_element(By.TAG_NAME, "main").text
    assert "Σοφία Παππά" in in_new_window(browser)
    assert complaints(browser) == []


def test_picking_content_in_the_new_window_is_explained(browser: Chrome, platform: SimulatedPlatform) -> None:
    began(browser, platform, "teacher", "deep-linking", "")
    page = in_new_window(browser)
    for told in ("Content cannot be chosen in a window of its own", "launch.new_window"):
        assert told in page


def test_storage_that_never_answers_ends_in_the_offer_of_a_window(browser: Chrome, platform: SimulatedPlatform) -> None:
    browser.get(platform.issuer)
    browser.execute_script("addEventListener('message', event => event.stopImmediatePropagation(), true)")
    browser.execute_script("keeper.tools = ''")
    choose(browser, storage="_parent")
    press(browser, "frame")
    offered_window(browser)
    assert "platform_storage.timeout" in browser.find_element(By.TAG_NAME, "main").text
    shot(browser, "storage-is-silent")
    assert "Σοφία Παππά" in in_new_window(browser)


# somebody else answers


def begin_page(platform: SimulatedPlatform) -> tuple[dict[str, str], str]:
    """What a stranger may post to the tool's launch address for a login of their own, and its secret."""
    fields = {**platform.initiate(platform.resource_link()), "lti_storage_target": "_parent"}
    page = raw("POST", platform.login_url, fields=fields).data.decode()
    secret = re.search(r'data-secret="([^"]+)"', page)
    onward = re.search(r'id="onward" href="([^"]+)"', page)
    assert secret is not None
    assert onward is not None
    asked = parse_qsl(urlsplit(onward[1].replace("&amp;", "&")).query)
    return dict(platform.authorize(asked, lambda: HttpClient(platform.tool_url)).fields), secret[1]


def heard(browser: Chrome) -> list[Any]:
    browser.switch_to.default_content()
    found: list[Any] = browser.execute_script("return heard")
    return found


def test_a_hostile_site_that_answers_for_the_platform_gets_no_secret(
    browser: Chrome, platform: SimulatedPlatform
) -> None:
    fields = {**platform.initiate(platform.resource_link()), "lti_storage_target": "_parent"}
    with hostile_site(Lure(platform.login_url, fields, "x")) as url:
        browser.get(url)
        offered_window(browser)
        shot(browser, "hostile-login")
        assert {message["subject"].rpartition(".")[2] for message in heard(browser)} == {"capabilities"}
        assert all(set(message) == {"subject", "message_id"} for message in heard(browser))


def test_a_hostile_site_cannot_answer_a_launch_with_a_strangers_secret(
    browser: Chrome, platform: SimulatedPlatform
) -> None:
    fields, secret = begin_page(platform)
    with hostile_site(Lure(platform.launch_url, fields, secret)) as url:
        browser.get(url)
        browser.switch_to.frame("tool")
        page = explained(browser, "Your browser kept a cookie back")
        for told in ("launch.browser_mismatch", "platform_storage.timeout"):
            assert told in page
        shot(browser, "hostile-launch")
        assert {message["subject"].rpartition(".")[2] for message in heard(browser)} == {"capabilities"}


OVERHEARD = """
addEventListener("message", (event) => {
  if (event.source !== frames.tool) return;
  event.stopImmediatePropagation();
  frames.sibling.postMessage(event.data, "*");
}, true);
const sibling = document.createElement("iframe");
Object.assign(sibling, { name: "sibling", sandbox: "allow-scripts", srcdoc: "<p>Somebody else" });
document.body.append(sibling);
"""
ANSWERS = """
window.answered = [];
addEventListener("message", ({ data }) => {
  answered.push(data.subject);
  parent.frames.tool.postMessage({ ...data, subject: `${data.subject}.response`, value: data.value ?? "x" }, "*");
});
"""


def test_a_frame_of_another_origin_beside_the_tool_is_not_believed_though_it_overhears_everything(
    browser: Chrome, platform: SimulatedPlatform
) -> None:
    browser.get(platform.issuer)
    browser.execute_script(OVERHEARD)
    browser.switch_to.frame("sibling")
    browser.execute_script(ANSWERS)
    browser.switch_to.default_content()
    browser.execute_script("keeper.tools = ''")
    choose(browser)
    press(browser, "frame")
    offered_window(browser)
    assert "platform_storage.timeout" in browser.find_element(By.TAG_NAME, "main").text
    browser.switch_to.default_content()
    browser.switch_to.frame("sibling")
    assert "lti.put_data" in browser.execute_script("return answered")


# a tool's own scripts

_SCRIPTED = """
<!doctype html><html lang="en"><title>Scripted</title><main><h1>Hello {{ name }}</h1>
<p><a href="{{ later }}">Later</a></p><p id="said"></p></main>
<script data-launch="{{ launch }}">{{ script|safe }}
(async () => {
  const said = [];
  for (const _ of [1, 2]) said.push((await (await asLaunched("/who")).json()).who, launch.length > 60);
  document.getElementById("said").textContent = said.join(" ");
})();
</script></html>
"""


def scripted(settings: Any) -> Flask:
    """A tool whose page asks it again by a script: the one of the documentation."""
    (script,) = re.findall(r"```js\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    app = Flask("scripted")
    lti = Lti(app, settings, after_launch="redirect")

    @lti.resource_link
    def page(launch: LaunchMessage) -> str:
        values = {"later": launch_url_for("who"), "launch": current_launch_id(), "script": script}
        return render_template_string(_SCRIPTED, name=launch.user.name, **values)

    @app.get("/who")
    def who() -> dict[str, str | None]:
        return {"who": current_launch.user.id}

    return app


@pytest.fixture(scope="module")
def scripted_platform() -> Iterator[SimulatedPlatform]:
    with serving(scripted) as served:
        yield served


def said(browser: Chrome) -> str:
    """What the page's script was answered."""
    return patient(browser).until(lambda b: b.find_element(By.ID, "said").text)


def test_a_tools_own_script_and_links_go_on_without_cookies(
    browser: Chrome, scripted_platform: SimulatedPlatform
) -> None:
    assert "Hello Σοφία Παππά" in launched(browser, scripted_platform.issuer, "learner")
    assert said(browser) == "u-learner true u-learner true"
    browser.find_element(By.LINK_TEXT, "Later").click()
    patient(browser).until(lambda b: '{"who":"u-learner"}' in b.find_element(By.TAG_NAME, "body").text)
    assert our_cookies(browser) == []


def test_the_page_after_a_redirect_can_be_reloaded_and_gone_back_to(
    browser: Chrome, scripted_platform: SimulatedPlatform
) -> None:
    launched(browser, scripted_platform.issuer, "learner")
    said(browser)
    browser.execute_script("document.getElementById('said').remove(); location.reload()")
    assert said(browser) == "u-learner true u-learner true"
    browser.find_element(By.LINK_TEXT, "Later").click()
    patient(browser).until(lambda b: b.execute_script("return location.pathname") == "/who")
    browser.back()
    assert "Hello Σοφία Παππά" in tool_page(browser)
    shot(browser, "gone-back")
