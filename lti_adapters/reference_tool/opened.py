"""A remembered launch behind an address of the reference tool: the launch id in the address is the key to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from urllib.parse import urljoin

from attrs import field, frozen
from flask import Response, jsonify, request, url_for

from lti_adapters.flask.access import restore
from lti_adapters.flask.mounted import Mounted, mounted_as
from lti_adapters.pages.refusal import error_document, headers_of, status_of
from lti_adapters.reference_tool.offers import PATHS
from lti_adapters.reference_tool.service_pages import Place
from lti_adapters.reference_tool.services import Services
from lti_core.errors import LtiError
from lti_core.messages import LaunchMessage

NAME = "lti"


@frozen
class Opened:
    """A launch that was opened again, and what can be done with it."""

    launch: LaunchMessage
    launch_id: str = field(repr=False)

    @property
    def mounted(self) -> Mounted:
        """The tool."""
        return mounted_as(NAME)

    @property
    def services(self) -> Services:
        """The services of the launch's course."""
        return Services(self.mounted.tool, self.launch)

    @property
    def place(self) -> Place:
        """Where the page that is asked for stands."""
        address = url_for("launched", launch_id=self.launch_id)
        return Place(
            launch=self.launch, address=request.path, launch_address=address, framed_by=platform_urls(self.launch)
        )

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Refusals within are logged, and told to the tool's hook."""
        try:
            yield
        except LtiError as error:
            self.mounted.tool.record(error, self.launch.issuer, self.launch.client_id)
            raise


def of_launch(view: Callable[[Opened], Response]) -> Callable[[str], Response]:
    """A view of a launch. Programs get refusals as JSON, also where they do not ask for it by name."""

    @wraps(view)
    def opened(launch_id: str) -> Response:
        try:
            answer = view(Opened(restore(mounted_as(NAME), launch_id), launch_id))
        except LtiError as error:
            if asked_by_person():
                raise
            answer = jsonify(error_document(error))
            answer.status_code = status_of(error)
            answer.headers.update(headers_of(error))
        answer.vary.add("Accept")
        return answer

    return opened


def recorded(view: Callable[[Opened], Response]) -> Callable[[Opened], Response]:
    """A view whose refusals are recorded."""

    @wraps(view)
    def kept(opened: Opened) -> Response:
        with opened.recorded():
            return view(opened)

    return kept


def asked_by_person() -> bool:
    """Whether a page is wanted, rather than JSON."""
    return request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html"


def platform_urls(launch: LaunchMessage) -> tuple[str, ...]:
    """The platform's addresses that its people may see this tool from, beside those that the launch names."""
    registration = mounted_as(NAME).tool.registrations.find(launch.issuer, launch.client_id)
    return () if registration is None else (registration.login_url,)


def origin() -> str:
    """Where the tool is known from outside."""
    return mounted_as(NAME).settings.tool.url or request.host_url


def service_paths(launch_id: str) -> dict[str, str]:
    """The addresses of a launch's services on this host, by path."""
    return {path: url_for(path, launch_id=launch_id) for path in PATHS}


def service_urls(launch_id: str) -> dict[str, str]:
    """As `service_paths`, the whole addresses: for programs."""
    return {path: urljoin(origin(), address) for path, address in service_paths(launch_id).items()}
