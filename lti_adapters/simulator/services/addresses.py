"""Where a platform's services are, as its profile has it: addresses are made, and read again."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from attrs import field, frozen

from lti_adapters.simulator.profiles.paths import Paths
from lti_adapters.simulator.services.answers import Call
from lti_core.ports import HttpRequest


@frozen(kw_only=True)
class Addresses:
    """The addresses of one platform's services, for one deployment of the tool."""

    issuer: str
    deployment_id: str
    paths: Paths
    _routes: tuple[tuple[str, re.Pattern[str]], ...] = field(init=False, repr=False, eq=False)

    @_routes.default
    def _compiled(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        return tuple((kind, _pattern(template)) for kind, template in _templates(self.paths) if template)

    @property
    def key_set(self) -> str:
        """Where the platform's own keys are."""
        return f"{self.issuer}/jwks"

    @property
    def token(self) -> str:
        """Where access tokens are handed out."""
        return self._url(self.paths.token)

    def members(self, course_id: str) -> str:
        """The class list of a course."""
        return self._url(self.paths.members, course=course_id)

    def groups(self, course_id: str) -> str:
        """The groups of a course."""
        return self._url(self.paths.groups, course=course_id)

    def group_sets(self, course_id: str) -> str:
        """The sets of groups of a course."""
        return self._url(self.paths.group_sets, course=course_id)

    def line_items(self, course_id: str) -> str:
        """The line items of a course."""
        return self._url(self.paths.line_items, course=course_id) + self._query

    def line_item(self, course_id: str, line_item_id: str) -> str:
        """One line item."""
        return self._url(self.paths.line_item, course=course_id, line_item=line_item_id) + self._query

    def result(self, course_id: str, line_item_id: str, user_id: str) -> str:
        """One user's result."""
        path, _, query = self.line_item(course_id, line_item_id).partition("?")
        return f"{path}/results?{query}{'&' if query else ''}user_id={quote(user_id, safe='')}"

    def absolute(self, call: Call) -> str:
        """Where `call` went, without its query."""
        origin = urlsplit(self.issuer)
        return f"{origin.scheme}://{origin.netloc}{call.path}"

    def read(self, request: HttpRequest) -> Call:
        """`request`, and which service it is for."""
        parts = urlsplit(request.url)
        path = parts.path.removeprefix(urlsplit(self.issuer).path)
        kind, found = next(
            ((kind, found) for kind, route in self._routes if (found := route.fullmatch(path))), ("", None)
        )
        names = {name: unquote(value) for name, value in found.groupdict().items()} if found else {}
        return Call(
            method=request.method,
            target=f"{parts.path}?{parts.query}" if parts.query else parts.path,
            path=parts.path,
            query=dict(reversed(parse_qsl(parts.query, keep_blank_values=True))),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body or b"",
            kind=kind,
            course_id=names.get("course", ""),
            line_item_id=names.get("line_item", ""),
            link_id=names.get("link", ""),
            deployment_id=names.get("deployment", ""),
        )

    @property
    def _query(self) -> str:
        query = self.paths.query.format(deployment=quote(self.deployment_id, safe=""))
        return f"?{query}" if query else ""

    def _url(self, template: str, **names: str) -> str:
        filled = {name: quote(value, safe="") for name, value in {"deployment": self.deployment_id, **names}.items()}
        return self.issuer + template.format(**filled)


def _templates(paths: Paths) -> Iterator[tuple[str, str]]:
    yield "key-set", "/jwks"
    yield "token", paths.token
    yield "members", paths.members
    yield "link-members", paths.link_members
    yield "groups", paths.groups
    yield "group-sets", paths.group_sets
    yield "line-items", paths.line_items
    yield "line-item", paths.line_item
    yield "scores", f"{paths.line_item}/scores"
    yield "results", f"{paths.line_item}/results"


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", template)  # text, name, text, name ...
    whole = (f"(?P<{piece}>[^/]+)" if position % 2 else re.escape(piece) for position, piece in enumerate(pieces))
    return re.compile("".join(whole))


def with_query(url: str, parameters: Mapping[str, str]) -> str:
    """`url` with these parameters in place of its own."""
    return f"{url.partition('?')[0]}?{urlencode(parameters)}"
