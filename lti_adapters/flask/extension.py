"""Lti: the extension. It holds the handlers; what it is wired to stands in each application."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, Unpack

from attrs import evolve
from dependency_injector.providers import Object
from flask import Flask, Response
from flask.typing import ResponseReturnValue

from lti_adapters.class_list import ClassList
from lti_adapters.container import LtiContainer
from lti_adapters.flask.deep_linking import page_back
from lti_adapters.flask.mounted import AfterLaunch, Handler, Mounted, mount, mounted_as
from lti_adapters.flask.requests import refused
from lti_adapters.flask.views import views
from lti_adapters.grades import Grades
from lti_adapters.outcomes import Refusal
from lti_adapters.settings import load_settings
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.response import Said
from lti_core.errors import ConfigurationError, LtiError
from lti_core.messages import LaunchMessage, MessageType
from lti_core.messages.deep_linking import DeepLinkingRequest
from lti_core.messages.generic import generic
from lti_core.messages.resource_link import ResourceLinkRequest
from lti_core.messages.submission_review import SubmissionReviewRequest
from lti_core.registration import Registration
from lti_core.services.grant import ServiceGrant

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
        on_refused, on_new_deployment: as of `Tool`; those of the container's tool where none is given.

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
    ) -> None:
        if after_launch not in ("render", "redirect"):
            message = 'after_launch must be "render" or "redirect".'
            raise ConfigurationError("config.setting_invalid", message, found=after_launch)
        self._name, self._url_prefix, self._after_launch = name, url_prefix, after_launch
        self._config, self._container = config, container
        hooks: dict[str, Any] = {"on_refused": on_refused, "on_new_deployment": on_new_deployment}
        self._hooks = {name: hook for name, hook in hooks.items() if hook is not None}
        self._handlers: dict[str, Handler] = {}
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Flask) -> None:
        """Add the tool's addresses to `app`.

        Raises:
            ConfigurationError: with a sentence that says what to write instead.
        """
        container = self._container or container_of(app.config.get("LTI") if self._config is None else self._config)
        settings = container.settings()
        tool = evolve(container.tool(), **self._hooks)
        mount(app, Mounted(self._name, tool, settings, self._handlers, self._after_launch))
        app.register_blueprint(views(self._name, self._after_launch), url_prefix=self._url_prefix)
        app.register_error_handler(LtiError, refused)

    def resource_link(self, view: View[ResourceLinkRequest]) -> View[ResourceLinkRequest]:
        """Let `view` answer launches of a link. It is called with the launch."""
        return self.message("LtiResourceLinkRequest")(view)

    def deep_linking(self, view: View[DeepLinkingRequest]) -> View[DeepLinkingRequest]:
        """Let `view` answer requests to pick content."""
        return self.message("LtiDeepLinkingRequest")(view)

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
        return page_back(mounted_as(self._name), launch, items, **said)

    def grades(self, launch: LaunchMessage | ServiceGrant) -> Grades:
        """The gradebook of the launch's course: line items, scores, results. Nothing is asked yet."""
        return mounted_as(self._name).tool.grades(launch)

    def class_list(self, launch: LaunchMessage | ServiceGrant) -> ClassList:
        """The members and groups of the launch's course. Nothing is asked yet."""
        return mounted_as(self._name).tool.class_list(launch)

    def keep_grant(self, launch: LaunchMessage, lifetime: timedelta | None = None) -> ServiceGrant:
        """Keep what the launch allows, for work without a user: see `Tool.keep_grant`."""
        return mounted_as(self._name).tool.keep_grant(launch, lifetime)

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


def container_of(config: Config | None) -> Any:
    """The container of a tool that is configured so.

    Raises:
        ConfigurationError: `config.missing`, and with the codes of the settings.
    """
    if config is None:
        message = 'Give Lti(app, config="tool.json"), or set app.config["LTI"].'
        raise ConfigurationError("config.missing", message)
    if isinstance(config, Mapping):
        container = LtiContainer()
        container.config.from_dict(dict(config))
        return container
    return LtiContainer(settings=Object(load_settings(Path(config))))
