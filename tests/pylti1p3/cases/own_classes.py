"""Programs' classes over those of the package: roles, messages, requests and storages of their own, and copies."""

from copy import copy
from typing import Any

from flask import request

from tests.pylti1p3.cases.grades import ITEMS, gradebook, item_of
from tests.pylti1p3.cases.kit import CLAIM, ISSUER, LAUNCH_URL, MEMBERSHIP, Cases, Of, done
from tests.pylti1p3.cases.questions import done_result
from tests.pylti1p3.cases.session import Session, asked
from tests.pylti1p3.cases.site import CLAIMS, Site, told

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
PEOPLE = tuple(f"{LIS}{place}/person#{name}" for place in ("institution", "system") for name in ("Dean", "Learner"))
ROLES = (
    *("Dean", "Learner", f"{MEMBERSHIP}Dean", f"{MEMBERSHIP}Learner", f"{LIS}membership/Learner#Dean"),
    *(*PEOPLE, f"{LIS}anything#Dean", "https://vendor.example/roles#Dean"),
)
PLACES = ("_common_roles", "_context_roles", "_institution_roles", "_system_roles")
QUESTIONS = ("AbstractRole", "StudentRole", "TeacherRole", "StaffRole")
NEWS = "LtiNewsRequest"


def cases(of: Of) -> Cases:
    """All of them."""
    yield from of_roles(of)
    yield from of_messages(of)
    yield from of_launches(of)
    yield from of_logins(of)
    yield from of_parts_of_an_interface(of)
    yield from of_line_items(of)
    for place, name in (
        ("base", "LaunchDataStorage"),
        ("cache", "CacheDataStorage"),
        ("session", "SessionDataStorage"),
    ):
        kind = getattr(of(f"launch_data_storage.{place}"), name)
        yield f"own classes: {name} of a type", done(lambda k=kind: k[Any]._prefix)


def of_roles(of: Of) -> Cases:
    """Names that a program lists, in a question of its own and in one of the package's."""
    for question in QUESTIONS:
        for place in PLACES:
            kind = type("Own", (getattr(of("roles"), question),), {place: ("Dean",)})
            for role in ROLES:
                yield (
                    f"own classes: {question}, {place}, {role}",
                    done(lambda k=kind, r=role: bool(k({f"{CLAIM}roles": [r]}).check())),
                )


def of_messages(of: Of) -> Cases:
    """A message that the package does not know, and its validator."""

    def can_validate(self: Any, jwt_body: Any) -> bool:
        return bool(jwt_body.get(f"{CLAIM}message_type") == NEWS)

    def validate(self: Any, jwt_body: Any) -> bool:
        self.run_common_validators(jwt_body)
        return True

    abstract = of("message_validators.abstract").MessageValidatorAbstract
    own = type("Own", (abstract,), {"can_validate": can_validate, "validate": validate})()
    body = {**CLAIMS, f"{CLAIM}message_type": NEWS}
    yield "own classes: a validator, its message", done(lambda: [own.can_validate(body), own.validate(body)])
    yield "own classes: a validator, another message", done(own.can_validate, CLAIMS)
    for claim in ("version", "roles", "deployment_id"):
        left = {name: value for name, value in body.items() if name != f"{CLAIM}{claim}"}
        yield f"own classes: a validator, without {claim}", done(own.validate, left)


def of_launches(of: Of) -> Cases:
    """Classes that say something for all their launches, or read a request in their own way."""
    own = {
        "no validation by itself": {"_auto_validation": False},
        "validated": {"_validated": True},
        "restored": {"_restored": True},
        "parameters by their names": {"_get_request_param": lambda self, key: request.form[key]},
    }
    for name, members in own.items():
        site = Site(of)
        site.launch_class = type("Own", (site.launch_class,), members)
        site.use = lambda launch: launch.get_launch_data().get("sub")
        yield f"own classes: a launch, {name}", done_result(site.launched())
    site = Site(of)
    site.use = said_to_be_validated
    yield "own classes: a launch that is said to be validated", done_result(site.launched())
    site = Site(of)
    site.launch_class = type("Own", (site.launch_class,), {"__init__": handing_on(site.launch_class)})
    yield "own classes: a launch that hands its services on, kept", done_result(site.again(site.launched()["id"]))


def said_to_be_validated(launch: Any) -> Any:
    """As tests of programs do it."""
    launch._validated, launch._jwt = True, {"header": {}, "body": dict(CLAIMS)}
    return told(launch)


def handing_on(kind: Any) -> Any:
    """An `__init__` that names what the program needs."""

    def init(self: Any, request: Any, tool_config: Any, **services: Any) -> None:
        kind.__init__(self, request, tool_config, **services)

    return init


def of_logins(of: Of) -> Cases:
    """Classes that read the request of a login in their own way, or have words of their own."""
    site = Site(of)
    usual = site.login_class._get_request_param
    trimmed = {"_get_request_param": lambda self, key: (usual(self, key) or "").strip() or None}
    site.login_class = type("Own", (site.login_class,), trimmed)
    sent = site.login(login_hint=" h ")
    yield "own classes: a login that trims its parameters", {"is": [sent["login_hint"], sent["client_id"]]}
    site = Site(of)
    words = {
        "_cookies_unavailable_msg_main_text": "No cookies",
        "_cookies_unavailable_msg_click_text": "Here",
        "_cookies_check_loading_text": "One moment",
    }
    site.login_class = type("Own", (site.login_class,), words)
    site.log_in = lambda login: login.enable_check_cookies().redirect(LAUNCH_URL)
    page = site.asked().get_data(as_text=True)
    yield "own classes: words of the page that looks for cookies", {"is": [word in page for word in words.values()]}


def of_parts_of_an_interface(of: Of) -> Cases:
    """Classes that have what they use of an interface, and no more."""
    interfaces = {
        "request.Request": {"is_secure": lambda self: True},
        "cookie.CookieService": {"get_cookie": lambda self, name: name},
        "redirect.Redirect": {"get_redirect_url": lambda self: ISSUER},
        "launch_data_storage.base.LaunchDataStorage": {"get_value": lambda self, key: key},
        "tool_config.ToolConfAbstract": {"find_deployment": lambda self, iss, deployment_id: iss},
    }
    for path, methods in interfaces.items():
        module, _, name = path.rpartition(".")
        [(method, _)] = methods.items()
        given = {"is_secure": (), "get_cookie": ("x",), "get_redirect_url": (), "get_value": ("x",)}.get(
            method, ("x", 1)
        )
        kind = type("Own", (getattr(of(module), name),), dict(methods))
        yield f"own classes: {path} with {method}", done(lambda k=kind, m=method, g=given: getattr(k(), m)(*g))


def of_line_items(of: Of) -> Cases:
    """Copies, and scopes in other containers than JSON has."""
    quiz = item_of(of, label="Quiz", tag="quiz", score_maximum=1)
    exam = copy(quiz)
    exam.set_tag("exam")
    yield "own classes: a copy of a line item", done(lambda: [quiz.get_tag(), exam.get_tag(), exam.get_label()])
    for kind in (list, tuple, set, frozenset):
        session = Session({f"{ITEMS}/1/results": []})
        service = gradebook(of, session)
        service._service_data["scope"] = kind(service._service_data["scope"])
        yield (
            f"own classes: scopes in a {kind.__name__}",
            asked(session, lambda s=service: s.get_grades(item_of(of, id=f"{ITEMS}/1"))),
        )
