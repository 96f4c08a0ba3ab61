"""Services over a session of the program's own: line items, scores, results, members, groups; and what goes wrong."""

import itertools
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from tests.pylti1p3.cases.kit import CLIENT_ID, ISSUER, Cases, Of, done, payload_of, private_pem, public_pem
from tests.pylti1p3.cases.site import AGS, ALL_SCOPES

ITEMS = f"{ISSUER}/items"
ITEM_1 = {"id": f"{ITEMS}/1", "label": "One", "scoreMaximum": 10, "tag": "one", "resourceLinkId": "rl-1"}
ITEM_2 = {"id": f"{ITEMS}/2", "label": "Two", "scoreMaximum": 5, "tag": "two", "resourceId": "r-2"}
RESULT = {
    "id": f"{ITEMS}/1/results/u-1",
    "scoreOf": f"{ITEMS}/1",
    "userId": "u-1",
    "resultScore": 8,
    "resultMaximum": 10,
}
MEMBERS, GROUPS, SETS = f"{ISSUER}/members", f"{ISSUER}/groups", f"{ISSUER}/sets"
SCOPES = {name: f"{AGS}scope/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")}

TWO_SCOPES = [SCOPES["score"], SCOPES["lineitem"]]
GROUP_SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"


class Headers(dict[str, str]):
    """Found by their names in any case, as those of a session are."""

    def get(self, name: str, default: Any = None) -> Any:
        return next((value for known, value in self.items() if known.lower() == name.lower()), default)


class Answered:
    """What a session answers, as much of it as either package reads."""

    def __init__(self, body: Any, status: int, url: str, **headers: str) -> None:
        self.text = body if isinstance(body, str) else json.dumps(body)
        self.content, self.status_code, self.ok, self.url = self.text.encode(), status, status < 400, url
        self.headers = Headers({"Content-Type": "application/json", **headers})

    def json(self) -> Any:
        return json.loads(self.text)


