"""The tool's launch address: always that of the request, whatever others were before."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.applications import Starlette

from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.starlette import Lti
from tests.frameworks.sites import Body, Request, asgi

FORM = {"content-type": "application/x-www-form-urlencoded"}
HERE = {**FORM, "host": "tool.example"}
REQUESTS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {  # headers, and what the server tells
    "https://tool.example/lti/launch": (HERE, {}),
    "http://tool.example/lti/launch": (HERE, {"scheme": "http"}),
    "https://other.example/lti/launch": ({**FORM, "host": "other.example"}, {}),
    "https://tool.example/school/lti/launch": (HERE, {"root_path": "/school"}),
    "https://192.0.2.1:8443/lti/launch": (FORM, {"server": ("192.0.2.1", 8443)}),
    "https://192.0.2.2/lti/launch": (FORM, {"server": ["192.0.2.2", 443]}),
}


def test_each_request_says_itself_where_the_tool_is(lti_platform: SimulatedPlatform) -> None:
    app = Starlette()
    Lti(app, {**lti_platform.config, "tool": {"urls": ["https://localhost/*"]}})
    form = urlencode(lti_platform.initiate(lti_platform.resource_link())).encode()

    def redirect_uri(headers: dict[str, str], told: dict[str, Any]) -> str:
        async def asked(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, **told}, receive, send)

        path = told.get("root_path", "") + "/lti/login"
        answer = asgi.answered(asked, Request(method="POST", path=path, headers=headers, body=Body(form)))
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["redirect_uri"]

    for _ in range(2):
        assert [redirect_uri(*how) for how in REQUESTS.values()] == list(REQUESTS)
