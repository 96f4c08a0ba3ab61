"""The Link header: where the next page is. Read as platforms write it, in time that grows with its length.

Source: RFC 8288; NRPS 2.0, Limit query parameter.
"""

import re

from lti_core.ports import HttpResponse
from lti_core.services.addresses import on_same_origin

# An address, and its parameters up to the next one; a quoted text may hold anything. Only the last quote can be alone.
_LINK = re.compile(r'<([^<>]*)>((?:[^<"]++|"[^"]*"|")*+)')
_PARAMETER = re.compile(r';\s*([^=;,"\s]+)\s*=\s*(?:"([^"]*)"?|([^;,"]*))')


def read_links(header: str) -> dict[str, str]:
    """The addresses of a Link header by their relations, in lower case; of two with one relation the first counts.

    Typographic quotes, also when their UTF-8 was read as Latin-1, are passed over, and `&amp;` is read as `&`: Moodle
    writes both. Addresses may be relative.
    """
    links: dict[str, str] = {}
    for address, parameters in _LINK.findall(header):
        for word in _relation(parameters).split():
            links.setdefault(_bare(word).lower(), address.strip().replace("&amp;", "&"))
    links.pop("", None)
    return links


def linked(response: HttpResponse, page_url: str, relation: str) -> str | None:
    """Where the answer of `page_url` links to by that relation, absolute; None when it does not.

    Raises:
        ServiceFailed: `http.url_refused` when that is another origin, which would be handed the access token.
    """
    header = response.headers.get("link", "")
    address = read_links(header).get(relation) if relation in header.lower() else None
    return None if address is None else on_same_origin(page_url, address)


def _relation(parameters: str) -> str:
    """The first `rel`, as it is written."""
    named = ((name.lower(), quoted or bare) for name, quoted, bare in _PARAMETER.findall(parameters))
    return next((value for name, value in named if name == "rel"), "")


def _bare(word: str) -> str:
    """A word without what is no letter around it."""
    letters = [place for place, sign in enumerate(word) if sign.isascii() and sign.isalpha()]
    return word[letters[0] : letters[-1] + 1] if letters else ""
