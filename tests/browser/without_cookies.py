"""A platform and a tool that browsers with blocked third-party cookies keep no cookie of; and a hostile site."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen
from flask import Flask, render_template_string

from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.web import create_platform_app, local_platform
from tests.frameworks.sites import wsgi

_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_PARTITIONED = re.compile("; partitioned", re.IGNORECASE)


def without_partitions(app: Any) -> Any:
    """`app` as a browser takes it that does not know `Partitioned`: stripped from its headers and from its scripts."""

    def answer(environ: Any, start_response: Any) -> Any:
        begun: list[Any] = []
        body = b"".join(app(environ, lambda status, headers, *_: begun.extend((status, headers))))
        status, headers = begun
        script = _SCRIPT.search(body)
        stripped = _PARTITIONED.sub("", script[1].decode()).encode() if script else b""
        changed = [(name, _PARTITIONED.sub("", value)) for name, value in headers if name.lower() != "content-length"]
        if script:
            body = body.replace(script[1], stripped)
            swap = (_hash_of(script[1]), _hash_of(stripped))
            changed = [(name, value.replace(*swap)) for name, value in changed]
        start_response(status, [*changed, ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _hash_of(script: bytes) -> str:
    return b64encode(hashlib.sha256(script).digest()).decode()


@contextmanager
def serving(make_tool: Callable[[Mapping[str, Any]], Any]) -> Iterator[SimulatedPlatform]:
    """A platform at 127.0.0.1 with what `make_tool` makes of its settings at localhost: two sites to a browser."""
    apps: dict[str, Any] = {}

    def lazily(name: str) -> Any:
        return lambda _: lambda environ, start_response: apps[name](environ, start_response)

    with wsgi.serving(lazily("tool")) as tool_at, wsgi.serving(lazily("platform")) as platform_at:
        tool_url = tool_at.replace("127.0.0.1", "localhost")
        platform = local_platform("127.0.0.1", urlsplit(platform_at).port or 0, tool_url)
        document = platform.registration_document(private_key=platform.tool_private_key)
        settings = {"registrations": {"document": document}, "tool": {"url": tool_url}}
        apps["tool"] = without_partitions(make_tool(settings))
        apps["platform"] = create_platform_app(platform)
        yield platform


@frozen
class Lure:
    """What a hostile page posts into a frame of its own, and answers whoever asks it for what is kept."""

    action: str
    fields: Mapping[str, str]
    value: str


_HOSTILE = """
<!doctype html><title>Hostile</title><h1>A hostile site</h1>
<iframe name="tool" width="900" height="600"></iframe>
<form method="post" action="{{ lure.action }}" target="tool">
{% for name, value in lure.fields.items() %}<input type="hidden" name="{{ name }}" value="{{ value }}">{% endfor %}
</form>
<script>
const heard = [];
addEventListener("message", ({ data, source }) => {
  heard.push(data);
  const supported_messages = [{ subject: "lti.put_data" }, { subject: "lti.get_data" }];
  const answer = { ...data, subject: `${data.subject}.response`, value: {{ lure.value|tojson }}, supported_messages };
  source.postMessage(answer, "*");
});
document.forms[0].submit();
</script>
"""


@contextmanager
def hostile_site(lure: Lure) -> Iterator[str]:
    """A site of its own origin that frames the tool and answers in the platform's place."""
    app = Flask("hostile")
    app.add_url_rule("/", view_func=lambda: render_template_string(_HOSTILE, lure=lure))
    with wsgi.serving(lambda _: app) as url:
        yield url
