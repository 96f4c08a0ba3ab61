"""Members, groups, access tokens, and requests that go wrong, over a session of the program's own."""

import itertools
from importlib import import_module
from typing import Any

from tests.pylti1p3.cases.grades import SCOPES
from tests.pylti1p3.cases.kit import ISSUER, Cases, Of, done, payload_of
from tests.pylti1p3.cases.session import InTurn, Session, asked, connector, over

MEMBERS, GROUPS, SETS = f"{ISSUER}/members", f"{ISSUER}/groups", f"{ISSUER}/sets"
TWO_SCOPES = [SCOPES["score"], SCOPES["lineitem"]]
GROUP_SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"


def cases(of: Of) -> Cases:
    """All of them."""
    yield from of_lists(of)
    yield from of_groups(of)
    yield from of_connectors(of)


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
    import_module("requests")  # as programs have it that catch what it raises
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


def plain(act: Any) -> Any:
    """A raw answer without its headers; lists as they are."""
    return lambda: (lambda found: of_answer(found) if isinstance(found, dict) and "headers" in found else found)(act())


def of_answer(answer: Any) -> Any:
    return {name: answer[name] for name in ("body", "next_page_url")}
