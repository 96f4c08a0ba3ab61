"""A tool for gunicorn: each answer says which process gave it, and what that process has spent until then."""

import json
import os
from pathlib import Path
from time import process_time
from typing import Any

from flask import Flask, Response

from benchmarks.flask_views import empty_app, flask_app
from benchmarks.lms import Platform
from benchmarks.wiring import wired


def create_app(workload_file: str, storage: str) -> Flask:
    """The application, made once in each worker: with empty views where there is no URL of a storage."""
    workload = json.loads(Path(workload_file).read_text())
    platform, pem_file = Platform(workload["platform_pem"]), workload["tool_pem_file"]
    app = flask_app(wired(platform, pem_file, storage)) if storage else empty_app()

    @app.after_request
    def signed(answer: Response) -> Any:
        answer.headers.update({"X-Worker": str(os.getpid()), "X-Spent": str(process_time())})
        return answer

    return app
