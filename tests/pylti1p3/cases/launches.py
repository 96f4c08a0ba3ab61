"""Launches: each claim missing or of another type, each kind of message, tokens and forms that are not good."""

from typing import Any

from werkzeug.test import Client

from tests.pylti1p3.cases.kit import BASE, CLAIM, ISSUER, MEMBERSHIP, Cases, Of, jwk, lacking, now, payload_of
from tests.pylti1p3.cases.site import CLAIMS, ENDPOINT, GROUPS, MESSAGES, NRPS, SETTINGS, Site, configured, told

OTHER_TYPES: dict[str, Any] = {"a number": 5, "a text": "x", "empty": "", "a list": [], "an object": {}, "true": True}
MEMBERS = {
    f"{CLAIM}resource_link": ({}, {"id": ""}, {"id": 5}, {"title": "x"}),
    f"{CLAIM}for_user": ({}, {"user_id": ""}, {"name": "x"}),
    SETTINGS: (
        *({"accept_types": types} for types in ([], ["link"], ["ltiResourceLink"], "ltiResourceLink")),
        *({"accept_presentation_document_targets": targets} for targets in ([], ["iframe"], "iframe")),
        *({"deep_link_return_url": url} for url in ("", "http://lms.example/picked")),
        {"accept_multiple": False},
    ),
    ENDPOINT: ({}, {"scope": []}, {"lineitem": "x"}),
    NRPS: ({}, {"context_memberships_url": "x"}),
    GROUPS: ({}, {"context_groups_url": f"{ISSUER}/groups", "scope": []}),
}
TOKENS: dict[str, dict[str, Any]] = {
    "no kid": {"kid": None},
    "another kid": {"kid": "nobody"},
    "no alg": {"alg": None},
    "alg none": {"alg": "none"},
    "HS256 with the public key": {"alg": "HS256"},
    "RS512 with a key for RS256": {"alg": "RS512"},
    "another key": {"signed_by": "stranger"},
    "no typ": {"typ": None},
}
TIMES: dict[str, tuple[int, int | None]] = {  # how long ago it was issued, and how long it is good
    "good": (0, 600),
    "expired an hour ago": (7200, -3600),
    "expired twenty seconds ago": (600, -20),
    "issued in an hour": (-3600, 7200),
    "issued two hours ago, good for an hour": (7200, 3600),
    "without exp": (0, None),
}
AUDIENCES: dict[str, dict[str, Any]] = {
    "another": {"aud": "c9"},
    "list of one": {"aud": ["c1"]},
    "list of two, without azp": {"aud": ["c1", "x"]},
    "list of two, azp": {"aud": ["c1", "x"], "azp": "c1"},
    "list of two, second, azp": {"aud": ["x", "c1"], "azp": "c1"},
    "list of two, azp of another": {"aud": ["c1", "x"], "azp": "x"},
    "azp of another": {"azp": "x"},
    "list of none": {"aud": []},
}


def cases(of: Of) -> Cases:
    """All of them."""
    site = Site(of)
    for kind, claims in MESSAGES.items():
        yield f"launch: {kind}", result(site.launched(claims))
        for claim in ("nonce", "iat", "exp", *claims):
            yield f"launch: {kind}, without {short(claim)}", result(site.launched({**claims, claim: None}))
    yield from of_other_types(site)
    yield from of_members(site)
    yield from of_tokens(of, site)
    yield from of_forms(site)


def of_other_types(site: Site) -> Cases:
    """Each claim as something else."""
    claims = {"nonce", "iat", "exp", *CLAIMS, GROUPS}
    for claim in sorted(claims):
        for name, value in OTHER_TYPES.items():
            yield f"launch: {short(claim)} is {name}", result(site.launched({**CLAIMS, claim: value}))
    for value in ("LtiNews", "ltiResourceLinkRequest"):
        yield f"launch: message type {value}", result(site.launched({**CLAIMS, f"{CLAIM}message_type": value}))
    for value in ("1.3", "1.1", "1.3.1"):
        yield f"launch: version {value}", result(site.launched({**CLAIMS, f"{CLAIM}version": value}))
    for value in ("2", "1 "):
        yield f"launch: deployment {value!r}", result(site.launched({**CLAIMS, f"{CLAIM}deployment_id": value}))
    for names in (["Instructor"], ["Learner", "Mentor"], ["Administrator", "ContentDeveloper"]):
        roles = [MEMBERSHIP + name for name in names]
        yield f"launch: roles {', '.join(names)}", result(site.launched({**CLAIMS, f"{CLAIM}roles": roles}))


