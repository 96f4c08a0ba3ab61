"""Every text of our pages, by key and language, and the same in a tool's own words."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from lti_adapters.imported import imported
from lti_adapters.pages.advice import ADVICE, KINDS, OUTCOMES, PLATFORM_ERRORS, Advice
from lti_core.errors import AccessRefused, ConfigurationError, InvalidValue, LtiError, ServiceFailed

_WORDS = {
    "heading.launch": "This launch could not be accepted",
    "heading.login": "This launch could not begin",
    "heading.again": "Please open the activity again",
    "heading.browser": "Your browser kept a cookie back",
    "heading.platform": "The learning platform stopped this launch",
    "heading.access": "This is not open to you",
    "heading.request": "This could not be understood",
    "heading.value": "This cannot be sent",
    "heading.service": "The learning platform gave no good answer",
    "heading.refused": "The learning platform said no",
    "heading.unavailable": "This tool is not available right now",
    "post.heading": "One moment",
    "post.person": "You are being taken to your learning platform.",
    "post.continue": "Continue",
    "begin.person": "Your learning platform and this tool are getting to know each other.",
    "begin.slow": "Your browser keeps no cookies here, so your learning platform is asked to help. That takes a"
    " moment.",
    "begin.window.heading": "Open in a new window",
    "begin.window.person": "Your browser keeps no cookies for tools inside a page of your learning platform. In a"
    " window of its own this tool works.",
    "begin.window.open": "Open in a new window",
    "finish.person": "Your learning platform is being asked whether it knows this browser.",
    "finish.noscript": "This step needs JavaScript. Allow it for this site, or allow its cookies, then open the"
    " activity again from your course.",
    "return": "Back to the course",
    "details": "Details for the administrator",
    "details.advice": "What to do",
    "details.code": "Code",
    "details.spec": "Demanded by",
    "details.expected": "Expected",
    "details.found": "Found",
    "details.says": "The platform says",
}


def _of_advice(key: str, advice: Advice) -> Iterator[tuple[str, str]]:
    yield f"{key}.message", ""
    yield f"{key}.person", advice.person
    yield f"{key}.administrator", advice.administrator


def _all() -> Iterator[tuple[str, str]]:
    yield from _WORDS.items()
    for key, advice in (*KINDS.items(), *OUTCOMES.items(), *ADVICE.items()):
        yield from _of_advice(key, advice)
    for word, text in PLATFORM_ERRORS.items():
        yield f"launch.refused_by_platform.{word}", text


TEXTS: Mapping[str, str] = MappingProxyType(dict(_all()))
"""All texts in English, by key.

An error's code with `.message`, `.person` and `.administrator` leads to what is said of it. Where `.message` is empty,
the error's own sentence is shown; in each of the three, `{message}` stands for that sentence.
"""

_OTHERS = {"de": imported("lti_adapters.pages.german:german_texts")}
LANGUAGES = ("en", *_OTHERS)
"""The languages that are shipped."""


def texts_in(language: str) -> Mapping[str, str]:
    """All texts by key in the language of a BCP 47 tag.

    "de-AT" has the texts of "de"; a language that is not shipped has the English ones.
    """
    texts: Mapping[str, str] = _OTHERS.get(primary_subtag(language), lambda: TEXTS)()
    return texts


def texts_with(own: Mapping[str, str], language: str = "en") -> Mapping[str, str]:
    """The texts of our pages, some of them replaced.

    Args:
        own: texts by key (setting `pages.texts`).
        language: as of `texts_in` (setting `pages.language`).

    Raises:
        ConfigurationError: `config.text_unknown`.
    """
    for key in own:
        if key not in TEXTS:
            near = get_close_matches(key, TEXTS, n=1)
            hint = f' Perhaps "{near[0]}" is meant.' if near else ""
            raise ConfigurationError("config.text_unknown", f'pages.texts: there is no text "{key}".{hint}', found=key)
    return MappingProxyType({**texts_in(language), **own})


def primary_subtag(language: str) -> str:
    """The language of a tag without region and script, in small letters (RFC 5646 §2.1.1): "de" of "de-AT"."""
    return language.partition("-")[0].lower()


def key_of_advice(error: LtiError) -> str:
    """The error's code; where that has no advice of its own, what became of the request, or the code's first word."""
    if error.code in ADVICE:
        return error.code
    kind = error.code.partition(".")[0]
    return _outcome(error, kind) or (kind if kind in KINDS else "launch")


def heading_of(error: LtiError) -> str:
    """Which heading stands above this refusal; its text has the key `heading.<this>`."""
    key = key_of_advice(error)
    return (ADVICE.get(key) or OUTCOMES.get(key) or KINDS[key]).heading


def _outcome(error: LtiError, kind: str) -> str | None:
    if isinstance(error, InvalidValue) and kind != "deep_linking":
        return "value"
    if isinstance(error, AccessRefused) and kind in ("service", "deep_linking"):
        return "withheld"
    return "refused" if isinstance(error, ServiceFailed) and kind == "service" and _is_a_no(error) else None


def _is_a_no(error: ServiceFailed) -> bool:
    """Whether the platform answered, and would answer the same again."""
    if error.code == "service.scope_not_granted":  # told by the answer that brought a token
        return True
    return error.status is not None and 400 <= error.status < 500 and error.code != "service.unavailable"
