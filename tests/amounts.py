"""How much is tried: in CI as much as the strangers of a year send, before that as much as one likes to wait for."""

import os


def amount(in_ci: int, here: int) -> int:
    """How many examples, or tries; `.ci/run` sets CI."""
    return in_ci if os.environ.get("CI") else here
