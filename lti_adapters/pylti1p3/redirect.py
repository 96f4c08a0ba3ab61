"""Redirect: the way to the platform, as a framework's response."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

T = TypeVar("T")


class Redirect(ABC, Generic[T]):
    """Implement it to use a framework of your own."""

    @abstractmethod
    def do_redirect(self) -> T:
        """A response with status 302."""

    @abstractmethod
    def do_js_redirect(self) -> T:
        """A page whose script goes on."""

    @abstractmethod
    def set_redirect_url(self, location: str) -> None:
        """Lead elsewhere."""

    @abstractmethod
    def get_redirect_url(self) -> str:
        """Where it leads."""
