"""Roles, configurations, grades, line items, content items, addresses."""

import itertools
import json
from typing import Any

from tests.pylti1p3.cases.kit import Cases, Of, done

ROLES = "https://purl.imsglobal.org/spec/lti/claim/roles"
VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
PREFIXES = {
    "": "",
    "context ": f"{VOCABULARY}membership#",
    "institution ": f"{VOCABULARY}institution/person#",
    "system ": f"{VOCABULARY}system/person#",
    "sub ": f"{VOCABULARY}membership/Instructor#",
}
NAMES = (
    *("Administrator", "ContentDeveloper", "Faculty", "Guest", "Instructor", "Learner", "Manager", "Member", "Mentor"),
    *("None", "Observer", "Officer", "Other", "ProspectiveStudent", "Staff", "Student", "SysAdmin", "SysSupport"),
    *("TeachingAssistant", "Transient", "User", "Grader", "PrimaryInstructor"),
)
CHECKS = ("Staff", "Student", "Teacher", "TeachingAssistant", "Designer", "Observer", "Transient")
ENTRY = {
    "client_id": "c1",
    "auth_login_url": "https://lms.example/auth",
    "auth_token_url": "https://lms.example/token",
    "auth_audience": None,
    "key_set_url": "https://lms.example/keys",
    "deployment_ids": ["1", "2"],
}
SECOND = {**ENTRY, "client_id": "c2", "default": True}
CONFIGURATIONS: dict[str, Any] = {
    "one": {"i": ENTRY},
    "list of one": {"i": [ENTRY]},
    "two": {"i": [ENTRY, SECOND]},
    "two, none default": {"i": [ENTRY, {**SECOND, "default": False}]},
    "none": {"i": []},
    "nothing": {},
    "no dict": ["i"],
    "a number": {"i": 5},
    "empty": {"i": {}},
    "numbers": {"i": [5]},
    **{f"without {name}": {"i": {key: ENTRY[key] for key in ENTRY if key != name}} for name in ENTRY},
    "deployments no list": {"i": {**ENTRY, "deployment_ids": "1"}},
}
ASKED = tuple(itertools.product(("i", "other"), (None, "c1", "c2", "c3")))
NUMBERS = (0, 0.0, 1, 2.5, -1, -0.5, 1e9, "8", "", [], True, float("nan"), float("inf"))


def roles(of: Of) -> Cases:
    """Which questions each role answers."""
    module = of("roles")
    for (kind, prefix), name in itertools.product(PREFIXES.items(), NAMES):
        body = {ROLES: [prefix + name]}
        yes = [check for check in CHECKS if getattr(module, f"{check}Role")(body).check()]
        yield f"roles: {kind}{name}", {"is": yes}
        yield f"parsed: {kind}{name}", {"is": list(module.StaffRole(body).parse_role_str(prefix + name))}


def configurations(of: Of) -> Cases:
    """What each configuration answers, or why it is none. Each has an issuer of its own: the old ones share a table."""
    kind = of("tool_config").ToolConfDict
    for name, document in CONFIGURATIONS.items():
        own = {f"i of {name}": found for found in document.values()} if isinstance(document, dict) else document
        made = done(kind, json.loads(json.dumps(own)))
        if "raised" in made:
            yield f"configuration: {name}", made
            continue
        for issuer, client_id in ASKED:
            yield from answers(made["is"], f"{issuer} of {name}", client_id)


def answers(made: Any, iss: str, client_id: str | None) -> Cases:
    """What one configuration answers about one registration."""
    where = f"configuration: {iss}, {client_id}"
    yield f"{where}: entry", done(made.get_iss_config, iss, client_id)
    yield f"{where}: key", done(made.get_private_key, iss, client_id)
    yield f"{where}: keys", done(made.get_jwks, iss, client_id)
    yield f"{where}: found", done(lambda: made.find_registration_by_params(iss, client_id).get_client_id())
    yield f"{where}: one", done(made.check_iss_has_one_client, iss)
    for deployment in ("1", "3"):
        found = done(made.find_deployment_by_params, iss, deployment, client_id)
        known = found if "raised" in found else {"is": found["is"] is not None}
        yield f"{where}: deployment {deployment}", known


def values(of: Of) -> Cases:
    """Grades, line items, content items, addresses."""
    grade, line_item = of("grade").Grade, of("lineitem").LineItem
    resource, add = of("deep_link_resource").DeepLinkResource, of("utils").add_param_to_url
    for number in NUMBERS:
        yield f"score given {number!r}", done(lambda one: written(grade().set_score_given(one)), number)
        yield f"score maximum {number!r}", done(lambda one: written(grade().set_score_maximum(one)), number)
        yield f"line item maximum {number!r}", done(lambda one: written(line_item().set_score_maximum(one)), number)
    yield "grade with more", {"is": written(grade().set_comment("x").set_extra_claims({"a": 1}))}
    sent = {"id": "1", "label": "L", "scoreMaximum": 5, "tag": "t", "resourceId": "r", "vendor": 1}
    yield "line item read", {"is": written(line_item(sent))}
    yield "review", done(lambda: line_item().set_submission_review(["Completed"], label="x").get_submission_review())
    yield "review of a text", done(lambda: line_item().set_submission_review("Completed"))
    yield "content item", done(lambda: resource().set_title("T").set_url("U").to_dict())
    yield "empty content item", done(lambda: resource().to_dict())
    full = resource().set_title("T").set_url("U").set_icon_url("I").set_custom_params({"a": "b"})
    full.set_lineitem(line_item().set_label("L").set_score_maximum(3).set_tag("t"))
    yield "whole content item", done(full.to_dict)
    for url in ("https://a.example/b", "https://a.example/b?x=1", "https://a.example/b?y=1&x=2", "/b#f"):
        yield f"x added to {url}", done(add, url, "x", "a b&c")


def written(thing: Any) -> Any:
    """What it sends."""
    return json.loads(thing.get_value())


def cases(of: Of) -> Cases:
    """All of them."""
    return itertools.chain(roles(of), configurations(of), values(of))
