"""Lti: a tool of a Django project. It holds the handlers, and the addresses for the URLconf."""

from collections.abc import Iterable
from threading import Lock
from typing import Any, Unpack

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern

from lti_adapters.container import Config, container_of
from lti_adapters.django.mount import Mount, launch_url
from lti_adapters.django.requests import response_of
from lti_adapters.django.views import patterns
from lti_adapters.web.endpoints import page_back
from lti_adapters.web.extension import Extension, Options
from lti_adapters.web.mounted import Mounted
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.response import Said
from lti_core.messages import LaunchMessage


class Lti(Extension):
    """Makes a Django project an LTI tool. Views of launches are called with the request and the launch.

    Nothing is read or opened before the first request; `manage.py check` tells before what cannot work.

    Args:
        config: a settings file, a registrations file, or a mapping of settings; else Django's setting `LTI`.
        options: as of `Extension`. `name` is the namespace of the tool's addresses; where `lti.urls` is included in a
            URLconf that has a namespace itself, that stands before it: "quiz:lti".
    """

    def __init__(self, config: Config | None = None, **options: Unpack[Options]) -> None:
        super().__init__(config, **options)
        self._lock = Lock()
        self._made_once: Mounted | None = None
        self._mount = Mount(self._name, self._wired, self._mounted)
        self._patterns = patterns(self._mount, self._after_launch)

    @property
    def urls(self) -> tuple[list[URLPattern], str]:
        """The tool's addresses, for `path("lti/", include(lti.urls))`."""
        return self._patterns, self._name.rpartition(":")[2]

    def prepare(self) -> None:
        """Read the configuration and open what it names now, rather than at the first request.

        Raises:
            ConfigurationError, StorageFailed: with a sentence that says what to write instead.
        """
        self._mounted()

    def _wired(self) -> Any:
        """One for all threads: each container would have its own memory of used nonces.

        Raises:
            ConfigurationError: with a sentence that says what to write instead.
        """
        with self._lock:
            if self._container is None:
                self._container = container_of(getattr(settings, "LTI", None) if self._config is None else self._config)
            return self._container

    def _mounted(self) -> Mounted:
        if self._made_once is None:
            self._made_once = self._made(container=self._wired())
        return self._made_once

    def deep_linking_response(
        self, request: HttpRequest, launch: LaunchMessage, items: Iterable[ContentItem], **said: Unpack[Said]
    ) -> HttpResponseBase:
        """A page that takes `items` to the platform, by itself or by its button. None of them: nothing was picked.

        Args:
            launch: the deep linking request, in its view or in that of a later request.
            said: `message`, `log`, `error_message`, `error_log`, `line_items`: as of
                `lti_core.deep_linking.deep_linking_response`.

        Raises:
            AccessRefused, InvalidValue: with the codes of that function.
        """
        mounted = self._mounted()
        return response_of(page_back(mounted, launch, items, launch_url(request, mounted.name), **said))
