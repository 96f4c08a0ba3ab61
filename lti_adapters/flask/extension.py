"""Lti: the extension. It holds the handlers; what it is wired to stands in each application."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from attrs import evolve
from dependency_injector.providers import Object
from flask import Flask
from flask.typing import ResponseReturnValue

from lti_adapters.container import LtiContainer
from lti_adapters.flask.mounted import AfterLaunch, Handler, Mounted, mount
from lti_adapters.flask.requests import refused
from lti_adapters.flask.views import views
from lti_adapters.settings import load_settings
from lti_adapters.tool import Refusal
from lti_core.errors import ConfigurationError, LtiError
from lti_core.messages import MessageType
from lti_core.messages.deep_linking import DeepLinkingRequest
from lti_core.messages.generic import generic
from lti_core.messages.resource_link import ResourceLinkRequest
from lti_core.messages.submission_review import SubmissionReviewRequest
from lti_core.registration import Registration

Message = TypeVar("Message")
View = Callable[[Message], ResponseReturnValue]
Config = str | Path | Mapping[str, Any]


class Lti:
    """Makes a Flask application an LTI tool.

    Args:
        app: the application; or none, and `init_app` later.
        config: a settings file, a registrations file, or a mapping of settings; else the application's own setting
            `LTI`.
        container: a wired `LtiContainer`, in place of `config`.
        url_prefix: where the addresses `login`, `launch` and `jwks` are.
        name: the blueprint's name; another one for each tool in an application.
        after_launch: "render": the handler answers the launch itself. "redirect": the launch is answered with 303 to
            a page that carries the launch, so that a reload of it works.
        on_refused, on_new_deployment, id_opens_launches: as of `Tool`.

    Raises:
        ConfigurationError: with a sentence that says what to write instead.
    """

    def __init__(
        self,
        app: Flask | None = None,
        config: Config | None = None,
        *,
        container: Any = None,
        url_prefix: str = "/lti",
        name: str = "lti",
        after_launch: AfterLaunch = "render",
        on_refused: Callable[[Refusal], object] | None = None,
        on_new_deployment: Callable[[Registration, str], bool] | None = None,
        id_opens_launches: bool = False,
    ) -> None:
        if after_launch not in ("render", "redirect"):
            message = 'after_launch must be "render" or "redirect".'
            raise ConfigurationError("config.setting_invalid", message, found=after_launch)
        self._name, self._url_prefix, self._after_launch = name, url_prefix, after_launch
        self._config, self._container = config, container
        self._hooks = {
            "on_refused": on_refused,
            "on_new_deployment": on_new_deployment,
            "id_opens_launches": id_opens_launches,
        }
        self._handlers: dict[str, Handler] = {}
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Add the tool's addresses to `app`.

        Raises:
            ConfigurationError: with a sentence that says what to write instead.
        """
        container = self._container or _container(app.config.get("LTI") if self._config is None else self._config)
        settings = container.settings()
        tool = evolve(container.tool(), **self._hooks)
        mount(app, Mounted(self._name, tool, settings, self._handlers, self._after_launch))
        app.register_blueprint(views(self._name), url_prefix=self._url_prefix)
        app.register_error_handler(LtiError, refused)

    def resource_link(self, view: View[ResourceLinkRequest]) -> View[ResourceLinkRequest]:
        """Let `view` answer launches of a link. It is called with the launch."""
        return self.message("LtiResourceLinkRequest")(view)

    def deep_linking(self, view: View[DeepLinkingRequest]) -> View[DeepLinkingRequest]:
        """Let `view` answer requests to pick content."""
        return self.message("LtiDeepLinkingRequest")(view)

    def submission_review(self, view: View[SubmissionReviewRequest]) -> View[SubmissionReviewRequest]:
        """Let `view` answer requests to look at work behind a grade."""
        return self.message("LtiSubmissionReviewRequest")(view)

    def message(self, kind: str | MessageType) -> Callable[[View[Any]], View[Any]]:
        """Let a view answer messages of that type.

        Args:
            kind: a type of the specifications, or a `MessageType` of yours. A name that this library has no class for
                is delivered as `GenericLaunch`.
        """

        def registered(view: View[Any]) -> View[Any]:
            name = kind if isinstance(kind, str) else kind.name
            self._handlers[name] = Handler(view, None if isinstance(kind, str) else kind, generic(name))
            return view

        return registered


def _container(config: Config | None) -> Any:
    if config is None:
        message = 'Give Lti(app, config="tool.json"), or set app.config["LTI"].'
        raise ConfigurationError("config.missing", message)
    if isinstance(config, Mapping):
        container = LtiContainer()
        container.config.from_dict(dict(config))
        return container
    return LtiContainer(settings=Object(load_settings(Path(config))))
