"""A refusal, as a person sees it and as a program reads it."""

import json
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from lti_adapters.pages.advice import PLATFORM_ERRORS
from lti_adapters.pages.page import ANYWHERE, Page, common_pages, link_of
from lti_adapters.pages.texts import TEXTS, heading_of, key_of_advice, primary_subtag
from lti_core.errors import AccessRefused, ConfigurationError, LtiError, ServiceFailed, StorageFailed

LONGEST_SHOWN = 200
_SENTENCE = "{message}"  # in a text, it stands for what the error says itself

_STATUS_OF_CODE = {
    "launch.method_not_allowed": 405,
    "login.method_not_allowed": 405,
    "launch.too_large": 413,
    "login.too_large": 413,
    "tool.too_large": 413,
    "tool.not_found": 404,
    "tool.method_not_allowed": 405,
}
_STATUS_OF_KIND: tuple[tuple[type[LtiError], int], ...] = (
    (AccessRefused, 403),
    (ServiceFailed, 502),
    (StorageFailed, 503),
    (ConfigurationError, 503),
)
_OURS = (StorageFailed, ConfigurationError)  # what they expect and find is the tool's own business, not a visitor's
_ALLOWED = {"launch.method_not_allowed": "POST", "login.method_not_allowed": "GET, POST"}


def status_of(error: LtiError) -> int:
    """The HTTP status of a refusal: 400 where nothing else fits better."""
    if error.code in _STATUS_OF_CODE:
        return _STATUS_OF_CODE[error.code]
    return next((status for kind, status in _STATUS_OF_KIND if isinstance(error, kind)), 400)


def headers_of(error: LtiError) -> dict[str, str]:
    """Headers that a refusal brings, as a page and as JSON: it is never kept, and 405 says what is allowed."""
    methods = _ALLOWED.get(error.code) or error.expected
    allowed = {"Allow": str(methods)} if status_of(error) == 405 else {}
    return {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **allowed}


def error_document(error: LtiError) -> dict[str, dict[str, str]]:
    """What a program is answered, as JSON."""
    return {"error": {"code": error.code, "message": error.message, "spec": error.spec}}


def refused_page(
    error: LtiError,
    *,
    return_url: str | None = None,
    texts: Mapping[str, str] = TEXTS,
    language: str = "en",
    framed_by: Iterable[str] = ANYWHERE,
) -> Page:
    """Explain a refusal: to the person what can be done, to an administrator what is wrong.

    Args:
        return_url: back to the course, where the error itself does not know it. Only from a token whose signature was
            verified; it becomes no link unless http(s).
        texts: of `texts_with`.
        language, framed_by: as of `Pages.render`. The page offers no action, so any site may show it.
    """
    heading = heading_of(error)
    secret = isinstance(error, _OURS)
    values = {
        "text": texts,
        "error": error,
        "friendly": heading == "again",
        "heading": texts[f"heading.{heading}"],
        **_said(error, texts, language),
        "expected": "" if secret else shown(error.expected),
        "found": "" if secret else shown(error.found),
        "says": shown(getattr(error, "platform_says", None)),
        "return_url": link_of(return_url or getattr(error, "return_url", None)),
    }
    page = common_pages().render(
        "refused.html", values, status=status_of(error), language=language, framed_by=framed_by
    )
    return Page(page.status, page.html, {**page.headers, **headers_of(error)})


def shown(value: object) -> str:
    """A value as a text of at most 200 characters; empty for None."""
    if value is None:
        return ""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, TypeError, RecursionError):  # a number of many digits, say
        return type(value).__name__
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def _reason_of_platform(error: LtiError) -> str | None:
    """The key of a text about the platform's own word for its refusal."""
    known = error.code == "launch.refused_by_platform" and str(error.found) in PLATFORM_ERRORS
    return f"{error.code}.{error.found}" if known else None


def _said(error: LtiError, texts: Mapping[str, str], language: str) -> dict[str, Markup]:
    """What stands on the page as `message`, `person` and `administrator`."""
    key, remedy = key_of_advice(error), getattr(error, "remedy", "")
    sentence = _in_english(error.message, language)
    said = {
        "message": texts[f"{key}.message"] or _SENTENCE,
        "person": texts[_reason_of_platform(error) or f"{key}.person"],
        "administrator": texts[f"{key}.administrator"],
    }
    words = {name: escape(text).replace(_SENTENCE, sentence) for name, text in said.items()}
    return {**words, "administrator": _in_english(remedy, language)} if remedy else words


def _in_english(text: str, language: str) -> Markup:
    """Words of the error itself, marked as English on a page in another language: they are read aloud as such."""
    return escape(text) if primary_subtag(language) == "en" else Markup('<span lang="en">{}</span>').format(text)
