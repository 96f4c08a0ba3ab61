"""The texts of our pages in German, by the keys of `lti_adapters.pages.texts`; its modules mirror those of `advice`."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from lti_adapters.pages.german.claims import CLAIMS
from lti_adapters.pages.german.kinds import KINDS, OUTCOMES
from lti_adapters.pages.german.later import LATER_REQUESTS
from lti_adapters.pages.german.launch import LAUNCH
from lti_adapters.pages.german.login import LOGIN
from lti_adapters.pages.german.platform import PLATFORM_ERRORS
from lti_adapters.pages.german.token import TOKEN
from lti_adapters.pages.german.words import WORDS


@cache
def german_texts() -> Mapping[str, str]:
    """By key. In what is said of an error, `{message}` stands for its own sentence."""
    return MappingProxyType(dict(_all()))


def _all() -> Iterator[tuple[str, str]]:
    yield from WORDS.items()
    for of_codes in (KINDS, OUTCOMES, LOGIN, LAUNCH, TOKEN, CLAIMS, LATER_REQUESTS):
        for key, said in of_codes.items():
            yield f"{key}.message", said.message
            yield f"{key}.person", said.person
            yield f"{key}.administrator", said.administrator
    for word, text in PLATFORM_ERRORS.items():
        yield f"launch.refused_by_platform.{word}", text
