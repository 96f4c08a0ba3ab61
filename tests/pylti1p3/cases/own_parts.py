"""Programs that replace a part, or give what the package would find: claims, tokens, finders, addresses."""

from datetime import UTC, datetime
from typing import Any

from tests.pylti1p3.cases.grades import ITEMS, grade, gradebook, item_of, pages
from tests.pylti1p3.cases.kit import CLAIM, CLIENT_ID, ISSUER, LAUNCH_URL, Cases, Of, done, jwk, payload_of, private_pem
from tests.pylti1p3.cases.questions import KEY_SET_URL, done_result
from tests.pylti1p3.cases.services import MEMBERS
from tests.pylti1p3.cases.session import Session, asked, connector
from tests.pylti1p3.cases.site import CLAIMS, Site, configured, told

ELSEWHERE = "https://api.lms.example/items/1"
VENDORS = "https://vendor.example/scope/groups"


def cases(of: Of) -> Cases:
    """All of them."""
    yield from of_launches(of)
    yield from of_kept_launches(of)
    yield from of_connectors(of)
    yield from of_addresses(of)


def of_launches(of: Of) -> Cases:
    """Before, in and after the validation."""
    site = Site(of)
    site.use = lambda launch: told(launch.set_jwt({"header": {}, "body": {"sub": "forged"}}))
    yield "own parts: claims that were set, a good launch", done_result(site.launched())
    yield "own parts: claims that were set, no launch", done_result(site.post({}))
    site.use = lambda launch: told(launch.set_restored())
    yield "own parts: said to be restored", done_result(site.launched())
    site.use = lambda launch: told(launch.validate().validate())
    yield "own parts: validated twice", done_result(site.launched())

    def look_first(launch: Any) -> Any:
        site.launch_class(site.flask.FlaskRequest(), site.configuration).validate()
        return told(launch)

    site.use = look_first
    yield "own parts: validated twice, by two objects in one request", done_result(site.launched())
    site.use = told
    own: dict[str, Any] = {
        "_get_deployment_id": (lambda self: "1", {f"{CLAIM}deployment_id": "9"}),
        "get_client_id": (lambda self: CLIENT_ID, {}),
    }
    for name, (method, claims) in own.items():
        site.launch_class = type("Own", (site.flask.FlaskMessageLaunch,), {name: method})
        yield f"own parts: {name}", done_result(site.launched({**CLAIMS, **claims}))
    site = Site(of, key_set=None, key_set_url=KEY_SET_URL)
    site.session = Session({KEY_SET_URL: {"keys": [jwk("stranger")]}})
    keys = {"fetch_public_key": lambda self, url: {"keys": [jwk("platform")]}}
    site.launch_class = type("Own", (site.flask.FlaskMessageLaunch,), keys)
    yield "own parts: fetch_public_key", done_result(site.launched())


def of_kept_launches(of: Of) -> Cases:
    """What a launch id opens when the configuration has changed."""
    changed = {
        "the deployment was left": {"deployment_ids": ["2"]},
        "another deployment came": {"deployment_ids": ["2", "1"]},
        "the client id was left": {"client_id": "c2"},
    }
    for name, entry in changed.items():
        site = Site(of)
        launch_id = site.launched()["id"]
        site.configuration = configured(of, [entry])
        yield f"kept launch: {name}", done_result(site.again(launch_id))
    site = Site(of)
    site.log_in = lambda login: login.pass_params_to_launch({"iss": ISSUER, "aud": CLIENT_ID}).redirect(LAUNCH_URL)
    site.login()
    yield "kept launch: nobody's", done_result(site.again("lti1p3-launch-0"))


def of_connectors(of: Of) -> Cases:
    """Tokens and signatures of the program's own."""
    session = Session(pages())
    kind = type("Own", (of("service_connector").ServiceConnector,), {"get_access_token": lambda self, scopes: "own"})
    own = kind(connector(of, session)._registration, session)
    service = of("assignments_grades").AssignmentsGradesService(own, gradebook(of, session)._service_data)
    yield (
        "own parts: get_access_token",
        {**asked(session, lambda: bool(service.put_grade(grade(of)))), "tokens": session.tokens},
    )
    session = Session(pages())
    kind = type("Own", (of("service_connector").ServiceConnector,), {"encode_jwt": lambda self, *given: "own"})
    own = kind(connector(of, session)._registration, session)
    own.get_access_token([VENDORS])
    yield "own parts: encode_jwt", {"is": session.tokens[0]["client_assertion"] == "own"}
    end = datetime(2026, 11, 24, 12, tzinfo=UTC)
    yield (
        "own parts: a time of Python is signed",
        done(lambda: payload_of(connector(of, Session({})).encode_jwt({"exp": end}, private_pem("tool"), None))),
    )
    session = Session(pages())
    finder = {"find_lineitem_by_tag": lambda self, tag: item_of(of, id=f"{ITEMS}/2")}
    kind = type("Own", (of("assignments_grades").AssignmentsGradesService,), finder)
    service = kind(connector(of, session), gradebook(of, session)._service_data)
    yield (
        "own parts: find_lineitem_by_tag",
        asked(
            session, lambda: bool(service.put_grade(grade(of), item_of(of, tag="any", label="Any", score_maximum=1)))
        ),
    )
    session = Session({f"{ISSUER}/groups": {"groups": []}})
    data = {"context_groups_url": f"{ISSUER}/groups", "scope": [VENDORS]}
    of("course_groups").CourseGroupsService(connector(of, session), data).get_groups()
    yield "own parts: the scope of groups", {"is": session.tokens[0]["scope"]}


def of_addresses(of: Of) -> Cases:
    """Addresses that are not the claim's."""
    acts: dict[str, Any] = {
        "a score": lambda service: bool(service.put_grade(grade(of), item_of(of, id=ELSEWHERE))),
        "results": lambda service: service.get_grades(item_of(of, id=ELSEWHERE)),
        "a line item": lambda service: service.get_lineitem(ELSEWHERE).get_id(),
    }
    for name, act in acts.items():
        session = Session({ELSEWHERE: {"id": ELSEWHERE}, f"{ELSEWHERE}/scores": {}, f"{ELSEWHERE}/results": []})
        yield f"elsewhere: {name}", asked(session, lambda s=session, a=act: a(gradebook(of, s)))
    session = Session({f"{ELSEWHERE}": {"members": []}})
    service = of("names_roles").NamesRolesProvisioningService(
        connector(of, session), {"context_memberships_url": MEMBERS}
    )
    yield "elsewhere: members", asked(session, lambda: service.get_members_page(ELSEWHERE)[0])