def of_members(site: Site) -> Cases:
    """Parts of claims missing, or of another kind."""
    of_claim = {SETTINGS: "deep linking", f"{CLAIM}for_user": "submission review"}
    for claim, variants in MEMBERS.items():
        message = MESSAGES[of_claim.get(claim, "resource link")]
        for value in variants:
            changed = {**message.get(claim, {}), **value} if claim == SETTINGS else value
            yield f"launch: {short(claim)} {value}", result(site.launched({**message, claim: changed}))
    for member in MESSAGES["deep linking"][SETTINGS]:
        message = {**MESSAGES["deep linking"], SETTINGS: lacking(MESSAGES["deep linking"][SETTINGS], member)}
        yield f"launch: deep linking without {member}", result(site.launched(message))


def of_tokens(of: Of, site: Site) -> Cases:
    """Signatures, keys, times, audiences."""
    for name, header in TOKENS.items():
        yield f"token: {name}", result(site.launched(CLAIMS, **header))
    for name, (ago, left) in TIMES.items():
        times = {"iat": now() - ago, "exp": None if left is None else now() + left}
        yield f"token: {name}", result(site.launched({**CLAIMS, **times}))
    yield "token: good in an hour", result(site.launched({**CLAIMS, "nbf": now() + 3600}))
    for name, changes in AUDIENCES.items():
        yield f"audience: {name}", result(site.launched({**CLAIMS, **changes}))
    yield "token: of another issuer", result(site.launched({**CLAIMS, "iss": "https://other.example"}))
    yield "token: nonce of another login", result(site.launched({**CLAIMS, "nonce": "n" * 64}))
    small = Site(of, key_set={"keys": [jwk("small", 1024)]})
    yield "token: key of 1024 bits", result(small.launched(CLAIMS, kid="small", signed_by="small", size=1024))
    empty = Site(of, key_set={"keys": []})
    yield "token: empty key set", result(empty.launched())
    odd = Site(of, key_set={"keys": [{"kty": "odd", "kid": "x"}, jwk("platform")]})
    yield "token: a key of an unknown kind beside the right one", result(odd.launched())
    several = Site(of)
    several.configuration = configured(of, [{"default": True}, {"client_id": "c2"}])
    for asked, said in (("c1", "c1"), ("c2", "c2"), ("c2", "c1"), ("", "c1")):
        several.browser = Client(several.app)
        form = several.form(several.login(client_id=asked), {**CLAIMS, "aud": said})
        yield f"audience: the login was for {asked or 'nobody'}, the token for {said}", result(several.post(form))


def of_forms(site: Site) -> Cases:
    """What is posted, from where, and how often."""
    broken: dict[str, dict[str, str]] = {
        "without state": {"state": ""},
        "without token": {"id_token": ""},
        "state of nobody": {"state": "state-1"},
        "token of two parts": {"id_token": "a.b"},
        "token of nonsense": {"id_token": "a.b.c"},
        "token of four parts": {"id_token": "a.b.c.d"},
        "an error": {"id_token": "", "error": "login_required"},
    }
    for name, changes in broken.items():
        site.browser = Client(site.app)
        yield f"form: {name}", result(site.post({**site.form(site.login()), **changes}))
    site.browser = Client(site.app)
    form = site.form(site.login())
    first = site.post(form)
    yield "form: once", result(first)
    yield "form: twice, as a page that is reloaded", result(site.post(form))
    yield (
        "form: another token for the same nonce",
        result(
            site.post({**form, **site.form({"state": form["state"], "nonce": nonce_of(form)}, {**CLAIMS, "name": "x"})})
        ),
    )
    yield "later: the launch again", result(site.again(first["id"]))
    yield "later: a launch of nobody", result(site.again("lti1p3-launch-x"))
    site.use = lambda launch: told(launch.validate())
    yield "later: validated again", result(site.again(first["id"]))
    site.use, owner = told, site.browser
    site.browser = Client(site.app)
    yield "later: in another browser", result(site.again(first["id"]))
    site.browser = owner
    form = site.form(site.login())
    site.browser = Client(site.app)
    yield "form: in another browser", result(site.post(form))
    got = site.browser.get("/launch", query_string=form, base_url=BASE)
    yield "form: by GET", {"is": got.status_code}


def nonce_of(form: dict[str, str]) -> str:
    """The nonce in the token of a form."""
    return str(payload_of(form["id_token"])["nonce"])


def result(answer: Any) -> Any:
    """Without the launch's name, which is chance."""
    return {name: answer[name] for name in answer if name != "id"}


def short(claim: str) -> str:
    """The last word of a claim's name."""
    return claim.rpartition("/")[2]
