"""A tool and a platform that its services are asked of: the simulated one, or one that answers word for word."""

import json
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any, ClassVar

from attrs import frozen

from lti_adapters.service_client import ServiceClient
from lti_adapters.services.class_list import ClassList
from lti_adapters.services.grades import Grades
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core import claims as c
from lti_core import scopes
from lti_core.claims import Endpoint, GroupsService, NamesRoleService
from lti_core.errors import ServiceFailed
from lti_core.ports import Clock, Http, HttpRequest, HttpResponse
from lti_core.registration import Registration
from lti_core.services.answers import refused
from lti_core.services.command import IDEMPOTENT, Repeat
from lti_core.services.grant import ServiceGrant
from lti_core.structuring import structure
from lti_storage.registrations import FixedRegistrations
from tests.fakes import FakeKeys, FixedClock
from tests.good import CLIENT_ID, ISSUER, REGISTRATION

COURSE = "https://lms.example/c/3"
ITEM = f"{COURSE}/lineitems/9?type_id=1"
ALL = (scopes.LINE_ITEM, scopes.LINE_ITEM_READ, scopes.RESULT_READ, scopes.SCORE)
SILENCE = ServiceFailed("http.timeout", "The platform did not answer in time.")
UNREACHABLE = ServiceFailed("http.unreachable", "The platform cannot be reached.", not_sent=True)

Answer = HttpResponse | ServiceFailed | Callable[[HttpRequest], HttpResponse]


def even() -> float:
    """Chance that is none: pauses are 1 s and 2 s."""
    return 0.5


def said(status: int = 200, body: Any = None, **headers: str) -> HttpResponse:
    """An answer; a header's name is written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status=status, headers=named, body=b"" if body is None else json.dumps(body).encode())


class Scripted:
    """An Http port that gives tokens, and beside that answers in the order that it was told. The last one stays."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.token: Answer = lambda request: said(
            body={"access_token": f"t-{len(self.tokens)}", "token_type": "Bearer", "expires_in": 3600}
        )
        self.tokens: list[HttpRequest] = []
        self.requests: list[HttpRequest] = []
        self._lock = Lock()

    def send(self, request: HttpRequest) -> HttpResponse:
        with self._lock:
            if request.url == REGISTRATION.token_url:
                self.tokens.append(request)
                answer = self.token
            else:
                self.requests.append(request)
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, ServiceFailed):
            raise answer
        return answer if isinstance(answer, HttpResponse) else answer(request)


class Sleeper(FixedClock):
    """A clock that remembers how long it was slept by."""

    def __init__(self) -> None:
        super().__init__()
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        super().sleep(seconds)


@frozen
class Ask:
    """A command of somebody's own, which answers the body."""

    url: str = f"{COURSE}/lineitems"
    method: str = "GET"

    scopes: ClassVar[tuple[str, ...]] = (scopes.LINE_ITEM_READ, scopes.LINE_ITEM)
    repeat: ClassVar[Repeat] = IDEMPOTENT

    def to_request(self) -> HttpRequest:
        return HttpRequest(method=self.method, url=self.url)

    def read_response(self, response: HttpResponse) -> bytes:
        if not 200 <= response.status < 300:
            raise refused(self.to_request(), response, self.scopes)
        return response.body


def command(**members: Any) -> Any:
    """`Ask` with other scopes, or another repeat."""
    return type("Other", (Ask,), members)()


def client_of(http: Http, clock: Clock | None = None, registration: Registration = REGISTRATION) -> ServiceClient:
    """A client that knows one registration."""
    return ServiceClient(http, FakeKeys(), clock or Sleeper(), FixedRegistrations((registration,)), even)


def grant_of(endpoint: Endpoint | None = None, **changes: Any) -> ServiceGrant:
    """What the platform of `tests.good` grants: all scopes, a class list and groups; no line item of the link."""
    given = {
        "issuer": ISSUER,
        "client_id": CLIENT_ID,
        "deployment_id": "dep-1",
        "context_id": "c-3",
        "resource_link_id": "rl-7",
        "resource_link_title": "Quiz 7",
        "endpoint": endpoint or Endpoint(scopes=ALL, line_items=f"{COURSE}/lineitems"),
        "names_role_service": NamesRoleService(context_memberships_url=f"{COURSE}/members"),
        "groups_service": GroupsService(
            context_groups_url=f"{COURSE}/groups", context_group_sets_url=f"{COURSE}/groupsets"
        ),
    }
    return ServiceGrant(**{**given, **changes})


GRANT = grant_of()


def registration_of(platform: SimulatedPlatform) -> Registration:
    """The tool's registration at a simulated platform."""
    [[issuer, [told]]] = platform.registration_document().items()
    return Registration(
        issuer=issuer,
        client_id=told["client_id"],
        login_url=told["auth_login_url"],
        token_url=told["auth_token_url"],
        audience=told.get("auth_audience"),
        key_set=told["key_set"],
        deployment_ids=told["deployment_ids"],
    )


@frozen(eq=False)
class Scene:
    """A simulated platform, and the tool's side of its services."""

    platform: SimulatedPlatform
    client: ServiceClient

    def grant(self, activity: str = "quiz-1", **changes: Any) -> ServiceGrant:
        """What a launch of that activity grants."""
        claims = self.platform.resource_link(activity=activity).claims
        kinds = ((c.AGS_ENDPOINT, Endpoint), (c.NRPS, NamesRoleService), (c.GROUPS, GroupsService))
        names = ("endpoint", "names_role_service", "groups_service")
        offered = {
            name: structure(kind, dict(claims[claim])) if claim in claims else None
            for name, (claim, kind) in zip(names, kinds, strict=True)
        }
        given = {
            "issuer": self.platform.issuer,
            "client_id": self.platform.client_id,
            "deployment_id": self.platform.deployment_id,
            "context_id": self.platform.courses[0].id,
            "resource_link_id": activity,
            "resource_link_title": claims[c.RESOURCE_LINK].get("title"),
            "platform": self.platform.profile.family,
            **offered,
        }
        return ServiceGrant(**{**given, **changes})

    def grades(self, activity: str = "quiz-1", **changes: Any) -> Grades:
        """The gradebook, as after a launch of that activity."""
        return Grades(self.client, self.grant(activity, **changes))

    def class_list(self, **changes: Any) -> ClassList:
        """The class list, as after a launch."""
        return ClassList(self.client, self.grant(**changes))

    def asked(self) -> list[str]:
        """The requests so far: method and kind of service."""
        return [f"{exchange.method} {exchange.kind}" for exchange in self.platform.requests]


def words(listed: Iterable[Any], name: str) -> list[Any]:
    """One attribute of each."""
    return [getattr(one, name) for one in listed]
