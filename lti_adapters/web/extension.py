"""Extension: the part of `Lti` that is alike in every framework."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypedDict, TypeVar

from attrs import evolve
from dependency_injector.providers import Object

from lti_adapters.container import Config, container_of, is_of_one_process
from lti_adapters.outcomes import Refusal
from lti_adapters.services.class_list import ClassList
from lti_adapters.services.grades import Grades
from lti_adapters.web.mounted import AfterLaunch, Handler, Mounted, warn_of_workers
from lti_core.errors import ConfigurationError
from lti_core.messages import LaunchMessage, MessageType
from lti_core.messages.generic import generic
from lti_core.messages.message import prepare
from lti_core.registration import Registration
from lti_core.services.grant import ServiceGrant


class Options(TypedDict, total=False):
    """What `Extension` may be told beside the configuration."""

    container: Any
    name: str
    after_launch: AfterLaunch
    on_refused: Callable[[Refusal], object] | None
    on_new_deployment: Callable[[Registration, str], bool] | None


View = TypeVar("View", bound=Callable[..., Any])


class Extension(ABC):
    """Holds the views that answer launches, and what the tool is configured by.

    Args:
        config: a settings file, a registrations file, or a mapping of settings.
        container: a wired `LtiContainer`, in place of `config`.
        name: another one for each tool in an application.
        after_launch: "render": the view answers the launch itself. "redirect": the launch is answered with 303 to a
            page that carries the launch, so that a reload of it works.
        on_refused, on_new_deployment: as of `Tool`; those of the container's tool where none is given.

    Raises:
        ConfigurationError: `config.setting_invalid`.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        container: Any = None,
        name: str = "lti",
        after_launch: AfterLaunch = "render",
        on_refused: Callable[[Refusal], object] | None = None,
        on_new_deployment: Callable[[Registration, str], bool] | None = None,
    ) -> None:
        if after_launch not in ("render", "redirect"):
            message = 'after_launch must be "render" or "redirect".'
            raise ConfigurationError("config.setting_invalid", message, found=after_launch)
        self._config, self._container = config, container
        self._name, self._after_launch = name, after_launch
        hooks: dict[str, Any] = {"on_refused": on_refused, "on_new_deployment": on_new_deployment}
        self._hooks = {name: hook for name, hook in hooks.items() if hook is not None}
        self._handlers: dict[str, Handler] = {}

    def _made(self, config: Config | None = None, container: Any = None, **parts: object) -> Mounted:
        """The tool, wired by `container`, else by what this extension was given, else by `config`.

        Args:
            parts: of the container, by the names of their providers.

        Raises:
            ConfigurationError: with a sentence that says what to write instead.
        """
        wired = container or self._container or container_of(config if self._config is None else self._config)
        for name, part in parts.items():
            getattr(wired, name).override(Object(part))
        tool = evolve(wired.tool(), **self._hooks)
        if is_of_one_process(wired.store()):
            warn_of_workers()
        return Mounted(self._name, tool, wired.settings(), self._handlers, self._after_launch)

    @abstractmethod
    def _mounted(self) -> Mounted:
        """The tool that this extension stands for, here."""

    def resource_link(self, view: View) -> View:
        """Let `view` answer launches of a link: it is called with a `ResourceLinkRequest`."""
        return self.message("LtiResourceLinkRequest")(view)

    def deep_linking(self, view: View) -> View:
        """Let `view` answer requests to pick content: it is called with a `DeepLinkingRequest`."""
        return self.message("LtiDeepLinkingRequest")(view)

    def submission_review(self, view: View) -> View:
        """Let `view` answer requests to look at work behind a grade: it is called with a `SubmissionReviewRequest`."""
        return self.message("LtiSubmissionReviewRequest")(view)

    def message(self, kind: str | MessageType) -> Callable[[View], View]:
        """Let a view answer messages of that type.

        Args:
            kind: a type of the specifications, or a `MessageType` of yours. A name that this library has no class for
                is delivered as `GenericLaunch`.
        """

        def registered(view: View) -> View:
            name = kind if isinstance(kind, str) else kind.name
            if not isinstance(kind, str):
                prepare([kind])
            self._handlers[name] = Handler(view, None if isinstance(kind, str) else kind, generic(name))
            return view

        return registered

    def grades(self, launch: LaunchMessage | ServiceGrant) -> Grades:
        """The gradebook of the launch's course: line items, scores, results. Nothing is asked yet."""
        return self._mounted().tool.grades(launch)

    def class_list(self, launch: LaunchMessage | ServiceGrant) -> ClassList:
        """The members and groups of the launch's course. Nothing is asked yet."""
        return self._mounted().tool.class_list(launch)

    def keep_grant(self, launch: LaunchMessage, lifetime: timedelta | None = None) -> ServiceGrant:
        """Keep what the launch allows, for work without a user: see `Tool.keep_grant`."""
        return self._mounted().tool.keep_grant(launch, lifetime)
