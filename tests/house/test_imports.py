"""The house stands: the import contracts hold, and break when somebody breaks them; nobody asks the wall clock."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("lti_core", "lti_storage", "lti_adapters")
BESIDE_PYTHON = Path(sys.executable).parent

LAYERS = "Adapters know storage, storage knows the core, and never back"
CORE = "The core imports what is named here, and nothing else"
BACKENDS = "No backend needs another"
FLASK = "Flask is imported by its own package, and by the programs that are written with it"
SQLALCHEMY = "SQLAlchemy is imported by its own package only"
SIMULATOR = "The simulated platform shares no object with the tool"


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    wide = {**os.environ, "COLUMNS": "400", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    whole = [str(BESIDE_PYTHON / command[0]), *command[1:]]
    return subprocess.run(whole, cwd=folder, env=wide, capture_output=True, text=True, check=False)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, "lint-imports", "--no-cache", "--no-logo")


def broken(answer: subprocess.CompletedProcess[str]) -> set[str]:
    return {line.partition(" BROKEN")[0] for line in answer.stdout.splitlines() if " BROKEN" in line}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the packages and their settings, to plant things in."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "static", "templates")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(house: Path, module: str, line: str) -> None:
    file = house / module
    file.write_text(f"{file.read_text()}\n\n{line}\n")


def test_the_contracts_hold() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout
    assert "11 kept, 0 broken" in answer.stdout


def test_the_contracts_hold_in_a_copy(house: Path) -> None:
    assert lint_imports(house).returncode == 0


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        (CORE, "lti_core/roles.py", "import socket"),
        (CORE, "lti_core/state.py", "def later():\n    import socket"),
        (CORE, "lti_core/login.py", "def later():\n    from http.client import HTTPSConnection"),
        (CORE, "lti_core/launch.py", "import time"),
        (CORE, "lti_core/rules/nonce.py", "import os.path"),
        (CORE, "lti_core/messages/generic.py", "from flask import request"),
        (CORE, "lti_core/launch.py", "from jose import jwt"),
        (CORE, "lti_core/login.py", "from cryptography.fernet import Fernet"),
        (LAYERS, "lti_core/ports.py", "import lti_storage.nonces"),
        (LAYERS, "lti_core/keys.py", "def later():\n    from lti_adapters.clock import SystemClock"),
        (LAYERS, "lti_storage/nonces.py", "def later():\n    import lti_adapters.tool"),
        (BACKENDS, "lti_storage/memory/store.py", "from lti_storage.sql import schema"),
        (FLASK, "lti_adapters/tool.py", "import flask"),
        (FLASK, "lti_storage/launches.py", "def later():\n    from flask import session"),
        (SQLALCHEMY, "lti_storage/registrations.py", "import sqlalchemy"),
        (SQLALCHEMY, "lti_adapters/flask/views.py", "def later():\n    from sqlalchemy.orm import Session"),
        (SIMULATOR, "lti_adapters/simulator/platform.py", "from lti_adapters.tool import Tool"),
        (SIMULATOR, "lti_adapters/simulator/people.py", "def later():\n    import lti_storage.launches"),
    ],
)
def test_a_forbidden_import_is_found(house: Path, contract: str, module: str, line: str) -> None:
    plant(house, module, line)
    answer = lint_imports(house)
    assert answer.returncode == 1
    assert contract in broken(answer)
    assert module.removesuffix(".py").replace("/", ".") in answer.stdout


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)",
        "import datetime as dt\n\nNOW = dt.datetime.now(dt.UTC)",
        "import datetime\n\nTODAY = datetime.date.today()",
        "import time\n\nNOW = time.time()",
        "from time import time\n\nNOW = time()",
        "import time\n\n\ndef wait() -> None:\n    time.sleep(1)",
        "from . import errors",
    ],
)
@pytest.mark.parametrize("module", ["lti_core/state.py", "lti_storage/launches.py", "lti_adapters/tool.py"])
def test_whoever_asks_the_wall_clock_or_imports_relatively_is_found(house: Path, module: str, line: str) -> None:
    plant(house, module, line)
    answer = run(house, "ruff", "check", "--no-cache", "--output-format=concise", module)
    assert answer.returncode == 1
    assert "TID25" in answer.stdout


def test_one_module_only_asks_the_wall_clock() -> None:
    allowed = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "TID251" in path.read_text()]
    assert [str(path.relative_to(ROOT)) for path in allowed] == ["lti_adapters/clock.py"]


def test_the_core_takes_addresses_apart_and_opens_none() -> None:
    for path in (ROOT / "lti_core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert {name for name in names if name.startswith("urllib")} <= {"urllib.parse"}, path


@pytest.mark.parametrize("package", PACKAGES)
def test_types_are_shipped(package: str) -> None:
    assert (ROOT / package / "py.typed").is_file()


HEAVY = ("flask", "sqlalchemy", "jose", "cryptography", "jinja2", "cattrs", "urllib3", "dependency_injector", "click")


@pytest.mark.parametrize(
    ("modules", "light"),
    [
        ("lti_core, lti_storage, lti_adapters", HEAVY),
        (
            "lti_core.launch, lti_core.login",
            ("flask", "sqlalchemy", "jinja2", "urllib3", "dependency_injector", "click"),
        ),
        ("lti_storage.memory, lti_storage.launches", ("flask", "sqlalchemy", "jinja2", "urllib3")),
        ("lti_adapters.simulator.pytest_plugin", HEAVY),
    ],
)
def test_what_is_not_needed_is_not_loaded(modules: str, light: tuple[str, ...]) -> None:
    program = f"import sys, {modules}; print(sorted(set({light!r}) & set(sys.modules)))"
    assert run(ROOT, "python", "-c", program).stdout == "[]\n"
