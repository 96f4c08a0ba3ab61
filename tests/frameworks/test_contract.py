"""What every framework's adapter promises, over HTTP."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest
from attrs import evolve
from dependency_injector.providers import Object

from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import HttpClient, browser_of
from lti_adapters.simulator.people import ANONYMOUS, LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import StorageFailed
from lti_core.login import MOST_LOGINS
from tests.frameworks.sites import Site, Wanted
from tests.frameworks.steps import HTML, JSON, answered, code_of, cookies_of, login, platform_at, post, raw

Serve = Callable[..., SimulatedPlatform]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_leads_to_the_platform_with_all_that_it_asked_for(
    platform: SimulatedPlatform, browser: HttpClient, method: str
) -> None:
    hint = '{"cmid":3,"launch id":"ü&="}'
    page = login(platform, browser, method, lti_message_hint=hint)
    assert page.status == 302
    asked = dict(parse_qsl(urlsplit(str(page.location)).query))
    assert str(page.location).startswith(platform.authorization_url + "?")
    assert (asked["lti_message_hint"], asked["redirect_uri"]) == (hint, platform.launch_url)
    assert (asked["scope"], asked["response_mode"], asked["prompt"]) == ("openid", "form_post", "none")
    assert page.headers["cache-control"] == "no-store"


def test_a_login_that_is_too_long_for_an_address_is_posted(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = login(platform, browser, lti_message_hint="h" * 8000)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'action="{platform.authorization_url}"' in page.text
    assert "h" * 8000 in page.text


def test_a_launch_reaches_the_handler(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = platform.launch(browser, user=LEARNER)
    assert (page.status, page.json["who"], page.json["kind"]) == (200, LEARNER.id, "LtiResourceLinkRequest")
    page = platform.launch(browser, message=platform.deep_linking())
    assert page.json["kind"] == "LtiDeepLinkingRequest"


def test_a_message_without_a_handler_is_refused(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = platform.launch(browser, message=platform.submission_review(), accept=JSON)
    assert (page.status, code_of(page)) == (400, "launch.message_type_unknown")


def test_an_anonymous_launch_has_no_user_id(platform: SimulatedPlatform, browser: HttpClient) -> None:
    assert platform.launch(browser, user=ANONYMOUS).json["who"] is None


def test_cookies_come_back_from_a_frame_only_to_the_tool(platform: SimulatedPlatform) -> None:
    answer = raw("POST", platform.login_url, fields=dict(platform.initiate(platform.resource_link())))
    (cookie,) = answer.headers.getlist("set-cookie")
    name, *flags = cookie.split("; ")
    assert name.startswith("lti-login-")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=None", "Partitioned", "Max-Age=600"} <= set(flags)


def test_over_https_cookies_are_bound_to_the_host(serve: Serve) -> None:
    platform = serve(config={"tool": {"url": "https://tool.example", "urls": ["https://tool.example/*"]}}, proxied=True)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "tool.example"}
    fields = {**platform.initiate(platform.resource_link()), "target_link_uri": "https://tool.example/lti/launch"}
    answer = raw("POST", platform.login_url, fields=fields, headers=headers)
    assert answer.headers["set-cookie"].startswith("__Host-lti-login-")
    assert "redirect_uri=https%3A%2F%2Ftool.example%2Flti%2Flaunch" in answer.headers["location"]


def test_what_a_proxy_says_is_not_read_unasked(serve: Serve) -> None:
    platform = serve(config={"tool": {}})
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    answer = raw("POST", platform.login_url, fields=dict(platform.initiate(platform.resource_link())), headers=headers)
    assert "evil.example" not in answer.headers["location"]


def test_two_tabs_may_log_in_at_once(platform: SimulatedPlatform, browser: HttpClient) -> None:
    first, second = login(platform, browser), login(platform, browser)
    for page in (second, first):
        assert post(platform, browser, answered(platform, browser, page)).status == 200


def test_a_page_of_a_course_may_show_the_tool_in_many_frames(platform: SimulatedPlatform, browser: HttpClient) -> None:
    logins = [login(platform, browser) for _ in range(24)]
    assert {post(platform, browser, answered(platform, browser, page)).status for page in logins} == {200}


def test_frames_that_are_launched_at_once_can_all_go_on(platform: SimulatedPlatform, browser: HttpClient) -> None:
    forms = [answered(platform, browser, page) for page in [login(platform, browser) for _ in range(3)]]
    headers = {"Cookie": cookies_of(browser), "Accept": JSON}  # of each, before any is answered
    answers = [raw("POST", platform.launch_url, fields=dict(form), headers=headers) for form in forms]
    given = [answer.headers["set-cookie"].partition(";")[0].partition("=") for answer in answers]
    cookies = "; ".join(f"{name}={value}" for name, value in {name: value for name, _, value in given}.items())
    for answer in answers:
        later = urljoin(platform.tool_url, answer.json()["later"])
        assert raw("GET", later, headers={"Cookie": cookies}).status == 200


def test_one_login_too_many_deletes_the_oldest(platform: SimulatedPlatform, browser: HttpClient) -> None:
    names = [f"lti-login-{number:010d}-{'x' * 16}" for number in range(MOST_LOGINS)]
    cookies = "; ".join(f"{name}=x" for name in names)
    fields = dict(platform.initiate(platform.resource_link()))
    answer = raw("POST", platform.login_url, fields=fields, headers={"Cookie": cookies})
    deleted = [cookie for cookie in answer.headers.getlist("set-cookie") if "Max-Age=0" in cookie]
    assert [cookie.partition("=")[0] for cookie in deleted] == names[:1]


def test_a_refusal_is_a_page_that_explains(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = platform.launch(browser, broken="wrong-audience")
    assert (page.status, page.headers["cache-control"]) == (400, "no-store")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "launch.audience_mismatch" in page.text
    assert "access-control-allow-origin" not in page.headers


def test_a_refusal_is_json_where_that_is_asked_for(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = platform.launch(browser, broken="wrong-audience", accept=JSON)
    assert set(page.json["error"]) == {"code", "message", "spec"}
    assert page.headers["cache-control"] == "no-store"


def test_what_a_stranger_sends_is_shown_escaped(platform: SimulatedPlatform, browser: HttpClient) -> None:
    sent = (("iss", "<script>alert(1)</script>"), ("login_hint", "h"), ("target_link_uri", "x"))
    page = browser.send("POST", platform.login_url, sent, HTML)
    assert page.status == 400
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_used_launch_leads_back_to_the_course(platform: SimulatedPlatform, browser: HttpClient) -> None:
    fields = answered(platform, browser, login(platform, browser))
    assert post(platform, browser, fields).status == 200
    page = post(platform, browser, fields, HTML)
    assert page.status == 400
    assert "open the activity again" in page.text.lower()
    assert f'href="{platform.issuer}/' in page.text


def test_another_browser_cannot_finish_a_login(platform: SimulatedPlatform, browser: HttpClient) -> None:
    fields = answered(platform, browser, login(platform, browser))
    page = post(platform, HttpClient(platform.tool_url), fields)
    assert (page.status, code_of(page)) == (400, "launch.browser_mismatch")


def test_a_launch_of_lti_1_1_is_recognised(platform: SimulatedPlatform, browser: HttpClient) -> None:
    sent = (
        *(("lti_message_type", "basic-lti-launch-request"), ("lti_version", "LTI-1p0"), ("resource_link_id", "7")),
        *(("oauth_consumer_key", "key"), ("oauth_signature_method", "HMAC-SHA1"), ("oauth_signature", "c2ln")),
    )
    for step, address in (("login", platform.login_url), ("launch", platform.launch_url)):
        page = browser.send("POST", address, sent, JSON)
        assert (page.status, code_of(page)) == (400, f"{step}.lti11_not_supported")
        assert "LTI 1.3" in browser.send("POST", address, sent, HTML).text


def test_what_the_platform_says_of_its_error_is_shown_escaped_and_never_logged(
    platform: SimulatedPlatform, browser: HttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    state = dict(parse_qsl(urlsplit(str(login(platform, browser).location)).query))["state"]
    says = "Your <b>session</b> is over. " + "x" * 5000
    sent = (("error", "login_required"), ("error_description", says), ("state", state))
    with caplog.at_level(logging.DEBUG):
        page = post(platform, browser, sent, HTML)
    assert (page.status, "Your &lt;b&gt;session&lt;/b&gt; is over." in page.text) == (400, True)
    assert "x" * 300 not in page.text
    assert "is over" not in caplog.text
    foreign = post(platform, browser, (*sent[:2], ("state", "a.b.c")), HTML)
    assert "is over" not in foreign.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_error_of_the_platform_is_explained(platform: SimulatedPlatform, browser: HttpClient, method: str) -> None:
    state = dict(parse_qsl(urlsplit(str(login(platform, browser).location)).query))["state"]
    sent = (("error", "login_required"), ("state", state))
    page = browser.send(method, platform.launch_url, sent, JSON)
    assert (page.status, code_of(page)) == (400, "launch.refused_by_platform")


def test_a_launch_is_never_read_from_the_address(platform: SimulatedPlatform, browser: HttpClient) -> None:
    fields = answered(platform, browser, login(platform, browser))
    page = browser.send("GET", platform.launch_url, fields, JSON)
    assert (page.status, code_of(page), page.headers["allow"]) == (405, "launch.method_not_allowed", "POST")
    page = browser.send("POST", f"{platform.launch_url}?{urlencode(fields)}", (), JSON)
    assert (page.status, code_of(page)) == (405, "launch.method_not_allowed")


def test_a_later_request_carries_its_launch(platform: SimulatedPlatform, browser: HttpClient) -> None:
    later = urljoin(platform.tool_url, platform.launch(browser, user=LEARNER).json["later"])
    assert browser.send("GET", later, (), JSON).json == {"who": LEARNER.id}
    stranger = HttpClient(platform.tool_url).send("GET", later, (), JSON)
    assert (stranger.status, code_of(stranger)) == (400, "launch.browser_mismatch")


def test_a_page_of_a_launch_is_not_kept_unless_it_says_so(platform: SimulatedPlatform, browser: HttpClient) -> None:
    later = urljoin(platform.tool_url, platform.launch(browser).json["later"])
    assert browser.send("GET", later, (), JSON).headers["cache-control"] == "no-store"
    kept = browser.send("GET", later.replace("/later", "/picture"), (), JSON)
    assert kept.headers["cache-control"] == "private, max-age=60"


def test_a_page_of_a_launch_without_one_says_so(platform: SimulatedPlatform, browser: HttpClient) -> None:
    page = browser.send("GET", platform.tool_url + "/later", (), JSON)
    assert (page.status, code_of(page)) == (403, "launch.not_launched")
    page = browser.send("GET", platform.tool_url + "/later?lti_launch=unheard-of", (), JSON)
    assert (page.status, code_of(page)) == (400, "launch.not_remembered")


def test_a_page_for_teachers_is_for_teachers(platform: SimulatedPlatform, browser: HttpClient) -> None:
    for person, status in ((TEACHER, 200), (LEARNER, 403)):
        later = platform.launch(browser, user=person).json["later"]
        page = browser.send("GET", urljoin(platform.tool_url, later.replace("/later", "/grades")), (), JSON)
        assert page.status == status
    assert code_of(page) == "tool.role_required"


def test_without_that_redirect_no_address_runs_the_handler_again(
    platform: SimulatedPlatform, browser: HttpClient
) -> None:
    launch_id = platform.launch(browser).json["later"].partition("lti_launch=")[2]
    assert browser.send("GET", f"{platform.tool_url}/lti/launches/{launch_id}", (), JSON).status == 404


def test_after_a_redirect_the_page_can_be_reloaded(serve: Serve) -> None:
    platform = serve(options={"after_launch": "redirect"})
    browser = HttpClient(platform.tool_url)
    page = post(platform, browser, answered(platform, browser, login(platform, browser)))
    assert page.status == 303
    for _ in range(2):
        assert browser.send("GET", str(page.location), (), JSON).json["who"] == LEARNER.id
    stranger = HttpClient(platform.tool_url).send("GET", str(page.location), (), JSON)
    assert code_of(stranger) == "launch.browser_mismatch"


def test_the_key_set_is_public_and_may_be_kept(platform: SimulatedPlatform) -> None:
    answer = raw("GET", platform.tool_url + "/lti/jwks")
    assert "no-store" not in answer.headers["cache-control"]
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}


def test_a_prefix_of_ones_own_works(serve: Serve) -> None:
    platform = serve(options={"url_prefix": "/plug/in"})
    prefixed = evolve(
        platform,
        login_url=platform.tool_url + "/plug/in/login",
        launch_url=platform.tool_url + "/plug/in/launch",
        redirect_uris=(platform.tool_url + "/plug/in/launch",),
    )
    assert prefixed.launch(HttpClient(platform.tool_url)).status == 200


def test_several_tools_of_one_application_are_told_apart(site: Site) -> None:
    quiz, wiki = platform_at("/quiz", "one"), platform_at("/wiki", "two")
    beside = Wanted(config=wiki.config, options={"name": "wiki", "url_prefix": "/wiki", "after_launch": "redirect"})
    wanted = Wanted(config=quiz.config, options={"name": "quiz", "url_prefix": "/quiz"}, beside=beside)
    browser = browser_of(site.client(site.application(wanted)))
    fields = answered(quiz, browser, login(quiz, browser))
    assert code_of(post(wiki, browser, fields)) == "launch.state_invalid"
    first, second = post(quiz, browser, fields), wiki.launch(browser, user=TEACHER)
    assert second.url.startswith("https://localhost/wiki/launches/")
    for page, person in ((first, LEARNER), (second, TEACHER)):
        later = urljoin("https://localhost", page.json["later"])
        assert browser.send("GET", later, (), JSON).json == {"who": person.id}
        grades = browser.send("GET", later.replace("/later", "/grades"), (), JSON)
        assert grades.status == (200 if person is TEACHER else 403)


@pytest.mark.parametrize(
    ("path", "body", "kind", "status"),
    [
        ("login", b'{"iss": "x"}', "application/json", 400),
        ("login", b"\xff\xfe%%%=&&&", "application/x-www-form-urlencoded", 400),
        ("launch", b"id_token=a.b.c", "text/plain", 400),
        ("launch", b"--x\r\n\r\n", "multipart/form-data; boundary=x", 400),
        ("launch", b"id_token=1&id_token=2&state=x", "application/x-www-form-urlencoded", 400),
        ("launch", b"id_token=" + b"x" * 200_000, "application/x-www-form-urlencoded", 413),
        ("launch", b"a=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
        ("login", b"%" * 300_000, "application/x-www-form-urlencoded", 413),
        ("login", b"a=&" * 1000, "application/x-www-form-urlencoded", 413),
        ("launch", b"a=" + b"x" * 5_000_000, "application/x-www-form-urlencoded", 413),
        ("login", b"a=" + b"x" * 5_000_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_bad_bodies_are_refused(platform: SimulatedPlatform, path: str, body: bytes, kind: str, status: int) -> None:
    answer = raw("POST", f"{platform.tool_url}/lti/{path}", body=body, headers={"Content-Type": kind, "Accept": JSON})
    assert answer.status == status
    assert set(answer.json()["error"]) == {"code", "message", "spec"}


class Down:
    """A store that does not answer."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*_: object) -> None:
            raise StorageFailed("storage.unavailable", "The store does not answer.")

        return fail


