"""Pages of a list, one after the other."""

from collections.abc import Callable, Collection
from typing import Any

from lti_adapters.pylti1p3.exception import LtiException
from lti_core.services.command import MOST_PAGES


def all_items(get_page: Callable[[str], tuple[list[Any], str | None]], url: str) -> list[Any]:
    """The items of all pages.

    Raises:
        LtiException: a page leads to one that was there before, or there are more than 50,000.
    """
    items: list[Any] = []
    seen: set[str] = set()
    following: str | None = url
    while following:
        if following in seen:
            raise LtiException("The platform's pages never end: one leads back to another that was there before.")
        refuse_endless(seen)
        seen.add(following)
        page, following = get_page(following)
        items += page
    return items


def refuse_endless(seen: Collection[str]) -> None:
    """Go on to one more page only where there were fewer than 50,000.

    Raises:
        LtiException: there were as many.
    """
    if len(seen) >= MOST_PAGES:
        raise LtiException(f"The platform's pages never end: there are more than {MOST_PAGES}.")


def list_of(body: Any, name: str) -> list[Any]:
    """The objects that an answer lists under `name`.

    Raises:
        LtiException: it lists none, or something else.
    """
    found = body.get(name) if isinstance(body, dict) else None
    if not isinstance(found, list) or not {dict}.issuperset(map(type, found)):
        raise LtiException(f"Unknown response type received: there is no list of {name}")
    return found
