"""Numbers, as JSON may bring them."""

import math
from typing import TypeGuard


def is_number(value: object) -> TypeGuard[int | float]:
    """A finite number that is no truth value."""
    try:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # an integer that no float can hold
        return False
