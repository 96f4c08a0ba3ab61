"""A simulated platform, the reference tool, and a launch between them that is used from outside."""

from typing import Any

from attrs import frozen
from dependency_injector.providers import Object
from flask.testing import FlaskClient

from lti_adapters.container import LtiContainer
from lti_adapters.reference_tool.flask_app import create_app
from lti_adapters.simulator.clients import FORM
from lti_adapters.simulator.keys import KeyRing, PlatformKey
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.people import TEACHER, Person
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.fakes import PLATFORM_PEM, TOOL_PEM
from tests.service_client.scene import Sleeper

HTTPS = "https://localhost"
JSON = {"Accept": "application/json"}
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
GOOD = {"user_id": "u-learner", "given": 8, "maximum": 10}
KEY = PlatformKey.of(PLATFORM_PEM)


@frozen
class Site:
    """A platform, and the reference tool that is registered there."""

    platform: SimulatedPlatform
    client: FlaskClient

    def launched(self, user: Person = TEACHER, activity: str = "quiz-1", message: Message | None = None) -> "Launched":
        """A launch that is used from another browser, by its id alone."""
        page = self.platform.launch(
            self.client, user=user, resource_link=activity, message=message, accept="application/json"
        )
        return Launched(self.client.application.test_client(), page.json)


@frozen
class Launched:
    """A launch, and a program that knows its id."""

    client: FlaskClient
    document: Any

    def get(self, path: str, headers: Any = JSON, **query: Any) -> Any:
        return self.client.get(self.address(path), query_string=query, base_url=HTTPS, headers=headers)

    def post(self, path: str, document: Any, **how: Any) -> Any:
        return self.client.post(self.address(path), json=document, base_url=HTTPS, headers=JSON, **how)

    def sends_form(self, path: str, **fields: Any) -> Any:
        return self.client.post(self.address(path), data=fields, content_type=FORM, base_url=HTTPS, headers=HTML)

    def address(self, path: str) -> str:
        return f"/tool/launches/{self.document['launch_id']}/{path}"


def site(*, id_opens_launches: bool = True, **arguments: Any) -> Site:
    clock = Sleeper()
    platform = SimulatedPlatform(clock=clock, keys=KeyRing([KEY]), tool_private_key=TOOL_PEM, **arguments)
    container = LtiContainer(http=Object(platform.http), clock=Object(clock))
    container.config.from_dict(platform.config)
    return Site(platform, create_app(container=container, id_opens_launches=id_opens_launches).test_client())
