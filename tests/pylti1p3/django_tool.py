"""A Django project written for the old package, but for its imports. Run with the name of the app to install.

Prints what happened, as JSON.
"""

import json
import sys
import tempfile
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import django
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

FOLDER = tempfile.mkdtemp()
URL = "https://tool.example/launch"


def login(request: HttpRequest) -> HttpResponseBase:
    from lti_adapters.pylti1p3.contrib.django import DjangoCacheDataStorage, DjangoDbToolConf, DjangoOIDCLogin

    begun = DjangoOIDCLogin(request, DjangoDbToolConf(), launch_data_storage=DjangoCacheDataStorage())
    return begun.pass_params_to_launch({"from": "menu"}).redirect(URL)


@csrf_exempt
def launch(request: HttpRequest) -> HttpResponseBase:
    from lti_adapters.pylti1p3.contrib.django import DjangoCacheDataStorage, DjangoDbToolConf, DjangoMessageLaunch
    from lti_adapters.pylti1p3.exception import LtiException

    opened = DjangoMessageLaunch(request, DjangoDbToolConf(), launch_data_storage=DjangoCacheDataStorage())
    if request.path == "/twice":  # as where a middleware looks at each request
        DjangoMessageLaunch(request, DjangoDbToolConf(), launch_data_storage=DjangoCacheDataStorage()).validate()
    try:
        found = {"sub": opened.get_launch_data()["sub"], "from": opened.get_params_from_login()}
        return JsonResponse({**found, "id": opened.get_launch_id()})
    except LtiException as error:
        return JsonResponse({"refused": str(error)}, status=400)


def again(request: HttpRequest, launch_id: str) -> HttpResponseBase:
    from lti_adapters.pylti1p3.contrib.django import DjangoCacheDataStorage, DjangoDbToolConf, DjangoMessageLaunch

    opened = DjangoMessageLaunch.from_cache(
        launch_id, request, DjangoDbToolConf(), launch_data_storage=DjangoCacheDataStorage()
    )
    return JsonResponse({"sub": opened.get_launch_data()["sub"]})


urlpatterns = [
    path("login", csrf_exempt(login)),
    path("launch", launch),
    path("twice", launch),
    path("again/<str:launch_id>", again),
]


def configure(app: str) -> None:
    settings.configure(
        SECRET_KEY="only for tests",
        ALLOWED_HOSTS=["tool.example"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", app],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/tool.sqlite3"}},
    )
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("makemigrations", "--check", verbosity=0)


def register() -> None:
    from lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config.models import LtiTool, LtiToolKey
    from tests.fakes import PLATFORM_KEY, TOOL_PEM

    key = LtiToolKey.objects.create(name="key", private_key=TOOL_PEM)
    for client_id, is_default in (("tool-0", False), ("tool-1", True)):
        LtiTool.objects.create(
            title="Example",
            issuer="https://lms.example",
            client_id=client_id,
            use_by_default=is_default,
            auth_login_url="https://lms.example/auth",
            auth_token_url="https://lms.example/token",
            key_set=json.dumps({"keys": [dict(PLATFORM_KEY.public)]}),
            tool_key=key,
            deployment_ids='["dep-1"]',
        )


def logged_in(browser: Any) -> tuple[Any, dict[str, str]]:
    """What a login without a client id was answered, and what it sends to the platform."""
    asked = {"iss": "https://lms.example", "login_hint": "h", "target_link_uri": URL}
    begun = browser.post("/login", asked, secure=True)
    return begun, dict(parse_qsl(urlsplit(begun["Location"]).query))


def answer(sent: dict[str, str]) -> dict[str, str]:
    """What the platform posts back."""
    from lti_core.claims import TARGET_LINK_URI
    from tests.good import CLAIMS, token

    now = int(time.time())
    claims = {**CLAIMS, "nonce": sent["nonce"], "iat": now, "exp": now + 600, TARGET_LINK_URI: URL}
    return {"state": sent["state"], "id_token": token(claims)}


