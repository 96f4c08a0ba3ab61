"""What other processes of a tool do. Run as `python -m tests.pylti1p3.another_process TASK REDIS ...`."""

import json
import sys
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask
from flask_caching import Cache

from lti_adapters.pylti1p3.contrib.flask import FlaskCacheDataStorage
from tests.contracts.worker import together
from tests.good import CLIENT_ID, ISSUER
from tests.pylti1p3.tool import BASE, Tool, configuration

NONCES = 50


def shared_storage(url: str, app: Flask) -> FlaskCacheDataStorage:
    """A storage of that application, in the Redis database under `url`."""
    return FlaskCacheDataStorage(Cache(app, config={"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": url}))


def shared_tool(url: str) -> Tool:
    """A tool that keeps its launches there."""
    tool = Tool()
    storage = shared_storage(url, tool.app)
    tool.storage = lambda: storage
    return tool


def open_again(url: str, launch_id: str, cookies: str) -> None:
    """Print what a later request of the browser with these cookies is answered."""
    print(json.dumps(_used_with(url, cookies).again(launch_id)))


def launch_again(url: str, form: str, cookies: str, private_key: str, key_set: str) -> None:
    """Print what that form is answered when the browser with these cookies posts it; with the keys of the tests."""
    tool = _used_with(url, cookies)
    tool.configuration = configuration(key_set=json.loads(key_set))
    tool.configuration.set_private_key(ISSUER, private_key, client_id=CLIENT_ID)
    print(json.dumps(tool.post(json.loads(form))))


def _used_with(url: str, cookies: str) -> Tool:
    tool = shared_tool(url)
    for name, value in json.loads(cookies).items():
        tool.browser.set_cookie(name, value, domain=urlsplit(BASE).netloc)
    return tool


def use_all(url: str) -> None:
    """Print which nonces each of eight processes won."""

    def work(wait: Callable[[], object]) -> list[int]:
        app = Flask("tool")
        storage = shared_storage(url, app)
        wait()
        with app.app_context():
            return [number for number in range(NONCES) if storage.add_value(f"nonce-{number}", "used", 60)]

    print(json.dumps(together(work)))


TASKS: tuple[Callable[..., None], ...] = (open_again, launch_again, use_all)

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    (task,) = (task for task in TASKS if task.__name__ == name)
    task(*arguments)
