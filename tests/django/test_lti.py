"""What only the Django adapter promises: URLconfs, decorators, middleware, templates, transactions, both servers."""

import json
import logging
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from dependency_injector.providers import Object
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import clear_script_prefix, include, path
from django.utils.decorators import method_decorator
from django.views import View
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client as WerkzeugClient

from lti_adapters.container import LtiContainer
from lti_adapters.django import Lti, current_launch, current_launch_id, launch_required, launch_url_for, role_required
from lti_adapters.settings import read_settings
from lti_adapters.simulator.clients import FORM, DjangoBrowser
from lti_adapters.simulator.people import LEARNER, TEACHER
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import ConfigurationError, ServiceFailed, StorageFailed
from lti_storage.django.models import LtiTool, LtiToolKey
from tests.django.project import Wsgi, urlconf_of
from tests.frameworks.steps import JSON, begun, code_of, platform_at, post


class Here(Client):
    """Django's test client, for a project with these addresses."""

    def __init__(self, *urlpatterns: Any, **more: Any) -> None:
        super().__init__(**more)
        self.urlconf = urlconf_of(urlpatterns)

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        with override_settings(ROOT_URLCONF=self.urlconf):
            return super().generic(*args, **kwargs)

    def again(self, **more: Any) -> "Here":
        """Another browser."""
        return Here(*vars(self.urlconf)["urlpatterns"], **more)

    def posted(self, address: str, fields: Any, **how: Any) -> Any:
        more = {"secure": True, "headers": {"host": "localhost"}, **how}
        return self.post(address, urlencode(fields), content_type=FORM, **more)

    def see(self, address: str, **headers: str) -> Any:
        return self.get(address, secure=True, headers={"host": "localhost", "accept": JSON, **headers})


def later(request: Any) -> HttpResponse:
    return JsonResponse({"who": request.lti.user.id, "issuer": request.lti.issuer, "id": current_launch_id(request)})


def opened(request: Any, launch: Any) -> HttpResponse:
    return JsonResponse({"who": launch.user.id, "later": launch_url_for(request, "later")})


def tool(config: Any = None, handler: Any = opened, **options: Any) -> Lti:
    lti = Lti(config, **options)
    lti.resource_link(handler)
    return lti


def client_of(lti: Lti, *more: Any, **how: Any) -> Here:
    return Here(path("lti/", include(lti.urls)), path("later", later, name="later"), *more, **how)


def test_the_setting_may_name_a_file(lti_platform: SimulatedPlatform, tmp_path: Path) -> None:
    file = tmp_path / "tool.json"
    file.write_text(json.dumps(lti_platform.config))
    with override_settings(LTI=str(file)):
        client = client_of(tool())
        assert lti_platform.launch(client).json["who"] == LEARNER.id
        assert lti_platform.launch(client.again()).json["who"] == LEARNER.id


def test_djangos_own_test_client_launches_and_comes_back(lti_platform: SimulatedPlatform) -> None:
    client = client_of(tool(lti_platform.config))
    page = lti_platform.launch(client)
    assert client.see(page.json["later"]).json()["who"] == LEARNER.id
    assert client.again().see(page.json["later"]).json()["error"]["code"] == "launch.browser_mismatch"


