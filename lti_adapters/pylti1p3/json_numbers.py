"""Numbers that JSON has."""

import math
from typing import TypeGuard


def is_number(value: object) -> TypeGuard[float]:
    """Whether `value` is a number that can be sent: finite, and neither True nor False."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)
