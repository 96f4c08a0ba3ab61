"""The house stands: the import contracts hold, and break when somebody breaks them; nobody asks the wall clock."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
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


def run(folder: Path, *command: str, given: str = "") -> subprocess.CompletedProcess[str]:
    wide = {**os.environ, "COLUMNS": "400", "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    whole = [str(BESIDE_PYTHON / command[0]), *command[1:]]
    return subprocess.run(whole, cwd=folder, env=wide, capture_output=True, text=True, check=False, input=given)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, "lint-imports", "--no-cache", "--no-logo")


PLANTED = [
    (CORE, "lti_core/roles.py", "import socket", "socket"),
    (CORE, "lti_core/state.py", "def later():\n    import socket", "socket"),
    (CORE, "lti_core/login.py", "def later():\n    from http.client import HTTPSConnection", "http"),
    (CORE, "lti_core/launch.py", "import time", "time"),
    (CORE, "lti_core/rules/nonce.py", "import os.path", "os"),
    (CORE, "lti_core/messages/generic.py", "from flask import request", "flask"),
    (CORE, "lti_core/launch.py", "from jose import jwt", "jose"),
    (CORE, "lti_core/login.py", "from cryptography.fernet import Fernet", "cryptography"),
    (LAYERS, "lti_core/ports.py", "import lti_storage.nonces", "lti_storage.nonces"),
    (
        *(LAYERS, "lti_core/keys.py", "def later():\n    from lti_adapters.clock import SystemClock"),
        "lti_adapters.clock",
    ),
    (LAYERS, "lti_storage/nonces.py", "def later():\n    import lti_adapters.tool", "lti_adapters.tool"),
    (BACKENDS, "lti_storage/memory/store.py", "from lti_storage.sql import schema", "lti_storage.sql.schema"),
    (FLASK, "lti_adapters/tool.py", "import flask", "flask"),
    (FLASK, "lti_storage/launches.py", "def later():\n    from flask import session", "flask"),
    (SQLALCHEMY, "lti_storage/registrations.py", "import sqlalchemy", "sqlalchemy"),
    (
        *(SQLALCHEMY, "lti_adapters/flask/views.py", "def later():\n    from sqlalchemy.orm import Session"),
        "sqlalchemy",
    ),
    (SIMULATOR, "lti_adapters/simulator/platform.py", "from lti_adapters.tool import Tool", "lti_adapters.tool"),
    (
        *(SIMULATOR, "lti_adapters/simulator/people.py", "def later():\n    import lti_storage.launches"),
        "lti_storage.launches",
    ),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages and their settings, to plant things in."""
    folder = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "static", "templates")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def findings(house: Path) -> Mapping[str, str]:
    """What is found where all of that is planted, under the contract that it breaks."""
    assert lint_imports(house).returncode == 0
    for _, module, line, _ in PLANTED:
        file = house / module
        file.write_text(f"{file.read_text()}\n\n{line}\n")
    answer = lint_imports(house)
    assert answer.returncode == 1
    texts = re.split(r"^(.+)\n-+\n", answer.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    return dict(zip(texts[1::2], texts[2::2], strict=True))


def test_the_contracts_hold() -> None:
    answer = lint_imports(ROOT)
    assert answer.returncode == 0, answer.stdout
    assert "11 kept, 0 broken" in answer.stdout


@pytest.mark.parametrize(("contract", "module", "line", "imported"), PLANTED)
def test_a_forbidden_import_is_found(
    findings: Mapping[str, str], contract: str, module: str, line: str, imported: str
) -> None:
    assert f"{module.removesuffix('.py').replace('/', '.')} -> {imported} " in findings[contract]


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
def test_whoever_asks_the_wall_clock_or_imports_relatively_is_found(module: str, line: str) -> None:
    written = f"{(ROOT / module).read_text()}\n\n{line}\n"
    answer = run(
        ROOT, "ruff", "check", "--no-cache", "--output-format=concise", f"--stdin-filename={module}", "-", given=written
    )
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


BACKENDS = ("sqlalchemy", "redis", "pymemcache", "django", "cachelib", "flask_caching", "flask")
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
        ("lti_adapters.container, lti_adapters.tool, lti_adapters.web.endpoints", BACKENDS),
    ],
)
def test_what_is_not_needed_is_not_loaded(modules: str, light: tuple[str, ...]) -> None:
    program = f"import sys, {modules}; print(sorted(set({light!r}) & set(sys.modules)))"
    assert run(ROOT, "python", "-c", program).stdout == "[]\n"
