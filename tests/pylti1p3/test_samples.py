"""The samples that need no browser."""

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.keys import public_pem

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
BASE = "https://localhost"


@pytest.fixture
def platform() -> SimulatedPlatform:
    return SimulatedPlatform()


@pytest.fixture
def browser(platform: SimulatedPlatform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A browser at the tool of the bare WSGI server."""
    ((issuer, [entry]),) = platform.registration_document().items()
    files = {"private_key_file": "private.key", "public_key_file": "public.key"}
    (tmp_path / "private.key").write_text(platform.tool_private_key)
    (tmp_path / "public.key").write_text(public_pem(platform.tool_private_key))
    (tmp_path / "tool.json").write_text(json.dumps({issuer: [{**entry, **files}]}))
    monkeypatch.setenv("TOOL_CONFIG", str(tmp_path / "tool.json"))
    monkeypatch.syspath_prepend(str(SAMPLES / "pylti1p3_wsgi"))
    yield Client(importlib.import_module("tool").application)
    for name in ("tool", "wsgi_adapter"):
        sys.modules.pop(name, None)


def test_a_bare_wsgi_tool_launches_and_knows_the_launch_later(platform: SimulatedPlatform, browser: Client) -> None:
    page = platform.launch(browser)
    assert "Hello Σοφία Παππά!" in page.text
    (link,) = re.findall(r'href="([^"]+)"', page.text)
    assert "Hello Σοφία Παππά!" in browser.get(link, base_url=BASE).text


def test_a_bare_wsgi_tool_keeps_the_launch_of_one_browser_from_another(
    platform: SimulatedPlatform, browser: Client
) -> None:
    (link,) = re.findall(r'href="([^"]+)"', platform.launch(browser).text)
    stranger = Client(browser.application)
    assert stranger.get(link, base_url=BASE).text == "Launch data not found"


@pytest.mark.parametrize("broken", ["expired", "replayed", "forged", "other-browser"])
def test_a_bare_wsgi_tool_refuses_what_must_be_refused(
    platform: SimulatedPlatform, browser: Client, broken: str
) -> None:
    assert platform.launch(browser, broken=broken).status == 400


def test_a_bare_wsgi_tool_publishes_its_key(platform: SimulatedPlatform, browser: Client) -> None:
    answer: Any = browser.get("/lti/jwks", base_url=BASE).json
    assert [key["kty"] for key in answer["keys"]] == ["RSA"]


def test_the_adapter_for_wsgi_has_sixty_lines() -> None:
    text = (SAMPLES / "pylti1p3_wsgi" / "wsgi_adapter.py").read_text("utf-8")
    assert len([line for line in text.splitlines() if line.strip()]) <= 60


@pytest.mark.parametrize("sample", ["pylti1p3_flask", "pylti1p3_django", "pylti1p3_wsgi"])
def test_samples_import_of_this_library_only_what_the_old_package_had(sample: str) -> None:
    lines = "\n".join(file.read_text("utf-8") for file in (SAMPLES / sample).glob("*.py"))
    ours = re.findall(r"^(?:from|import) (lti_[\w.]*)", lines, re.MULTILINE)
    assert ours
    assert all(module.startswith("lti_adapters.pylti1p3.") for module in ours)
