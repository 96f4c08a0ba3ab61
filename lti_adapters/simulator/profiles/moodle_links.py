"""Moodle's Link headers of line items: all relations, in typographic quotes, with addresses as if for HTML."""

from collections.abc import Mapping
from html import escape

from lti_adapters.simulator.services.span import Span


def curly_links(span: Span, url: str, query: Mapping[str, str], page_by: str) -> str:
    """The links of one page; a whole list has none."""
    if span.size is None:
        return ""
    kept = {name: value for name, value in query.items() if name not in ("limit", page_by)}
    places = {"first": 0}
    if span.start:
        places["prev"] = max(span.start - span.size, 0)
    places["canonical"] = span.start
    if span.has_more:
        places["next"] = span.stop
    places["last"] = span.total - 1 if span.total > span.size else 0
    return ", ".join(
        f"<{escape(span.at(place, url, kept, page_by))}>; rel={_curly(relation)}" for relation, place in places.items()
    )


def _curly(word: str) -> str:
    """UTF-8, read as Latin-1, as headers are."""
    return f"“{word}”".encode().decode("latin-1")
