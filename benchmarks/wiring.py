"""The parts of a tool that is measured, in no framework's terms."""

import json
from typing import Any

from dependency_injector.providers import Object

from benchmarks.lms import KEY_SET_URL, Platform
from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_core.ports import HttpRequest, HttpResponse


class CountingHttp:
    """Answers with the platform's key set, and counts how often it was asked."""

    def __init__(self, platform: Platform) -> None:
        self.asked, self._body = 0, json.dumps(platform.key_set).encode()

    def send(self, request: HttpRequest) -> HttpResponse:
        assert request.url == KEY_SET_URL
        self.asked += 1
        return HttpResponse(status=200, body=self._body)


def wired(platform: Platform, tool_pem_file: str, storage: str, **parts: object) -> Any:
    """The container of a tool that the platform launches; it keeps what it must remember at the URL `storage`.

    Args:
        parts: in place of its own, by the names of their providers.
    """
    settings = {
        "registrations": {"document": platform.registrations(tool_pem_file, inline=False)},
        "storage": {"url": storage},
    }
    made = {"settings": read_settings(settings), "http": CountingHttp(platform), **parts}
    return LtiContainer(**{name: Object(part) for name, part in made.items()})
