"""A small tool for gunicorn: every answer names the process that gave it."""

import os
import sys
from pathlib import Path
from typing import Any

from flask import Flask, Response

from lti_adapters.flask import Lti

READY = "This worker has its tool."


def create_app(settings_file: str) -> Flask:
    """The application; made once in each worker."""
    app = Flask("worker_tool")
    lti = Lti(app, Path(settings_file))
    lti.resource_link(lambda launch: {"who": launch.user.id})

    @app.after_request
    def signed(answer: Response) -> Any:
        answer.headers["X-Worker"] = str(os.getpid())
        return answer

    print(READY, file=sys.stderr, flush=True)
    return app
