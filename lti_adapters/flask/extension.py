"""Lti: the extension. It holds the handlers; what it is wired to stands in each application."""

from collections.abc import Iterable
from typing import Any, Unpack

from flask import Flask, Response

from lti_adapters.container import Config
from lti_adapters.flask.mounted import mount, mounted_as
from lti_adapters.flask.requests import asked_of, refusal, response_of
from lti_adapters.flask.views import views
from lti_adapters.web.endpoints import page_back
from lti_adapters.web.extension import Extension, Options
from lti_adapters.web.mounted import Mounted
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.response import Said
from lti_core.errors import LtiError
from lti_core.messages import LaunchMessage


class Lti(Extension):
    """Makes a Flask application an LTI tool. Views of launches are called with the launch.

    Args:
        app: the application; or none, and `init_app` later.
        config: a settings file, a registrations file, or a mapping of settings; else the application's own setting
            `LTI`.
        url_prefix: where the addresses `login`, `launch` and `jwks` are.
        options: as of `Extension`.

    Raises:
        ConfigurationError: with a sentence that says what to write instead.
    """

    def __init__(
        self,
        app: Flask | None = None,
        config: Config | None = None,
        *,
        url_prefix: str = "/lti",
        **options: Unpack[Options],
    ) -> None:
        super().__init__(config, **options)
        self._url_prefix = url_prefix
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask, *, container: Any = None) -> None:
        """Add the tool's addresses to `app`.

        Args:
            container: a wired `LtiContainer` for this application.

        Raises:
            ConfigurationError: with a sentence that says what to write instead.
        """
        mount(app, self._made(app.config.get("LTI"), container, flask_extensions=app.extensions))
        app.register_blueprint(views(self._name, self._after_launch), url_prefix=self._url_prefix)
        app.register_error_handler(LtiError, refusal)

    def _mounted(self) -> Mounted:
        return mounted_as(self._name)

    def deep_linking_response(
        self, launch: LaunchMessage, items: Iterable[ContentItem], **said: Unpack[Said]
    ) -> Response:
        """A page that takes `items` to the platform, by itself or by its button. None of them: nothing was picked.

        Args:
            launch: the deep linking request, in its view or in that of a later request.
            said: `message`, `log`, `error_message`, `error_log`, `line_items`: as of
                `lti_core.deep_linking.deep_linking_response`.

        Raises:
            AccessRefused, InvalidValue: with the codes of that function.
        """
        mounted = self._mounted()
        return response_of(page_back(mounted, launch, items, asked_of(mounted).launch_url, **said))