class Session:
    """Answers addresses with what is given for them: a body, `(status, body)`, or `(status, body, headers)`."""

    def __init__(self, pages: Mapping[str, Any], token: Any = None) -> None:
        self.pages, self.token = pages, token or {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
        self.asked: list[list[Any]] = []
        self.tokens: list[dict[str, Any]] = []
        self.headers: dict[str, str] = {}

    def get(self, url: str, headers: Any = None, **_: Any) -> Answered:
        self.asked.append(["GET", url, dict(headers or {}).get("Accept")])
        return self._answer("GET", url)

    def post(self, url: str, data: Any = None, headers: Any = None, **_: Any) -> Answered:
        if url == f"{ISSUER}/token":
            form = data if isinstance(data, dict) else {name: one[0] for name, one in parse_qs(data.decode()).items()}
            self.tokens.append(form)
            return self.made(self.token, url)
        text = data.decode() if isinstance(data, bytes) else data
        self.asked.append(["POST", url, dict(headers or {}).get("Content-Type"), json.loads(text)])
        return self._answer("POST", url)

    def _answer(self, method: str, url: str) -> Answered:
        found = self.pages.get(f"{method} {url}", self.pages.get(url))
        found = found.pop(0) if isinstance(found, InTurn) else found
        if isinstance(found, Exception):
            raise found
        return self.made((404, {}) if found is None else found, url)

    @staticmethod
    def made(found: Any, url: str) -> Answered:
        """An answer of a body, or of more than that."""
        if not isinstance(found, tuple):
            return Answered(found, 200, url)
        status, body, *headers = found
        return Answered(body, status, url, **(headers[0] if headers else {}))


class InTurn(list[Any]):
    """Answers of one address, one after the other."""


_SHARED = Session({})


def over(pages: Mapping[str, Any]) -> Session:
    """One session for all cases that are not about tokens: each new one would load the tool's key again."""
    _SHARED.pages, _SHARED.asked = pages, []
    return _SHARED


def connector(of: Of, session: Session) -> Any:
    """Over that session."""
    made = of("registration").Registration().set_issuer(ISSUER).set_client_id(CLIENT_ID)
    made.set_auth_token_url(f"{ISSUER}/token").set_auth_login_url(f"{ISSUER}/auth")
    made.set_tool_private_key(private_pem("tool")).set_tool_public_key(public_pem("tool"))
    return of("service_connector").ServiceConnector(made, session)


def asked(session: Session, act: Any) -> Any:
    """What came of it, and what was sent."""
    return {**done(act), "sent": session.asked}


def cases(of: Of) -> Cases:
    """All of them."""
    yield from of_line_items(of)
    yield from of_finding(of)
    yield from of_odd_answers(of)
    yield from of_scores(of)
    yield from of_results(of)
    yield from of_lists(of)
    yield from of_groups(of)
    yield from of_connectors(of)


def gradebook(of: Of, session: Session, scopes: Any = ALL_SCOPES, **claim: Any) -> Any:
    """The service over a claim; what is None is left out."""
    whole = {"scope": list(scopes), "lineitems": ITEMS, "lineitem": f"{ITEMS}/1", **claim}
    data = {name: value for name, value in whole.items() if value is not None}
    return of("assignments_grades").AssignmentsGradesService(connector(of, session), data)


def pages(*items: Any) -> dict[str, Any]:
    """Line items on two pages."""
    following = {"Link": f'<{ITEMS}?page=2>; rel="next"'}
    return {
        f"GET {ITEMS}": (200, list(items[:1]), following),
        f"{ITEMS}?page=2": list(items[1:]),
        f"POST {ITEMS}": (201, {**ITEM_1, "id": f"{ITEMS}/9"}),
        f"{ITEMS}/1": ITEM_1,
        **{f"{ITEMS}/{number}/scores": {} for number in (1, 2, 9)},
        **{f"{ITEMS}/{number}/results": [RESULT] for number in (1, 2, 9)},
    }


def item_of(of: Of, **values: Any) -> Any:
    """A line item with what is set."""
    made = of("lineitem").LineItem()
    for name, value in values.items():
        getattr(made, f"set_{name}")(value)
    return made


def of_line_items(of: Of) -> Cases:
    """Read, found, made."""
    for scopes in ([], ["lineitem"], ["lineitem.readonly"], ["score"]):
        granted = [SCOPES[name] for name in scopes]
        for question in ("can_read_lineitem", "can_create_lineitem", "can_read_grades", "can_put_grade"):
            yield f"line items: {question}, {scopes}", done(getattr(gradebook(of, over({}), granted), question))
        for act in ("get_lineitems", "get_lineitem", "get_lineitems_page"):
            session = over(pages(ITEM_1, ITEM_2))
            service = gradebook(of, session, granted)
            yield f"line items: {act}, {scopes}", asked(session, lambda s=service, a=act: written(getattr(s, a)()))


def of_finding(of: Of) -> Cases:
    """Found by one thing, or made."""
    finders = {"id": ITEM_2["id"], "tag": "two", "resource_id": "r-2", "resource_link_id": "rl-1"}
    for name, value in finders.items():
        for sought in (value, "nobody"):
            session = over(pages(ITEM_1, ITEM_2))
            service = gradebook(of, session)
            yield (
                f"line items: by {name}, {sought}",
                asked(session, lambda s=service, n=name, v=sought: written(getattr(s, f"find_lineitem_by_{n}")(v))),
            )
            for scopes in (["lineitem"], ["lineitem.readonly"]):
                session = over(pages(ITEM_1, ITEM_2))
                service = gradebook(of, session, [SCOPES[one] for one in scopes])
                new = item_of(of, label="New", score_maximum=3, **{name: sought})
                yield (
                    f"line items: found or made by {name}, {sought}, {scopes}",
                    asked(session, lambda s=service, i=new, n=name: written(s.find_or_create_lineitem(i, find_by=n))),
                )
        session = over(pages(ITEM_1))
        service = gradebook(of, session)
        yield (
            f"line items: found or made by {name}, not set",
            asked(
                session, lambda s=service, n=name: written(s.find_or_create_lineitem(item_of(of, label="x"), find_by=n))
            ),
        )
    session = over(pages(ITEM_1))
    service = gradebook(of, session)
    yield (
        "line items: found or made by label",
        asked(session, lambda: service.find_or_create_lineitem(item_of(of, label="x"), find_by="label")),
    )


def of_odd_answers(of: Of) -> Cases:
    """Answers that are no line items, and claims that lack something."""
    for name, answer in {"an object": {}, "a text": '"x"', "no JSON": "<html>", "nothing": ""}.items():
        session = over({ITEMS: answer, f"{ITEMS}/1": answer})
        service = gradebook(of, session)
        yield f"line items: the answer is {name}", asked(session, service.get_lineitems)
        yield f"line items: the answer to one is {name}", asked(session, lambda s=service: written(s.get_lineitem()))
        session = over({f"GET {ITEMS}": [], f"POST {ITEMS}": answer})
        service = gradebook(of, session)
        yield (
            f"line items: the answer to a new one is {name}",
            asked(session, lambda s=service: written(s.find_or_create_lineitem(item_of(of, tag="x", label="x")))),
        )
    for missing in ("lineitems", "lineitem", "scope"):
        session = over(pages(ITEM_1))
        service = gradebook(of, session, **{missing: None})
        yield f"line items: listed, a claim without {missing}", asked(session, lambda s=service: s.get_lineitems())
        yield (
            f"line items: read, a claim without {missing}",
            asked(session, lambda s=service: written(s.get_lineitem())),
        )


def of_scores(of: Of) -> Cases:
    """A grade: with each scope, to each line item, from each launch."""
    items: dict[str, dict[str, Any] | None] = {
        "none": None,
        "with an id": {"id": f"{ITEMS}/2"},
        "with an id and a query": {"id": f"{ITEMS}/2?a=b"},
        "with a tag that is there": {"tag": "two", "label": "Two", "score_maximum": 5},
        "with a tag that is new": {"tag": "new", "label": "New", "score_maximum": 5},
        "without tag": {"label": "New", "score_maximum": 5},
        "empty": {},
    }
    claims: dict[str, dict[str, Any]] = {"both": {}, "list only": {"lineitem": None}, "own only": {"lineitems": None}}
    scopes = (["score"], ["score", "lineitem"], ["score", "lineitem.readonly"], ["lineitem"], [])
    for granted, (claim, changes), (name, values) in itertools.product(scopes, claims.items(), items.items()):
        session = over({**pages(ITEM_1, ITEM_2), f"{ITEMS}/2/scores?a=b": {}})
        service = gradebook(of, session, [SCOPES[one] for one in granted], **changes)
        item = None if values is None else item_of(of, **values)
        act = lambda s=service, i=item: s.put_grade(grade(of), i) and None  # noqa: E731 what is sent is compared
        yield f"score: {granted}, line items {claim}, to {name}", asked(session, act)
    for lacking in ("user_id", "timestamp", "activity_progress", "grading_progress", "score_maximum"):
        session = over(pages(ITEM_1))
        service = gradebook(of, session)
        yield (
            f"score: without {lacking}",
            asked(session, lambda s=service, n=lacking: s.put_grade(grade(of, **{n: None})) and None),
        )
    session = over(pages(ITEM_1))
    service = gradebook(of, session)
    yield (
        "score: with an unknown progress",
        asked(session, lambda: service.put_grade(grade(of, activity_progress="Done")) and None),
    )
    session = over(pages(ITEM_1))
    service = gradebook(of, session)
    extra = grade(of).set_comment("good").set_extra_claims({"https://x.example": {"a": 1}})
    yield "score: with more", asked(session, lambda: sorted(service.put_grade(extra)))


def of_results(of: Of) -> Cases:
    """Results: with each scope, of each line item."""
    items: dict[str, dict[str, Any] | None] = {
        "none": None,
        "with an id": {"id": f"{ITEMS}/2"},
        "with a tag that is there": {"tag": "two"},
        "with a tag of nobody": {"tag": "nobody"},
        "empty": {},
    }
    for granted in (["result.readonly"], ["result.readonly", "lineitem.readonly"], ["score"]):
        for (name, values), own in itertools.product(items.items(), (f"{ITEMS}/1", None)):
            session = over(pages(ITEM_1, ITEM_2))
            service = gradebook(of, session, [SCOPES[one] for one in granted], lineitem=own)
            item = None if values is None else item_of(of, **values)
            where = "the launch has one" if own else "the launch has none"
            yield f"results: {granted}, of {name}, {where}", asked(session, lambda s=service, i=item: s.get_grades(i))
    url = f"{ITEMS}/1/results"
    more = {
        url: (200, [RESULT], {"Link": f'<{url}?page=2>; rel="next"'}),
        f"{url}?page=2": [{**RESULT, "userId": "u-2"}],
    }
    for name, answers in {"two pages": more, "an object": {url: {}}, "nothing": {url: ""}}.items():
        session = over(answers)
        yield f"results: {name}", asked(session, gradebook(of, session).get_grades)


def of_lists(of: Of) -> Cases:
    """Members: pages, links between them, answers that are none."""
    person, other = {"user_id": "u-1", "roles": ["Learner"], "x": 1}, {"user_id": "u-2", "roles": []}
    first, second = {"id": MEMBERS, "context": {"id": "c"}, "members": [person]}, {"members": [other]}
    forms = {
        "after the address": f'<{MEMBERS}?page=2>; rel="next"',
        "without quotes": f"<{MEMBERS}?page=2>; rel=next",
        "behind another member": f'<{MEMBERS}?page=2>; title="x"; rel="next"',
        "behind another link": f'<{MEMBERS}?page=0>; rel="prev", <{MEMBERS}?page=2>; rel="next"',
        "in capital letters": f'<{MEMBERS}?page=2>; REL="NEXT"',
        "of differences": f'<{MEMBERS}?page=2>; rel="differences"',
        "relative": '<members?page=2>; rel="next"',
    }
    for name, link in forms.items():
        session = over({MEMBERS: (200, first, {"Link": link}), f"{MEMBERS}?page=2": second})
        yield f"members: link {name}", asked(session, members_of(of, session).get_members)
    token = f"{MEMBERS}?page=aBcD"
    session = over({MEMBERS: (200, first, {"Link": f'<{token}>; rel="next"'}), token: second})
    yield "members: a page token with capital letters", asked(session, members_of(of, session).get_members)
    away = "https://evil.example/members"
    session = over({MEMBERS: (200, first, {"Link": f'<{away}>; rel="next"'}), away: second})
    yield "members: the next page is elsewhere", asked(session, members_of(of, session).get_members)
    answers: dict[str, Any] = {
        "one page": first,
        "nobody": {"members": []},
        "without members": {"context": {}},
        "a list": [],
        "no JSON": "<html>",
        "nothing": "",
        "an error": (500, {"error": "x"}),
        "not found": (404, "not here"),
        "not allowed": (403, {}),
    }
    for name, answer in answers.items():
        for act in ("get_members", "get_members_page", "get_context", "get_nrps_data"):
            session = over({MEMBERS: answer})
            yield f"members: {act}, {name}", asked(session, plain(getattr(members_of(of, session), act)))
    for url in (MEMBERS, f"{MEMBERS}?course=3"):
        session = over({f"{url}{'&' if '?' in url else '?'}rlid=rl-1": first})
        yield (
            f"members: of a link, {url}",
            asked(session, lambda s=session, u=url: members_of(of, s, u).get_members("rl-1")),
        )
    session = over({})
    service = of("names_roles").NamesRolesProvisioningService(connector(of, session), {})
    yield "members: a claim without address", asked(session, service.get_members)


def of_groups(of: Of) -> Cases:
    """Groups and sets."""
    groups = [{"id": "g-1", "name": "One", "set_id": "s-1"}, {"id": "g-2", "name": "Two"}]
    sets = [{"id": "s-1", "name": "Sets"}]
    found = {GROUPS: {"groups": groups}, f"{GROUPS}?user_id=u-1": {"groups": groups[:1]}, SETS: {"sets": sets}}
    for name, claim in {"with sets": {"context_group_sets_url": SETS}, "without sets": {}}.items():
        acts: dict[str, Any] = {
            "get_groups": lambda service: service.get_groups(),
            "get_groups of a user": lambda service: service.get_groups(user_id="u-1"),
            "has_sets": lambda service: service.has_sets(),
            "get_sets": lambda service: service.get_sets(),
            "get_sets with groups": lambda service: service.get_sets(include_groups=True),
        }
        for act, ask in acts.items():
            session = over(found)
            data = {"context_groups_url": GROUPS, "scope": [GROUP_SCOPE], "service_versions": ["1.0"], **claim}
            service = of("course_groups").CourseGroupsService(connector(of, session), data)
            yield f"groups: {act}, {name}", asked(session, lambda s=service, a=ask: a(s))
    for name, answer in {"no JSON": "<html>", "a list": [], "without groups": {}, "an error": (500, {})}.items():
        session = over({GROUPS: answer})
        data = {"context_groups_url": GROUPS, "scope": [GROUP_SCOPE]}
        yield (
            f"groups: {name}",
            asked(session, of("course_groups").CourseGroupsService(connector(of, session), data).get_groups),
        )


def of_connectors(of: Of) -> Cases:
    """Access tokens, and answers to any request."""
    tokens: dict[str, Any] = {
        "as it should be": None,
        "without expires_in": {"access_token": "t", "token_type": "Bearer"},
        "no JSON": "<html>",
        "without token": {"token_type": "Bearer"},
        "an error": (400, {"error": "invalid_client"}),
        "a list": [],
    }
    for name, token in tokens.items():
        found = done(connector(of, Session({}, token)).get_access_token, TWO_SCOPES)
        yield f"access token: {name}", found
    yield "access token: a scope that is no address", done(connector(of, Session({})).get_access_token, ["x"])
    session = Session({})
    connector(of, session).get_access_token(TWO_SCOPES)
    form = session.tokens[0]
    assertion = payload_of(form["client_assertion"])
    yield "access token: asked with", {"is": sorted(form), "scope": form["scope"], "claims": sorted(assertion)}
    yield "access token: claims of the assertion", {"is": [assertion[name] for name in ("iss", "sub", "aud")]}
    yield "access token: time of the assertion", {"is": assertion["exp"] - assertion["iat"]}
    session = Session({MEMBERS: {"members": []}})
    for _ in range(3):
        members_of(of, session).get_members()
    yield "access token: how many three launches need", {"is": len(session.tokens)}
    bodies = {"an object": {"a": 1}, "nothing": "", "no JSON": "<html>", "an error": (400, "no"), "made": (201, [1])}
    for (name, answer), is_post in itertools.product(bodies.items(), (False, True)):
        session = Session({MEMBERS: answer})
        yield (
            f"request: {'POST' if is_post else 'GET'}, {name}",
            asked(
                session,
                lambda s=session, p=is_post: of_answer(
                    connector(of, s).make_service_request(
                        TWO_SCOPES, MEMBERS, is_post=p, data='{"b": 1}' if p else None
                    )
                ),
            ),
        )
    session = Session({MEMBERS: ConnectionError("nobody is there")})
    unanswered = lambda s=session: connector(of, s).make_service_request(TWO_SCOPES, MEMBERS, is_post=True, data="{}")  # noqa: E731
    yield "request: nobody answers", asked(session, unanswered)
    yield "imports: requests", {"is": hasattr(of("service_connector"), "requests")}
    for name, answers in {
        "the token was forgotten": InTurn([(401, {}), {"members": []}]),
        "not available at first": InTurn([(503, {}, {"Retry-After": "0"}), {"members": []}]),
    }.items():
        session = Session({MEMBERS: answers})
        yield f"request: {name}", asked(session, members_of(of, session).get_members)


def members_of(of: Of, session: Session, url: str = MEMBERS) -> Any:
    """The class list."""
    return of("names_roles").NamesRolesProvisioningService(connector(of, session), {"context_memberships_url": url})


def grade(of: Of, **changes: Any) -> Any:
    """One that every platform takes, but for what is changed."""
    usual = {
        "score_given": 5,
        "score_maximum": 10,
        "timestamp": "2026-11-25T12:00:00+00:00",
        "activity_progress": "Completed",
        "grading_progress": "FullyGraded",
        "user_id": "u-1",
    }
    made = of("grade").Grade()
    for name, value in {**usual, **changes}.items():
        if value is not None:
            getattr(made, f"set_{name}")(value)
    return made


def plain(act: Any) -> Any:
    """A raw answer without its headers; lists as they are."""
    return lambda: (lambda found: of_answer(found) if isinstance(found, dict) and "headers" in found else found)(act())


def of_answer(answer: Any) -> Any:
    return {name: answer[name] for name in ("body", "next_page_url")}


def written(found: Any) -> Any:
    """What a line item holds; lists of dicts as they are."""
    return json.loads(found.get_value()) if hasattr(found, "get_value") else found
