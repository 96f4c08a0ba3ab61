"""What a launch is asked and told beside its claims: steps, storages, keys."""

from typing import Any

from werkzeug.test import Client

from tests.pylti1p3.cases.grades import ITEMS, grade
from tests.pylti1p3.cases.kit import CLAIM, ISSUER, Cases, Of, done, jwk, now
from tests.pylti1p3.cases.session import Session
from tests.pylti1p3.cases.site import ALL_SCOPES, CLAIMS, ENDPOINT, MESSAGES, Site, told

KEY_SET_URL = f"{ISSUER}/keys"
GETTERS = ("get_ags", "get_nrps", "get_cgs", "get_deep_link", "get_data_privacy_launch_user", "get_iss")
STEPS = (
    *("validate_state", "validate_jwt_format", "validate_nonce", "validate_registration"),
    *("validate_jwt_signature", "validate_deployment", "validate_message", "save_launch_data"),
)
ROLE = f"{CLAIM}roles"


def cases(of: Of) -> Cases:
    """All of them."""
    site = Site(of)
    for kind, claims in MESSAGES.items():
        for getter in GETTERS:
            site.use = lambda launch, getter=getter: named(getattr(launch.validate(), getter)())
            yield f"asked: {getter}, {kind}", done_result(site.launched(claims))
            site.use = lambda launch, getter=getter: named(getattr(launch, getter)())
            yield f"asked at first: {getter}, {kind}", done_result(site.launched(claims))
    yield from of_steps(of)
    yield from of_key_sets(of)
    yield from of_storages(of)
    yield from of_default_line_items(of)


def of_default_line_items(of: Of) -> Cases:
    """A score in a launch that names no line item, with and without the scope to make one."""
    for scopes in ALL_SCOPES, ALL_SCOPES[2:]:
        site = Site(of)
        site.session = Session(
            {f"GET {ITEMS}": [], f"POST {ITEMS}": (201, {"id": f"{ITEMS}/9"}), f"{ITEMS}/9/scores": {}}
        )
        site.use = lambda launch: launch.validate().get_ags().put_grade(grade(of)) and None
        answer = site.launched({**CLAIMS, ENDPOINT: {"scope": scopes, "lineitems": ITEMS}})
        name = f"score: in a launch without line item, {len(scopes)} scopes"
        yield name, {**done_result(answer), "sent": site.session.asked}


def of_steps(of: Of) -> Cases:
    """Steps one by one, and those that a program left out."""
    site = Site(of)
    good = site.launched
    site.use = lambda launch: [getattr(launch.set_auto_validation(False), step)() is launch for step in STEPS]
    yield "steps: one by one", done_result(good())
    for count in range(1, len(STEPS)):
        site.use = lambda launch, count=count: [
            getattr(launch.set_auto_validation(False), step)() and step for step in STEPS[:count]
        ]
        yield (
            f"steps: up to {STEPS[count - 1]}, of another issuer",
            done_result(good({**CLAIMS, "iss": "https://other.example"})),
        )
    for step in STEPS[:7]:
        site = Site(of)
        site.launch_class = type("Own", (site.launch_class,), {step: lambda self: self})
        bad = {
            "validate_nonce": {"nonce": "n" * 64},
            "validate_deployment": {f"{CLAIM}deployment_id": "9"},
            "validate_message": {f"{CLAIM}message_type": "LtiNews"},
        }
        yield f"steps: {step} left out", done_result(site.launched({**CLAIMS, **bad.get(step, {})}))
    site = Site(of)
    site.use = lambda launch: launch.set_auto_validation(False).get_launch_data()
    yield "asked: claims without validation", done_result(site.launched())
    site.use = after_refusal
    yield "asked: claims after a refusal", done_result(site.launched({**CLAIMS, "exp": now() - 3600}))
    for options in ({"verify_aud": False, "verify_exp": False}, {"verify_signature": False}, {"leeway": 7200}):
        site.use = lambda launch, options=options: told(launch.set_jwt_verify_options(options))
        expired = {**CLAIMS, "iat": now() - 7000, "exp": now() - 3600}
        yield f"asked: options {options}, expired", done_result(site.launched(expired))
    site.use = lambda launch: launch.set_launch_data_lifetime(60) is launch
    yield "asked: lifetime of a session", done_result(site.launched())
    site.use = lambda launch: (
        launch.set_jwt({"header": {}, "body": {"a": 1}}).set_auto_validation(False).get_launch_data()
    )
    yield "asked: claims that were set", done_result(site.launched())
    site.use = lambda launch: [launch.urlsafe_b64decode("aGk"), launch.check_jwt_body_is_empty()]
    yield "asked: a part of a token as text", done_result(site.launched())


