"""A platform on loopback, and a tool that keeps grants of its launches."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from attrs import frozen
from click.testing import Result
from flask import Flask
from werkzeug.serving import make_server

from lti_adapters.cli.serving import Quiet
from lti_adapters.cli.sockets import listen, port_of
from lti_adapters.flask import Lti
from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.web import create_platform_app
from tests.fakes import PLATFORM_PEM, TOOL_PEM

Run = Callable[..., Result]
PLATFORM_KEY = PlatformKey.of(PLATFORM_PEM)


@frozen
class Served:
    """A platform that is served, the tool's settings file, and the `lti` command."""

    platform: SimulatedPlatform
    config: Path
    run: Run

    def keep(self, activity: str = "quiz-1", lifetime: Any = None) -> str:
        """The key of the grant that a launch of that activity leaves behind."""
        app = Flask(__name__)
        lti, kept = Lti(app, config=self.config), []
        lti.resource_link(lambda launch: kept.append(lti.keep_grant(launch, lifetime).key) or "kept")
        assert self.platform.launch(app.test_client(), resource_link=activity).text == "kept"
        return kept[0]

    def lti(self, *arguments: object) -> Result:
        """Run a command with this configuration."""
        return self.run(*arguments, "--config", self.config)


@contextmanager
def served_in(folder: Path, run: Run, grants: str = "grants.json", **arguments: Any) -> Iterator[Served]:
    """A platform with these arguments, as long as it is needed."""
    [sockets] = listen("127.0.0.1", 0)
    platform = SimulatedPlatform(
        issuer=f"http://127.0.0.1:{port_of([sockets])}",
        keys=KeyRing([PLATFORM_KEY]),
        tool_private_key=TOOL_PEM,
        **arguments,
    )
    app = create_platform_app(platform)
    server = make_server(
        "127.0.0.1", port_of([sockets]), app, threaded=True, request_handler=Quiet, fd=sockets.fileno()
    )
    sockets.close()
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    document = platform.registration_document(private_key=TOOL_PEM)
    settings = {"tool": {"url": platform.tool_url, "grants": grants}, "registrations": {"document": document}}
    (folder / "lti.json").write_text(json.dumps(settings))
    yield Served(platform, folder / "lti.json", run)
    server.shutdown()
    thread.join()
    server.server_close()


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))
