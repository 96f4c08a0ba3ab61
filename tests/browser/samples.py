"""The sample programs of the docs, each served as its README says, beside a simulated platform."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from lti_adapters.simulator.platform import SimulatedPlatform
from lti_adapters.simulator.web import create_platform_app, local_platform
from lti_core.keys import public_pem
from tests.frameworks.sites import wsgi

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"
_REGISTER = """
import json, os
from lti_adapters.pylti1p3.contrib.django.lti1p3_tool_config.models import LtiTool, LtiToolKey
rows = json.loads(os.environ["GAME_ROWS"])
LtiTool.objects.create(tool_key=LtiToolKey.objects.create(**rows["key"]), **rows["tool"])
"""


@contextmanager
def flask_game(folder: Path) -> Iterator[SimulatedPlatform]:
    """Its configuration is a file as the old package read it, with the keys in files beside it."""
    with _platform_and_socket() as (platform, listening):
        (document,) = platform.registration_document(inline_keys=False).values()
        files = {"private_key_file": "private.key", "public_key_file": "public.key"}
        (folder / "private.key").write_text(platform.tool_private_key)
        (folder / "public.key").write_text(public_pem(platform.tool_private_key))
        (folder / "game.json").write_text(json.dumps({platform.issuer: [{**document[0], **files}]}))
        with _served("pylti1p3_flask", "game:app", listening, GAME_CONFIG=str(folder / "game.json")):
            yield platform


@contextmanager
def django_game(folder: Path) -> Iterator[SimulatedPlatform]:
    """Its configuration is in the database that `migrate` makes."""
    with _platform_and_socket() as (platform, listening):
        database = {"GAME_DATABASE": str(folder / "game.sqlite3"), "GAME_ROWS": json.dumps(_rows(platform))}
        for command in (["migrate", "-v", "0"], ["shell", "-v", "0", "-c", _REGISTER]):
            run = [sys.executable, "manage.py", *command]
            subprocess.run(run, cwd=SAMPLES / "pylti1p3_django", env=_environment(database), check=True, timeout=60)
        with _served("pylti1p3_django", "wsgi:application", listening, **database):
            yield platform


def _rows(platform: SimulatedPlatform) -> dict[str, dict[str, Any]]:
    """What an administrator would write into the forms of the admin."""
    pem = platform.tool_private_key
    tool = {
        "title": "Simulated platform",
        "issuer": platform.issuer,
        "client_id": platform.client_id,
        "use_by_default": True,
        "auth_login_url": platform.authorization_url,
        "auth_token_url": platform.token_url,
        "key_set_url": platform.key_set_url,
        "deployment_ids": json.dumps([platform.deployment_id]),
    }
    return {"key": {"name": "game", "private_key": pem, "public_key": public_pem(pem)}, "tool": tool}


@contextmanager
def _platform_and_socket() -> Iterator[tuple[SimulatedPlatform, socket.socket]]:
    """A platform at 127.0.0.1, and where a tool is to listen, at localhost: two sites to a browser."""
    apps: dict[str, Any] = {}
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        wsgi.serving(lambda _: lambda environ, begin: apps["platform"](environ, begin)) as platform_url,
    ):
        tool_url = f"http://localhost:{listening.getsockname()[1]}"
        platform = local_platform("127.0.0.1", int(platform_url.rpartition(":")[2]), tool_url)
        apps["platform"] = create_platform_app(platform)
        yield platform, listening


@contextmanager
def _served(sample: str, application: str, listening: socket.socket, **environment: str) -> Iterator[None]:
    """One process with some threads, in the folder of the sample."""
    bound = ("--bind", f"fd://{listening.fileno()}", "--threads", "4")
    quiet = ("--log-level", "error", "--no-control-socket")
    command = [sys.executable, "-m", "gunicorn", *bound, *quiet, application]
    with subprocess.Popen(
        command, cwd=SAMPLES / sample, env=_environment(environment), pass_fds=[listening.fileno()]
    ) as process:
        try:
            _, port = listening.getsockname()
            with urlopen(f"http://127.0.0.1:{port}/lti/jwks", timeout=30) as answer:  # waits until it is served
                assert json.load(answer)["keys"]
            yield
        finally:
            process.terminate()


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "SECRET_KEY": "only for tests", "PYTHONDONTWRITEBYTECODE": "1", **more}