@pytest.mark.parametrize("part", ["nonces", "launches"])
def test_nothing_is_accepted_while_a_store_is_down(part: str, site: Site, lti_platform: SimulatedPlatform) -> None:
    container = LtiContainer(settings=Object(read_settings(lti_platform.config)), **{part: Object(Down())})
    app = site.application(Wanted(config={}, options={"container": container}))
    page = lti_platform.launch(site.client(app), accept=JSON)
    assert (page.status, code_of(page)) == (503, "storage.unavailable")


def test_a_new_deployment_is_asked_about_once(serve: Serve) -> None:
    asked: list[str] = []

    def may(_: object, deployment_id: str) -> bool:
        asked.append(deployment_id)
        return deployment_id != "unwanted"

    platform = serve(options={"on_new_deployment": may}, registration={"deployments": "any"})
    browser = HttpClient(platform.tool_url)
    new = evolve(platform, deployment_id="new-school", keys=platform.keys)
    assert [new.launch(browser).status for _ in range(2)] == [200, 200]
    unwanted = evolve(platform, deployment_id="unwanted", keys=platform.keys)
    assert code_of(unwanted.launch(browser, accept=JSON)) == "launch.deployment_refused"
    assert f'href="{platform.issuer}/' in unwanted.launch(browser, accept=HTML).text
    assert asked == ["new-school", "unwanted", "unwanted"]


def test_each_refusal_is_told_once_and_without_names(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    told: list[Any] = []
    platform = serve(options={"on_refused": told.append})
    with caplog.at_level(logging.INFO, logger="lti"):
        platform.launch(HttpClient(platform.tool_url), broken="wrong-audience")
    assert [refusal.error.code for refusal in told] == ["launch.audience_mismatch"]
    assert told[0].issuer == platform.issuer
    told_in_log = [record.getMessage().split() for record in caplog.records if record.name == "lti"]
    refusals = [words[1] for words in told_in_log if words[0] == "refused"]  # gunicorn, once imported, makes it warn
    assert refusals == ["launch.audience_mismatch"]
    assert str(LEARNER.name) not in caplog.text
