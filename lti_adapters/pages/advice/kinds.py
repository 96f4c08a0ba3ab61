"""Advice for codes that have none of their own: services, storage, configuration."""

from collections.abc import Mapping
from types import MappingProxyType

from lti_adapters.pages.advice.advice import (
    AGAIN,
    ASK,
    CHECK_SENT,
    KEYS,
    LATER,
    REGISTRATION,
    Advice,
    down,
    no_login,
    tell,
)

KINDS: Mapping[str, Advice] = MappingProxyType(
    {
        "login": no_login(REGISTRATION),
        "launch": tell(REGISTRATION),
        "tool": Advice(AGAIN, "The request is not one that this launch allows.", "access"),
        "deep_linking": Advice(
            "Pick other content, or ask whoever made this tool: the details below are for them.",
            "The tool wanted to send content that the platform does not take, or that breaks Deep Linking 2.0.",
            "value",
        ),
        "grant": Advice(
            AGAIN,
            "What the platform granted is over, or its registration is gone; a new launch grants anew.",
            "access",
        ),
        "token": Advice(
            ASK,
            "The platform gave this tool no access token. Compare token address, client id and key of the registration"
            " with what the platform shows, and let the platform fetch this tool's key set again.",
            "refused",
        ),
        "service": Advice(
            LATER, "The platform did not answer a request of this tool, or answered what cannot be read.", "service"
        ),
        "http": Advice(LATER, "The platform did not answer a request of this tool. " + KEYS, "service"),
        "storage": down("The store that remembers logins and launches did not answer. Look at it, and at storage.url."),
        "config": down("This tool is set up in a way that cannot work; the sentence above says what to write instead."),
    }
)
"""By the first word of an error code: for codes that need no advice of their own."""

OUTCOMES: Mapping[str, Advice] = MappingProxyType(
    {
        "value": Advice(
            CHECK_SENT,
            "A value that was to be sent cannot be; the sentence above names it. Nothing was sent to the platform.",
            "value",
        ),
        "withheld": Advice(
            "This launch does not allow it. Open the activity that it belongs to, or show this page to whoever looks"
            " after the platform: the details below are for them.",
            "The platform did not allow this with the launch; the sentence above says what it would have to. Nothing"
            " was sent to it.",
            "access",
        ),
        "refused": Advice(
            "If you entered something, go back and check it. If it is right, or there was nothing to enter, show this"
            " page to whoever looks after the platform: the details below are for them.",
            "The platform answered, and refused what this tool asked for.",
            "refused",
        ),
    }
)
"""By what became of a request to a platform: it was not sent for a value in it, or since the launch does not allow it;
or the platform said no. For codes that need no advice of their own."""