def of_key_sets(of: Of) -> Cases:
    """Keys that are fetched, with a session of the program's own."""
    answers: dict[str, Any] = {
        "a key set": {"keys": [jwk("platform")]},
        "a key set of another key": {"keys": [jwk("stranger")]},
        "no JSON": "<html>",
        "no key set": {"news": []},
        "an error": (500, {}),
    }
    for name, answer in answers.items():
        site = Site(of, key_set=None, key_set_url=KEY_SET_URL)
        site.session = Session({KEY_SET_URL: answer})
        yield f"keys: {name}", done_result(site.launched())
    site = Site(of, key_set=None, key_set_url=KEY_SET_URL)
    site.session = Session({KEY_SET_URL: {"keys": [jwk("platform")]}})
    site.use = lambda launch: launch.fetch_public_key(KEY_SET_URL)["keys"][0]["kid"]
    yield "keys: fetched by the program", done_result(site.launched())
    site.use = lambda launch: (launch.validate().get_public_key()[0].splitlines()[0], launch.get_public_key()[1])
    yield "keys: asked for", done_result(site.launched())
    site.use, site.session = told, Session({KEY_SET_URL: {"keys": [jwk("platform")]}})
    for _ in range(3):
        site.launched()
    yield "keys: how often three launches fetch them", {"is": len(site.session.asked)}
    kept = rows(of)
    site = Site(of, key_set=None, key_set_url=KEY_SET_URL)
    site.session = Session({KEY_SET_URL: {"keys": [jwk("platform")]}})
    site.use = lambda launch: told((launch.set_public_key_caching(kept), launch)[1])["who"]
    site.launched()
    yield "keys: kept in the storage", {"is": any("key-set" in name for name in kept.kept)}
    site.session = Session({KEY_SET_URL: {"keys": [jwk("new")]}})
    yield "keys: a new key while the old set is kept", done_result(site.launched(CLAIMS, kid="new", signed_by="new"))


def of_storages(of: Of) -> Cases:
    """A session, and storages of the program's own."""
    site = Site(of)
    small = {name: CLAIMS[name] for name in CLAIMS if not name.startswith("https://purl.imsglobal.org/spec/lti-")}
    many = [site.post(site.form(site.login(), small)).get("id") for _ in range(4)]
    yield "storage: the first of many launches in a session", {"is": "is" in site.again(many[0])}
    ids = many[2:]
    yield "storage: the last two launches in a session", {"is": ["is" in site.again(launch_id) for launch_id in ids]}
    site = Site(of)
    site.storage = rows(of)
    form = site.form(site.login())
    answer = site.post(form)
    yield "storage: of the program's own", done_result(answer)
    yield "storage: of the program's own, later", done_result(site.again(answer.get("id", "x")))
    yield "storage: of the program's own, twice", done_result(site.post(form))
    site = Site(of)
    caches: dict[str, Any] = {}
    site.storage = site.flask.FlaskCacheDataStorage(type("Cache", (), {
        "get": lambda _, name: caches.get(name),
        "set": lambda _, name, value, seconds: caches.update({name: value}),
    })())  # fmt: skip
    answer = site.launched()
    yield "storage: a cache", done_result(answer)
    yield "storage: a cache, later", done_result(site.again(answer.get("id", "x")))
    site.browser = Client(site.app)
    yield "storage: a cache, in another browser", done_result(site.again(answer.get("id", "x")))
    site.use = lambda launch: launch.set_launch_data_lifetime(60) is launch
    yield "storage: lifetime of a cache", done_result(site.launched())


def rows(of: Of) -> Any:
    """A storage as users wrote them: three methods over a dict."""

    class Rows(of("launch_data_storage.base").LaunchDataStorage):  # type: ignore[misc]
        _session_cookie_name = None

        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[str, Any] = {}

        def can_set_keys_expiration(self) -> bool:
            return True

        def get_value(self, key: str) -> Any:
            return self.kept.get(self._prepare_key(key))

        def set_value(self, key: str, value: Any, exp: Any = None) -> None:
            self.kept[self._prepare_key(key)] = value

        def check_value(self, key: str) -> bool:
            return self._prepare_key(key) in self.kept

    return Rows()


def after_refusal(launch: Any) -> Any:
    """What can be read when the launch was refused, and the program goes on."""
    refused = done(launch.validate)
    return [refused.get("raised"), sorted(launch.set_auto_validation(False).get_launch_data())]


def named(found: Any) -> Any:
    """The kind of an object; plain values as they are."""
    return found if isinstance(found, dict | str | None) else type(found).__name__


def done_result(answer: Any) -> Any:
    """Without the launch's name, which is chance."""
    return {name: answer[name] for name in answer if name != "id"}
