"""What imports cost, and what they load: fresh interpreters, timed by the CPU that they took."""

import os
import subprocess
import sys
from collections.abc import Mapping
from statistics import median
from tempfile import TemporaryDirectory

FLOOR = (
    "import attrs, cattrs, jose.jwk; from cryptography.hazmat.primitives.asymmetric import rsa;"
    "from jose.backends.cryptography_backend import CryptographyRSAKey"
)
CORE = "import lti_core.launch"
SPENT = "import resource; u = resource.getrusage(resource.RUSAGE_SELF); print(u.ru_utime + u.ru_stime)"
HEAVY = ("dependency_injector", "flask", "jose", "cryptography", "sqlalchemy", "lti_adapters.container")
HELP = (
    "import sys\nfrom lti_adapters.cli import main\nsys.argv = ['lti', '--help']\ntry:\n    main()\n"
    f"except SystemExit:\n    pass\nprint([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
)


def import_cpu(rounds: int = 15) -> tuple[float, float]:
    """CPU seconds of importing the core, and of importing the libraries below it; a bare interpreter taken off.

    All are compiled before: an installer does it for libraries, the first import for a tool that is worked on.
    """
    cpu: dict[str, list[float]] = {"pass": [], FLOOR: [], CORE: []}
    with TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
        for statement in cpu:
            _cpu_of(statement, environment)
        for _ in range(rounds):
            for statement, spent in cpu.items():
                spent.append(_cpu_of(statement, environment))
    bare, floor, core = (median(spent) for spent in cpu.values())
    return core - bare, floor - bare


def loaded_by_help() -> str:
    """Which heavy parts `lti --help` loads, as a list."""
    done = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True)
    return done.stderr.strip()


def _cpu_of(statement: str, environment: Mapping[str, str]) -> float:
    command = [sys.executable, "-c", f"{statement}\n{SPENT}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout)
