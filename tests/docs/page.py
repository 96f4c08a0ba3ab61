"""What surrounds the Python blocks of a page of the documentation: a folder with files, and a platform."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dependency_injector.providers import Callable
from flask import has_app_context
from flask.globals import app_ctx

from lti_adapters.container import LtiContainer
from lti_adapters.simulator.keys import KeyRing
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import TOOL_PEM
from tests.frameworks.steps import KEY

Namespace = dict[str, Any]


def begin(namespace: Namespace) -> None:
    """A page stands in a folder with the files of a tool that is registered at `platform`, a simulated one."""
    platform = SimulatedPlatform(keys=KeyRing([KEY]), tool_private_key=TOOL_PEM)
    folder = TemporaryDirectory()
    registrations = platform.registration_document()
    settings = {
        "tool": {"url": platform.tool_url, "keys": "keys", "grants": "grants.json"},
        "registrations": {"document": registrations},
    }
    Path(folder.name, "tool.json").write_text(json.dumps(settings), encoding="utf-8")
    Path(folder.name, "registrations.json").write_text(json.dumps(registrations), encoding="utf-8")
    Path(folder.name, "keys").mkdir(mode=0o700)
    Path(folder.name, "keys", "1.pem").write_text(platform.tool_private_key, encoding="utf-8")
    namespace.update(__name__="__main__", platform=platform, page_folder=folder, folder_before=Path.cwd())
    os.chdir(folder.name)
    # The tools of the page ask the platform's services without network.
    LtiContainer.http.override(Callable(lambda: platform.http))


def end(namespace: Namespace) -> None:
    """Leave the folder, and the network as it was, and no application entered."""
    while has_app_context():
        app_ctx._get_current_object().pop()
    LtiContainer.http.reset_last_overriding()
    os.chdir(namespace["folder_before"])
    namespace["page_folder"].cleanup()
