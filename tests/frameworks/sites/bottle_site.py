"""The adapter for Bottle, as docs/adding-a-framework.md shows it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import bottle
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from lti_adapters.web.later import demand_role
from tests.frameworks.sites import wsgi
from tests.frameworks.sites.site import Answered, Request, Wanted

PAGE = Path(__file__).parents[3] / "docs" / "adding-a-framework.md"


def _adapter() -> Any:
    names: dict[str, Any] = {}
    exec(PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0], names)
    return SimpleNamespace(**names)


adapter = _adapter()


class BottleSite:
    """The adapter for Bottle."""

    def application(self, wanted: Wanted) -> Any:
        app = bottle.Bottle()
        app.config["catchall"] = False  # mistakes are raised
        for tool in wanted.tools():
            _add(app, tool)

        @app.get("/later")
        def later() -> Any:
            return {"who": adapter.entered().message.user.id}

        @app.get("/picture")
        def picture() -> Any:
            bottle.response.set_header("Cache-Control", "private, max-age=60")
            return {"of": adapter.entered().message.user.id}

        @app.get("/grades")
        def grades() -> Any:
            demand_role(adapter.entered(), ("teacher", "teaching_assistant"))
            return {"grades": []}

        return ProxyFix(app, x_proto=1, x_host=1) if wanted.proxied else app

    def client(self, application: Any) -> Any:
        """Werkzeug's, which drives any WSGI application."""
        return Client(application)

    def answered(self, application: Any, request: Request) -> Answered:
        """As WSGI says."""
        return wsgi.answered(application, request)

    def serving(self, make: Callable[[str], Any]) -> AbstractContextManager[str]:
        """Werkzeug's server."""
        return wsgi.serving(make)


def _add(app: Any, wanted: Wanted) -> None:
    lti = adapter.Lti(app, wanted.config, **wanted.options)

    def opened(launch: Any) -> Any:
        if wanted.handler is not None:
            return wanted.handler(launch)
        return {"who": launch.user.id, "kind": launch.message_type, "later": adapter.launch_url_for("/later")}

    for message in wanted.messages:
        lti.message(message)(opened)