def test_without_any_configuration_the_page_and_the_log_say_so(
    lti_platform: SimulatedPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    browser = DjangoBrowser(client_of(tool()))
    with caplog.at_level(logging.ERROR, logger="lti"):
        page = browser.send("GET", lti_platform.login_url, (("iss", "x"),), "text/html")
    assert (page.status, "config.missing" in page.text) == (503, True)
    assert "config.missing" in caplog.text


def test_a_store_that_is_down_at_first_is_asked_again(lti_platform: SimulatedPlatform) -> None:
    class Waking:
        """Down for the first call."""

        def __init__(self) -> None:
            self.asked = 0

        def add(self, *_: object) -> bool:
            self.asked += 1
            if self.asked == 1:
                raise StorageFailed("storage.unavailable", "It does not answer.")
            return self.asked == 2

        def get(self, _: str) -> None: ...

        def set(self, *_: object) -> None: ...

        def delete(self, _: str) -> None: ...

    container = LtiContainer(settings=Object(read_settings(lti_platform.config)), store=Object(Waking()))
    browser = DjangoBrowser(client_of(tool(container=container)))
    fields = tuple(lti_platform.initiate(lti_platform.resource_link()).items())
    assert [browser.send("POST", lti_platform.login_url, fields, JSON).status for _ in range(2)] == [503, 302]


class Two:
    """Two tools in one project, each with a platform of its own; one of them in a URLconf with a namespace."""

    def __init__(self) -> None:
        self.told: dict[str, list[str]] = {"quiz": [], "wiki": []}
        self.quiz, self.wiki = platform_at("/quiz/lti", "one"), platform_at("/wiki", "two")
        quiz = tool(self.quiz.config, name="quiz:lti", after_launch="redirect", on_refused=self.tell("quiz"))
        wiki = tool(self.wiki.config, name="wiki", after_launch="redirect", on_refused=self.tell("wiki"))
        inner = urlconf_of([path("lti/", include(quiz.urls))])
        vars(inner)["app_name"] = "quiz"
        grades = role_required("teacher")(lambda request: HttpResponse("none yet"))
        self.client = Here(
            path("quiz/", include(inner)),
            path("wiki/", include(wiki.urls)),
            path("later", later, name="later"),
            path("grades", grades),
        )

    def tell(self, name: str) -> Any:
        return lambda refusal: self.told[name].append(refusal.error.code)


@pytest.fixture
def two() -> Two:
    return Two()


def test_two_tools_of_one_project_answer_their_own_platforms(two: Two) -> None:
    for platform in (two.quiz, two.wiki):
        assert two.client.see(platform.launch(two.client).json["later"]).json()["issuer"] == platform.issuer
    assert two.told == {"quiz": [], "wiki": []}


def test_no_tool_accepts_a_launch_or_opens_a_page_of_the_other(two: Two) -> None:
    browser = DjangoBrowser(two.client)
    fields = begun(two.quiz, browser)
    assert code_of(post(two.wiki, browser, fields)) == "launch.state_invalid"
    address = str(post(two.quiz, browser, fields).location)
    page = browser.send("GET", address.replace("/quiz/lti/", "/wiki/"), (), JSON)
    assert (page.status, code_of(page)) == (400, "launch.not_remembered")
    assert browser.send("GET", address, (), JSON).json["who"] == LEARNER.id


def test_a_refused_page_is_told_to_the_tool_of_the_launch(two: Two) -> None:
    later = two.wiki.launch(two.client).json["later"].replace("/later", "/grades")
    assert two.client.see(later).status_code == 403
    assert two.told == {"quiz": [], "wiki": ["tool.role_required"]}


def test_two_tools_need_two_names(lti_platform: SimulatedPlatform) -> None:
    client = Here(*(path(f"{at}/", include(tool(lti_platform.config).urls)) for at in "ab"), path("later", later))
    assert client.see("/later?lti_launch=x").json()["error"]["code"] == "config.name_taken"


def test_an_address_may_hold_more_of_the_request() -> None:
    platforms = [platform_at(f"/{school}/lti", school) for school in ("north", "south")]
    document = {one.issuer: one.config["registrations"]["document"][one.issuer] for one in platforms}

    def picked(request: Any, school: str, number: int) -> HttpResponse:
        return JsonResponse({"issuer": request.lti.issuer, "number": number})

    def opened(request: Any, launch: Any) -> HttpResponse:
        return JsonResponse({"later": launch_url_for(request, "picked", school="north", number=5)})

    lti = tool({"registrations": {"document": document}}, opened)
    client = Here(
        path("<slug:school>/lti/", include(lti.urls)), path("<slug:school>/<int:number>", picked, name="picked")
    )
    for platform in platforms:
        answer = client.see(platform.launch(client).json["later"])
        assert answer.json() == {"issuer": platform.issuer, "number": 5}


@pytest.mark.parametrize("kind", ["function", "class", "asynchronous"])
def test_decorators_fit_every_kind_of_view(lti_platform: SimulatedPlatform, kind: str) -> None:
    @role_required("teacher")
    def function(request: Any) -> HttpResponse:
        return JsonResponse({"who": request.lti.user.id})

    @role_required("teacher")
    async def asynchronous(request: Any) -> HttpResponse:
        return JsonResponse({"who": request.lti.user.id})

    @method_decorator(role_required("teacher"), name="dispatch")
    class Report(View):
        """A view that is a class."""

        def get(self, request: Any) -> HttpResponse:
            return JsonResponse({"who": request.lti.user.id})

    views: dict[str, Any] = {"function": function, "class": Report.as_view(), "asynchronous": asynchronous}
    client = client_of(tool(lti_platform.config), path("report", views[kind]))
    for person, status in ((TEACHER, 200), (LEARNER, 403)):
        address = lti_platform.launch(client, user=person).json["later"].replace("/later", "/report")
        assert client.see(address).status_code == status


def test_a_handler_may_be_asynchronous(lti_platform: SimulatedPlatform) -> None:
    async def opened(request: Any, launch: Any) -> HttpResponse:
        return JsonResponse({"who": launch.user.id, "same": request.lti == launch, "id": current_launch_id(request)})

    page = lti_platform.launch(client_of(tool(lti_platform.config, opened)))
    assert (page.json["who"], page.json["same"]) == (LEARNER.id, True)


def test_an_asynchronous_view_must_say_that_it_needs_the_launch(lti_platform: SimulatedPlatform) -> None:
    async def careless(request: Any) -> HttpResponse:
        return HttpResponse(request.lti.user.id)

    client = client_of(tool(lti_platform.config), path("careless", careless))
    address = lti_platform.launch(client).json["later"].replace("/later", "/careless")
    with pytest.raises(SynchronousOnlyOperation, match="@launch_required"):
        client.see(address)


def test_the_launch_is_there_without_the_middleware_where_a_view_requires_it(lti_platform: SimulatedPlatform) -> None:
    with override_settings(MIDDLEWARE=[]):
        client = client_of(tool(lti_platform.config), path("strict", launch_required(later)))
        address = lti_platform.launch(client).json["later"].replace("/later", "/strict")
        assert client.see(address).json()["who"] == LEARNER.id
        assert lti_platform.launch(client, broken="forged").status == 400


def test_a_template_links_to_a_page_of_the_launch(lti_platform: SimulatedPlatform) -> None:
    template = engines["django"].from_string("{% load lti %}{% launch_url 'later' %} {{ request.lti.user.name }}")

    def opened(request: Any, launch: Any) -> HttpResponse:
        return HttpResponse(template.render({}, request))

    address, *name = lti_platform.launch(client := client_of(tool(lti_platform.config, opened))).text.split(" ")
    assert " ".join(name) == LEARNER.name
    assert client.see(address).json()["who"] == LEARNER.id


def test_pages_of_a_launch_may_be_framed_and_others_may_not(lti_platform: SimulatedPlatform) -> None:
    client = client_of(tool(lti_platform.config), path("public", lambda request: HttpResponse("public")))
    page = lti_platform.launch(client)
    for answer in (page, lti_platform.launch(client, broken="forged"), client.see(page.json["later"])):
        assert "x-frame-options" not in {name.lower() for name in answer.headers}
    assert client.see("/public").headers["X-Frame-Options"] == "DENY"
    assert "Cache-Control" not in client.see("/public").headers


def test_what_a_view_refuses_later_becomes_a_page(lti_platform: SimulatedPlatform) -> None:
    def failing(request: Any) -> HttpResponse:
        assert current_launch(request).user.id
        raise ServiceFailed("service.forbidden", "The platform did not <b>give</b> the members.")

    client = client_of(tool(lti_platform.config), path("failing", failing))
    address = lti_platform.launch(client).json["later"].replace("/later", "/failing")
    assert client.see(address).json()["error"]["code"] == "service.forbidden"
    answer = client.see(address, accept="text/html")
    assert (answer.status_code, "&lt;b&gt;" in answer.content.decode()) == (502, True)


def test_our_own_views_need_no_csrf_token_and_read_a_form_that_was_read_before(lti_platform: SimulatedPlatform) -> None:
    seen: list[str] = []

    def curious(get_response: Any) -> Any:
        return lambda request: seen.extend(request.POST) or get_response(request)

    with override_settings(MIDDLEWARE=["tests.django.test_lti.CURIOUS", *STRICT]):
        global CURIOUS
        CURIOUS = curious
        client = client_of(tool(lti_platform.config), enforce_csrf_checks=True)
        assert lti_platform.launch(client).json["who"] == LEARNER.id
    assert {"iss", "id_token"} <= set(seen)


CURIOUS: Any = None
STRICT = ["django.middleware.csrf.CsrfViewMiddleware", "lti_adapters.django.middleware.LtiMiddleware"]


@pytest.mark.parametrize("most", [0, 100, None])
def test_a_body_that_django_does_not_take_is_too_large(lti_platform: SimulatedPlatform, most: int | None) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=most):
        page = lti_platform.launch(client_of(tool(lti_platform.config)), accept=JSON)
    assert page.status == (200 if most is None else 413)


