"""Redirect: the way to the platform, as a framework's response."""

from abc import abstractmethod
from typing import Generic, TypeVar

T = TypeVar("T")


class Redirect(Generic[T]):
    """Implement it to use a framework of your own."""

    @abstractmethod
    def do_redirect(self) -> T:
        """A response with status 302."""
        raise NotImplementedError

    @abstractmethod
    def do_js_redirect(self) -> T:
        """A page whose script goes on."""
        raise NotImplementedError

    @abstractmethod
    def set_redirect_url(self, location: str) -> None:
        """Lead elsewhere."""
        raise NotImplementedError

    @abstractmethod
    def get_redirect_url(self) -> str:
        """Where it leads."""
        raise NotImplementedError
