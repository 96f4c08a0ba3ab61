"""Launches that a tool must refuse, as a table.

The cases of the certification suite, and more. What cannot be made from outside is not here: a login state that has
expired needs the tool's own clock.
"""

from lti_adapters.simulator import broken_logins, broken_messages, broken_tokens
from lti_adapters.simulator.variation import Variation
from lti_core.errors import ConfigurationError

SUBJECTS: tuple[tuple[str, tuple[Variation, ...]], ...] = (
    ("When it is good", broken_tokens.TIMES),
    ("Used before", broken_logins.NONCES),
    ("Whose login it is", broken_logins.STATES),
    ("Who signed it", broken_tokens.SIGNATURE),
    ("Whom it is for", broken_tokens.ADDRESSEE),
    ("What it must say", broken_messages.SUITE),
    ("How it says it", broken_messages.SHAPES),
    ("What it looks like", broken_tokens.SHAPE),
    ("How it begins", broken_logins.LOGINS),
)
"""All of them, by subject, for people who choose."""

BROKEN: tuple[Variation, ...] = tuple(variation for _, variations in SUBJECTS for variation in variations)


def broken_named(name: str) -> Variation:
    """The broken launch of that name.

    Raises:
        ConfigurationError: `config.broken_unknown`.
    """
    for variation in BROKEN:
        if variation.name == name:
            return variation
    names = ", ".join(variation.name for variation in BROKEN)
    message = f"There is no broken launch of that name; name one of {names}."
    raise ConfigurationError("config.broken_unknown", message, found=name)