def test_behind_a_proxy_django_says_what_it_believes(lti_platform: SimulatedPlatform) -> None:
    config = {**lti_platform.config, "tool": {"urls": ["https://localhost/*"]}}
    client, fields = client_of(tool(config)), dict(lti_platform.initiate(lti_platform.resource_link()))
    told = {"host": "localhost", "x-forwarded-proto": "https", "x-forwarded-host": "tool.example"}
    behind = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"), "USE_X_FORWARDED_HOST": True}
    for settings, origin in (({}, "http%3A%2F%2Flocalhost"), (behind, "https%3A%2F%2Ftool.example")):
        with override_settings(**settings):
            answer = client.posted("/lti/login", fields, secure=False, headers=told)
        assert f"redirect_uri={origin}%2Flti%2Flaunch" in answer.headers["Location"]


def test_a_host_that_django_does_not_know_is_refused_by_it(lti_platform: SimulatedPlatform) -> None:
    client = client_of(tool(lti_platform.config))
    assert client.post("/lti/login", {}, headers={"host": "evil.example"}).status_code == 400


def test_a_project_may_be_served_below_a_path() -> None:
    platform = platform_at("/school/lti")
    lti = tool(platform.config, after_launch="redirect")
    project = Wsgi(path("lti/", include(lti.urls)), path("later", later, name="later"))
    client = WerkzeugClient(DispatcherMiddleware(project, {"/school": project}))
    try:
        page = platform.launch(client)
        assert page.url.startswith("https://localhost/school/lti/launches/")
        assert client.get(f"https://localhost{page.json['later']}").json["who"] == LEARNER.id
    finally:
        clear_script_prefix()  # Django's own test client leaves it to the next test


