"""An environment of its own with the old package, made from the package index when it is missing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".benchmarks" / "compared"
# What it says of a token that cannot be read is what its libraries say.
PACKAGES = ("PyLTI1p3==2.0.0", "PyJWT==2.15.1", "jwcrypto==1.6.1", "requests==2.34.2", "Flask==3.1.3", "Django==5.2.19")


def old_python() -> str | None:
    """Its interpreter; None where pip cannot install it."""
    python, made = PLACE / "bin" / "python", PLACE / "made"
    if not made.exists() or made.read_text() != "\n".join(PACKAGES):
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(PLACE)], check=True)
        pip = [sys.executable, "-m", "pip", "--python", str(python)]  # ours: to give it one takes as long as the rest
        install = [*pip, "install", "--quiet", "--no-compile", "--retries", "1", "--timeout", "20", *PACKAGES]
        if subprocess.run(install, check=False).returncode:
            return None
        made.write_text("\n".join(PACKAGES))
    return str(python)
