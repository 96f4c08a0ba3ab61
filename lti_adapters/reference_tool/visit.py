"""A visit: one request to an address of a launch. The launch id in the address is the key to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin

from attrs import field, frozen

from lti_adapters.reference_tool.offers import PATHS
from lti_adapters.reference_tool.service_pages import Place
from lti_adapters.reference_tool.services import Services
from lti_adapters.web.asked import Asked
from lti_adapters.web.mounted import Mounted
from lti_core.errors import LtiError
from lti_core.messages import LaunchMessage

PREFIX = "/lti"


@frozen
class Visit:
    """A request, the launch that it is about, and what can be done with that."""

    mounted: Mounted
    asked: Asked
    launch: LaunchMessage
    launch_id: str = field(repr=False)

    @property
    def address(self) -> str:
        """Of the launch, on this host."""
        return f"{root(self.asked)}/tool/launches/{self.launch_id}"

    @property
    def services(self) -> Services:
        """The services of the launch's course."""
        return Services(self.mounted.tool, self.launch)

    def place(self, path: str) -> Place:
        """Where the page of the service at `path` stands."""
        return Place(
            launch=self.launch,
            address=f"{self.address}/{path}",
            launch_address=self.address,
            framed_by=self.platform_urls(),
        )

    def platform_urls(self) -> tuple[str, ...]:
        """The platform's addresses that its people may see this tool from, beside those that the launch names."""
        registration = self.mounted.tool.registrations.find(self.launch.issuer, self.launch.client_id)
        return () if registration is None else (registration.login_url,)

    def service_paths(self) -> dict[str, str]:
        """The addresses of the launch's services on this host, by path."""
        return {path: f"{self.address}/{path}" for path in PATHS}

    def service_urls(self) -> dict[str, str]:
        """As `service_paths`, the whole addresses: for programs."""
        here = origin(self.mounted, self.asked)
        return {path: urljoin(here, address) for path, address in self.service_paths().items()}

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Refusals within are logged, and told to the tool's hook."""
        try:
            yield
        except LtiError as error:
            self.mounted.tool.record(error, self.launch.issuer, self.launch.client_id)
            raise


def root(asked: Asked) -> str:
    """The path below which the application is served; empty for the root of its host."""
    return _path(asked.launch_url).removesuffix(f"{PREFIX}/launch")


def origin(mounted: Mounted, asked: Asked) -> str:
    """Where the tool is known from outside."""
    return mounted.settings.tool.url or asked.launch_url.removesuffix(_path(asked.launch_url))


def _path(url: str) -> str:
    """Of an absolute address without a query."""
    host_and_path = url.partition("://")[2]
    return "/" + host_and_path.partition("/")[2]