def test_what_a_handler_did_is_undone_when_it_fails_and_the_launch_stays_used(
    lti_platform: SimulatedPlatform, database: None
) -> None:
    from django.contrib.auth.models import User

    def opened(request: Any, launch: Any) -> HttpResponse:
        User.objects.create_user("made in the launch")
        raise ServiceFailed("service.forbidden", "The platform did not give the members.")

    with override_settings():
        connection.settings_dict["ATOMIC_REQUESTS"] = True
        try:
            browser = DjangoBrowser(client_of(tool(lti_platform.config, opened)))
            fields = begun(lti_platform, browser)
            codes = [code_of(post(lti_platform, browser, fields)) for _ in range(2)]
        finally:
            connection.settings_dict["ATOMIC_REQUESTS"] = False
    assert (codes, User.objects.count()) == (["service.forbidden", "launch.nonce_used"], 0)


def test_a_content_is_picked_in_a_later_request(lti_platform: SimulatedPlatform) -> None:
    lti = Lti(lti_platform.config)
    lti.deep_linking(opened)
    lti.resource_link(opened)
    client = client_of(lti, path("pick", lambda request: lti.deep_linking_response(request, request.lti, [])))
    address = lti_platform.launch(client, message=lti_platform.deep_linking()).json["later"]
    assert 'name="JWT"' in client.see(address.replace("/later", "/pick")).content.decode()
    address = lti_platform.launch(client).json["later"].replace("/later", "/pick")
    assert client.see(address).json()["error"]["code"] == "deep_linking.not_requested"


