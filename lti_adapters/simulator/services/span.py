"""A part of a list, and the links to the others (RFC 8288)."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from attrs import evolve, frozen

from lti_adapters.simulator.services.addresses import with_query

Entry = TypeVar("Entry")


@frozen(kw_only=True)
class Span:
    """A part of a list. `size` None: all that follows `start`. `total` is the whole list's, once it is known."""

    start: int = 0
    size: int | None = None
    total: int = 0

    @property
    def stop(self) -> int:
        """Where the next page begins."""
        return self.total if self.size is None else self.start + self.size

    @property
    def has_more(self) -> bool:
        """Whether anything follows."""
        return self.stop < self.total

    def of(self, total: int) -> "Span":
        """This part of a list of that length."""
        return evolve(self, total=total)

    def cut(self, entries: Sequence[Entry]) -> list[Entry]:
        """This part of `entries`."""
        return list(entries[self.start : self.stop])

    def at(self, start: int, url: str, query: Mapping[str, str], page_by: str) -> str:
        """The address of the page that begins at `start`."""
        size = self.size or 1
        place = start if page_by == "from" else start // size + 1
        return with_query(url, {**query, "limit": str(size), page_by: str(place)})

    def next_address(self, url: str, query: Mapping[str, str], page_by: str) -> str:
        """The address of the next page; empty when this is the last."""
        return self.at(self.stop, url, query, page_by) if self.has_more else ""


def next_only(address: str) -> str:
    """A Link header that leads to the next page; empty where there is none."""
    return f'<{address}>; rel="next"' if address else ""


def link_header(links: str) -> dict[str, str]:
    """The headers that a page has because of its links."""
    return {"link": links} if links else {}