def used() -> dict[str, Any]:
    """A login without a client id, its launch, the same launch again, and a later request."""
    from django.test import Client

    from lti_adapters.pylti1p3.contrib.django import DjangoDbToolConf

    browser: Any = Client(headers={"host": "tool.example"})
    begun, sent = logged_in(browser)
    form = answer(sent)
    first = browser.post("/launch", form, secure=True).json()
    looked_at = answer(logged_in(browser)[1])
    return {
        "looked_at": [browser.post(path, looked_at, secure=True).json() for path in ("/twice", "/launch")],
        "client_id": sent["client_id"],
        "cookies": [cookie.OutputString() for cookie in begun.cookies.values()],
        "framed": "X-Frame-Options" not in begun.headers,
        "launch": first,
        "replay": browser.post("/launch", form, secure=True).json(),
        "again": browser.get(f"/again/{first['id']}", secure=True).json(),
        "kids": [key["kid"] for key in DjangoDbToolConf().get_jwks()["keys"]],
    }


def asked() -> list[tuple[str | None, ...]]:
    """What one configuration object finds: with a client id, without, and after a row was changed."""
    from lti_adapters.pylti1p3.contrib.django import DjangoDbToolConf
    from lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config.models import LtiTool

    tool_conf, issuer = DjangoDbToolConf(), "https://lms.example"
    found = [tool_conf.find_registration_by_params(issuer, "tool-0"), tool_conf.find_registration_by_issuer(issuer)]
    LtiTool.objects.filter(client_id="tool-0").update(auth_login_url="https://lms.example/new")
    found.append(tool_conf.find_registration_by_params(issuer, "tool-0"))
    return [(one.get_client_id(), one.get_auth_login_url()) for one in found]


def looked_up() -> list[str | None]:
    """What is found of a tool whose deployments somebody saved in another form than JSON."""
    from lti_adapters.pylti1p3.contrib.django import DjangoDbToolConf
    from lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config.models import LtiTool
    from lti_adapters.pylti1p3.exception import LtiException

    tool_conf, asked = DjangoDbToolConf(), ("https://lms.example", "tool-0")
    LtiTool.objects.filter(client_id="tool-0").update(deployment_ids="['dep-1']")
    found = tool_conf.find_registration_by_params(*asked)
    try:
        tool_conf.find_deployment_by_params(asked[0], "dep-1", asked[1])
    except LtiException as error:
        return [found.get_client_id(), str(error)]
    return [found.get_client_id(), None]


def published() -> list[int]:
    """How many keys there are for views that hand over empty parameters, and for rows that a fixture brought."""
    from lti_adapters.pylti1p3.contrib.django import DjangoDbToolConf
    from lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config.models import LtiToolKey

    tool_conf = DjangoDbToolConf()
    found = [tool_conf.get_jwks("", ""), tool_conf.get_jwks("https://lms.example", "")]
    LtiToolKey.objects.update(public_jwk=None)
    found += [tool_conf.get_jwks(), tool_conf.get_jwks("https://lms.example", "tool-0")]
    LtiToolKey.objects.update(public_key=None)
    return [len(one["keys"]) for one in (*found, tool_conf.get_jwks())]


def kept_in_a_cookie() -> list[bool]:
    """Which of three launches are kept where the session travels in a cookie."""
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    from lti_adapters.pylti1p3.contrib.django.request import DjangoRequest
    from lti_adapters.pylti1p3.contrib.django.session import DjangoSessionService

    request = HttpRequest()
    request.session = SessionStore()
    service, launches = DjangoSessionService(DjangoRequest(request)), [f"lti1p3-launch-{n}" for n in range(3)]
    for launch_id in launches:
        service.save_launch_data(launch_id, {"sub": launch_id})
    return [service.get_launch_data(launch_id) is not None for launch_id in launches]


if __name__ == "__main__":
    configure(sys.argv[1])
    register()
    print(
        json.dumps(
            {**used(), "asked": asked(), "published": published(), "looked_up": looked_up(), "kept": kept_in_a_cookie()}
        )
    )