EVERYTHING_IN_DJANGO = {
    "storage": {"url": "django://"},
    "registrations": {"url": "django://"},
    "tool": {"keys": "django://", "grants": "django://"},
}


def test_a_tool_may_keep_everything_in_the_projects_database(lti_platform: SimulatedPlatform, database: None) -> None:
    key = LtiToolKey.objects.create(name="ours", private_key=lti_platform.tool_private_key)
    given = lti_platform.registration_document()[lti_platform.issuer][0]
    LtiTool.objects.create(
        title="simulated",
        issuer=lti_platform.issuer,
        client_id=given["client_id"],
        auth_login_url=given["auth_login_url"],
        auth_token_url=given["auth_token_url"],
        key_set=json.dumps(given["key_set"]),
        deployment_ids=json.dumps(given["deployment_ids"]),
    )
    with override_settings(LTI=EVERYTHING_IN_DJANGO):
        client = client_of(tool())
        browser = DjangoBrowser(client)
        fields = begun(lti_platform, browser)
        assert post(lti_platform, browser, fields).json["who"] == LEARNER.id
        other = DjangoBrowser(client_of(tool()))  # another process, as it were
        other.client.cookies = client.cookies
        assert code_of(post(lti_platform, other, fields)) == "launch.nonce_used"
        assert client.see("/lti/jwks").json()["keys"] == [json.loads(key.public_jwk or "")]


def test_one_launch_asks_the_database_twice(lti_platform: SimulatedPlatform, database: None) -> None:
    config = {**lti_platform.config, "storage": {"url": "django://"}}
    browser = DjangoBrowser(client_of(tool(config)))
    assert post(lti_platform, browser, begun(lti_platform, browser)).status == 200
    with CaptureQueriesContext(connection) as login:
        fields = begun(lti_platform, browser)
    with CaptureQueriesContext(connection) as launch:
        assert post(lti_platform, browser, fields).status == 200
    asked = [query["sql"].split()[0] for query in launch if query["sql"].split()[0] not in ("BEGIN", "COMMIT")]
    assert (len(login), asked) == (0, ["INSERT", "INSERT"])


def test_no_cookie_of_the_project_is_lost_and_each_of_ours_is_partitioned(lti_platform: SimulatedPlatform) -> None:
    def opened(request: Any, launch: Any) -> HttpResponse:
        answer = HttpResponse("open")
        answer.set_cookie("theirs", "1")
        return answer

    client = client_of(tool(lti_platform.config, opened))
    fields = begun(lti_platform, DjangoBrowser(client))
    answer = client.posted("/lti/launch", fields)
    cookies: SimpleCookie = answer.cookies
    assert "Partitioned" not in cookies["theirs"].OutputString()
    (ours,) = [cookie for name, cookie in cookies.items() if name.startswith("__Host-lti-browser-")]
    assert ours.OutputString().endswith("; Partitioned")
    assert ours["samesite"] == "None"


def test_a_role_that_nobody_can_have_is_refused_where_the_view_is_defined() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        role_required("techer")
    assert refusal.value.code == "config.role_unknown"


def test_a_page_without_any_tool_in_the_urlconf_says_what_is_missing() -> None:
    answer = Here(path("later", later)).see("/later")
    assert (answer.status_code, "config.addresses_missing" in answer.content.decode()) == (503, True)


def test_a_request_that_never_came_through_django_has_no_launch(lti_platform: SimulatedPlatform) -> None:
    with override_settings(ROOT_URLCONF=client_of(tool(lti_platform.config)).urlconf):
        request = RequestFactory(headers={"host": "localhost"}).get("/later?lti_launch=x")
        with pytest.raises(Exception, match="not remembered"):
            current_launch(request)
