"""What a tool answers at once, and that nothing is answered so that may wait."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from attrs import evolve
from dependency_injector.providers import Object

from lti_adapters.container import LtiContainer
from lti_adapters.settings import read_settings
from lti_adapters.web import endpoints
from lti_adapters.web.asked import FORM, Asked
from lti_adapters.web.at_once import MustWait, logs_in_at_once, without_waiting
from lti_adapters.web.later import Entered
from lti_adapters.web.mounted import Handler, Mounted
from lti_core.errors import LaunchRefused
from lti_core.messages.generic import generic
from lti_core.ports import HttpRequest, HttpResponse
from lti_core.strict_json import write_json
from lti_storage.cached import CachedRegistrations
from lti_storage.deployments import Deployments
from lti_storage.launches import Launches
from lti_storage.memory import MemoryNonces, MemoryStore
from lti_storage.registrations import FixedRegistrations
from tests.fakes import FakeHttp, FakeKeys, FakeNonces, FixedClock
from tests.frameworks.steps import KEY, platform_at


class Told:
    """A tool of one platform, whose key set must be fetched; with settings, parts and hooks of its own."""

    def __init__(self, settings: Any = (), parts: Any = (), hooks: Any = ()) -> None:
        self.platform, self.http = platform_at("/lti"), FakeHttp(self.published)
        config = {**self.platform.config, **dict(settings)}
        fetched = {"key_set": None, "key_set_url": "https://platform.example/jwks"}
        config["registrations"]["document"][self.platform.issuer][0].update(fetched)
        made = {"settings": read_settings(config), "http": self.http, **dict(parts)}
        container = LtiContainer(**{name: Object(part) for name, part in made.items() if part is not None})
        name = "LtiResourceLinkRequest"
        tool, handler = evolve(container.tool(), **dict(hooks)), Handler(print, None, generic(name))
        self.mounted = Mounted("lti", tool, container.settings(), {name: handler})
        self.quick = without_waiting(self.mounted)

    def published(self, _: HttpRequest) -> HttpResponse:
        return HttpResponse(status=200, body=write_json({"keys": [dict(KEY.public)]}).encode())

    def launch(self) -> Asked:
        """An honest one, as the browser is about to post it."""
        login = self.asked(self.platform.initiate(self.platform.resource_link()).items())
        sent = dict(endpoints.login(self.mounted, login).headers)
        answer = self.platform.authorize(parse_qsl(urlsplit(sent["Location"]).query), pytest.fail)
        return self.asked(answer.fields, sent["Set-Cookie"].partition(";")[0])

    def asked(self, form: Any, cookie: str = "") -> Asked:
        address = self.platform.launch_url
        return Asked(method="POST", launch_url=address, media_type=FORM, form=list(form), cookie=cookie)


def test_nothing_waits_but_for_a_key_set_and_nothing_is_used_up_before_it_is_there() -> None:
    told = Told()
    assert told.quick is not None
    first, second = told.launch(), told.launch()
    for _ in range(2):
        with pytest.raises(MustWait):
            endpoints.launch(told.quick, first)
    assert told.http.requests == []
    assert isinstance(endpoints.launch(told.mounted, first), Entered)
    assert isinstance(endpoints.launch(told.quick, second), Entered)
    assert len(told.http.requests) == 1


def test_a_launch_is_used_once_whichever_way_it_was_answered() -> None:
    told = Told()
    assert told.quick is not None
    first, second = told.launch(), told.launch()
    ways = [(told.mounted, first), (told.quick, first), (told.quick, second), (told.mounted, second)]
    codes = []
    for tool, launch in ways:
        try:
            endpoints.launch(tool, launch)
        except LaunchRefused as refusal:
            codes.append(refusal.code)
    assert codes == ["launch.nonce_used"] * 2


SQLITE, CLOCK = {"storage": {"url": "sqlite:///kept.db"}}, FixedClock()
IN_MEMORY = {
    "nonces": MemoryNonces(CLOCK),
    "launches": Launches(MemoryStore(CLOCK), CLOCK, timedelta(hours=1)),
    "deployments": Deployments(MemoryStore(CLOCK), CLOCK),
}
IN_A_STORE = CachedRegistrations(FixedRegistrations(()), CLOCK)
FOLDER, SECRETS = {"keys": "keys"}, {"secrets": ["a secret of thirty-two characters"]}


@pytest.mark.parametrize(
    ("told", "login", "launch"),
    [
        ({}, True, True),
        ({"settings": {"tool": FOLDER, "state": SECRETS}}, True, True),
        ({"settings": {"tool": FOLDER}}, False, False),
        ({"settings": SQLITE}, True, False),
        *(({"settings": SQLITE, "parts": {**IN_MEMORY, name: None}}, True, False) for name in IN_MEMORY),
        ({"settings": SQLITE, "parts": IN_MEMORY}, True, True),
        ({"parts": {"nonces": FakeNonces()}}, True, False),
        ({"parts": {"registrations": IN_A_STORE}}, False, False),
        ({"parts": {"keys": FakeKeys()}}, False, False),
        ({"hooks": {"on_refused": print}}, False, False),
        ({"hooks": {"on_new_deployment": print}}, True, False),
    ],
)
def test_what_asks_a_store_a_file_or_a_hook_may_wait(
    told: Any, login: bool, launch: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tool = Told(**told)
    assert (logs_in_at_once(tool.mounted), tool.quick is not None) == (login, launch)
