"""`lti storage init`."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import Result

Run = Callable[..., Result]


def settings_in(folder: Path, settings: dict[str, Any]) -> Path:
    path = folder / "lti.json"
    path.write_text(json.dumps({"registrations": {"document": {}}, **settings}))
    return path


def test_the_tables_are_made_for_each_setting_that_names_a_database(run: Run, tmp_path: Path) -> None:
    names = {"storage": {"url": "sqlite:///a.db"}, "tool": {"keys": "sqlite:///a.db", "grants": "sqlite:///b.db"}}
    for _ in range(2):  # a second time does no harm
        result = run("storage", "init", "--config", settings_in(tmp_path, names))
        assert result.output.splitlines() == [
            "storage.url: the tables are there (sqlite).",
            "tool.keys: the tables are there (sqlite).",
            "tool.grants: the tables are there (sqlite).",
        ]
        assert result.exit_code == 0
    for name in ("a.db", "b.db"):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            assert connection.execute("SELECT count(*) FROM lti_schema").fetchone() == (1,)


def test_a_storage_without_tables_is_named(run: Run, tmp_path: Path) -> None:
    settings = {"storage": {"url": "memory://"}, "tool": {"keys": "keys", "grants": "grants.json"}}
    result = run("storage", "init", "--config", settings_in(tmp_path, settings))
    assert (result.output, result.exit_code) == ("storage.url: memory needs no tables.\n", 0)


def test_a_database_that_cannot_be_used_is_told_with_an_exit_status(run: Run, tmp_path: Path) -> None:
    settings = {"storage": {"url": "sqlite:///missing/a.db"}}
    result = run("storage", "init", "--config", settings_in(tmp_path, settings))
    assert result.exit_code == 2
    assert "config.storage_folder_missing" in result.output
