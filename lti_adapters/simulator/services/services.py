"""Services: a request to any service, answered."""

from collections.abc import Callable, Mapping

from attrs import evolve, field, frozen

from lti_adapters.simulator.services.answers import Call, Refused, Reply, answer
from lti_adapters.simulator.services.groups import group_sets, groups
from lti_adapters.simulator.services.line_items import (
    create_line_item,
    delete_line_item,
    list_line_items,
    read_line_item,
    replace_line_item,
)
from lti_adapters.simulator.services.log import Exchange, RequestLog
from lti_adapters.simulator.services.members import members
from lti_adapters.simulator.services.misbehaviour import KINDS, Doing, Misbehaviours, base_of
from lti_adapters.simulator.services.results import results
from lti_adapters.simulator.services.scores import scores
from lti_adapters.simulator.services.tokens import AccessTokens, TokenEndpoint
from lti_adapters.simulator.services.world import World
from lti_core import scopes
from lti_core.ports import HttpRequest, HttpResponse

Handler = Callable[[Call, World], HttpResponse]


@frozen
class Route:
    """What is done for a method at a service, and which scopes, one of them, that takes."""

    handler: Handler
    scopes: frozenset[str]


_READS_ITEMS = frozenset({scopes.LINE_ITEM, scopes.LINE_ITEM_READ})
_WRITES_ITEMS = frozenset({scopes.LINE_ITEM})
_MEMBERS, _GROUPS = frozenset({scopes.MEMBERS_READ}), frozenset({scopes.GROUPS_READ})
ROUTES: Mapping[tuple[str, str], Route] = {
    ("GET", "members"): Route(members, _MEMBERS),
    ("GET", "link-members"): Route(members, _MEMBERS),
    ("GET", "groups"): Route(groups, _GROUPS),
    ("GET", "group-sets"): Route(group_sets, _GROUPS),
    ("GET", "line-items"): Route(list_line_items, _READS_ITEMS),
    ("POST", "line-items"): Route(create_line_item, _WRITES_ITEMS),
    ("GET", "line-item"): Route(read_line_item, _READS_ITEMS),
    ("PUT", "line-item"): Route(replace_line_item, _WRITES_ITEMS),
    ("DELETE", "line-item"): Route(delete_line_item, _WRITES_ITEMS),
    ("POST", "scores"): Route(scores, frozenset({scopes.SCORE})),
    ("GET", "results"): Route(results, frozenset({scopes.RESULT_READ})),
}


@frozen(kw_only=True, eq=False)
class Services:
    """All services of a platform. Threads may share it. `published` makes the platform's own key set."""

    world: World
    endpoint: TokenEndpoint
    tokens: AccessTokens
    published: Callable[[], Mapping[str, object]]
    misbehaviours: Misbehaviours = field(factory=Misbehaviours)
    requests: RequestLog = field(factory=RequestLog)

    def respond(self, request: HttpRequest, connection: str = "") -> Reply:
        """The answer to a request, whatever it is. `connection` says by which one it came, for the log."""
        call = self.world.addresses.read(request)
        refusals: list[Refused] = []

        def served() -> HttpResponse:
            return self._served(call, refusals)

        rule = self.misbehaviours.meeting(call)
        if rule is None:
            reply = Reply(response=served())
        else:
            base = base_of(self.world.addresses.issuer)
            reply = KINDS[rule.kind](Doing(call, served, rule.details, base))
        exchange = Exchange(
            method=call.method,
            path=call.target,
            kind=call.kind,
            status=None if reply.lost else reply.response.status,
            problem=refusals[0].reason if refusals else "",
            misbehaved=rule.kind if rule is not None else "",
            connection=connection,
        )
        self.requests.add(exchange)
        return reply

    def issue_token(self, wanted: tuple[str, ...], seconds: int) -> str:
        """An access token without an assertion, for tests that begin with one."""
        now = self.world.clock.now().timestamp()
        return self.tokens.issue(frozenset(wanted), now + seconds)

    def _served(self, call: Call, refusals: list[Refused]) -> HttpResponse:
        profile = self.world.profile
        try:
            if call.kind == "token":
                return self.endpoint.answer(call, self.world)
            return self._handled(call)
        except Refused as refusal:
            refusals.append(refusal)
            made = profile.token_refused(refusal) if call.kind == "token" else profile.refused(refusal, call)
            return evolve(made, body=b"") if call.method == "HEAD" else made

    def _handled(self, call: Call) -> HttpResponse:
        world, profile = self.world, self.world.profile
        if call.kind == "key-set":
            return answer(200, self.published(), cache_control="max-age=300")
        if not call.kind:
            raise profile.no_service(call)
        profile.check_media_types(call)
        route = ROUTES.get((call.method, call.kind))
        if route is None:
            raise Refused(405, "Method Not Allowed")
        granted = self.tokens.of(call, world.clock.now().timestamp(), exact=profile.bearer_exact)
        if route.scopes.isdisjoint(granted.scopes):
            raise Refused(profile.scope_missing, "The access token has none of the scopes that this takes.")
        profile.check_place(call, world.addresses.deployment_id)
        return route.handler(call, world)
