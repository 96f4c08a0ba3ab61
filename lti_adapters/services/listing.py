"""Listing: the items of a platform's list, fetched page by page while they are taken."""

import logging
from collections.abc import Iterator
from typing import Generic, TypeVar

from attrs import define, evolve, field

from lti_core.errors import LtiError
from lti_core.services.command import Page, Skipped

MOST_SKIPPED = 100

log = logging.getLogger("lti")

Item = TypeVar("Item")


@define(eq=False)
class Listing(Generic[Item]):
    """An iterator, once through, that keeps no more than a page. For one thread.

    A failure is raised when its page is reached; what was taken before stays. Asked once more it fails again, so that
    a list that broke off is never taken for a whole one.

    Attributes:
        differences: after the end: where the platform tells later what has changed since, if it does.
        skipped: what could not be read and was left out; the first hundred.
        skipped_count: how many that were.
    """

    _pages: Iterator[Page[Item]]
    differences: str | None = field(default=None, init=False)
    skipped: tuple[Skipped, ...] = field(default=(), init=False)
    skipped_count: int = field(default=0, init=False)
    _current: Iterator[Item] = field(factory=lambda: iter(()), init=False)
    _failure: LtiError | None = field(default=None, init=False)

    def __iter__(self) -> "Listing[Item]":
        return self

    def __next__(self) -> Item:
        while True:
            for item in self._current:
                return item
            self._turn()

    def _turn(self) -> None:
        if self._failure is not None:
            raise evolve(self._failure)
        try:
            page = next(self._pages)
        except LtiError as error:
            self._failure = evolve(error)  # without its traceback
            raise
        self._current = iter(page.items)
        self.differences = page.differences if page.next is None else None
        if page.skipped:
            self._note(page.skipped)

    def _note(self, skipped: tuple[Skipped, ...]) -> None:
        self.skipped = (*self.skipped, *skipped)[:MOST_SKIPPED]
        self.skipped_count += len(skipped)
        first = skipped[0]
        log.warning("%d items of a page were left out; number %d: %s", len(skipped), first.position, first.code)
