"""Answers to deep linking requests."""

import itertools
import re
from typing import Any

from tests.pylti1p3.cases.kit import CLIENT_ID, ISSUER, Cases, Of, done, payload_of, private_pem, public_pem

SETTINGS = {
    "deep_link_return_url": f"{ISSUER}/picked",
    "accept_types": ["ltiResourceLink", "link"],
    "accept_presentation_document_targets": ["iframe", "window"],
}
VARIANTS: dict[str, dict[str, Any]] = {
    "usual": {},
    "with data": {"data": "keep me"},
    "one only": {"accept_multiple": False},
    "links only": {"accept_types": ["link"]},
}
CHANCE = ("iat", "exp", "nonce")


def cases(of: Of) -> Cases:
    """All of them."""
    for (name, changes), (count, kind) in itertools.product(
        VARIANTS.items(), itertools.product((0, 1, 2), ("ltiResourceLink", "link", "html"))
    ):
        link = deep_link(of, **changes)
        picked = [resource(of, number, kind) for number in range(count)]
        what = f"deep linking: {name}, {count} of {kind}"
        yield f"{what}, claims", done(lambda a=link, p=picked: told(a.get_message_jwt(p)))
        yield f"{what}, signed", done(lambda a=link, p=picked: told(payload_of(a.get_response_jwt(p))))
    for target in ("iframe", "window"):
        made = resource(of, 1).set_target(target)
        yield f"content item: target {target}", done(made.to_dict)
    yield "content item: defaults", done(lambda: defaults(of))
    yield from of_resources(of)
    form = deep_link(of).output_response_form([resource(of, 1)])
    yield "deep linking: form", {"is": sorted(re.findall(r'(?:id|action|method|name)="([^"]*)"', form))}
    quoted = deep_link(of, deep_link_return_url=f'{ISSUER}/picked?a="><script>').get_response_form_html("x")
    yield "deep linking: address with signs", {"is": '"><script>' in quoted.split("</form>")[0]}
    message = deep_link(of).get_message_jwt([])
    yield "deep linking: how long it is good", {"is": message["exp"] - message["iat"]}


def of_resources(of: Of) -> Cases:
    """Classes of the program's own."""
    resource_class = of("deep_link_resource").DeepLinkResource
    begun = {"_title": "Mine", "_url": "https://tool.example/mine"}
    kinds: dict[str, dict[str, Any]] = {
        "attributes of the class": {**begun, "_custom_params": {"a": "1"}},
        "its own beginning": {**begun, "__init__": lambda _self: None},
        "its own dict": {"to_dict": lambda _self: {"type": "link", "url": "https://tool.example/mine"}},
        "no type": {"to_dict": lambda _self: {"url": "https://tool.example/mine"}},
    }
    for name, members in kinds.items():
        made = type("Own", (resource_class,), members)()
        yield f"content item: {name}", done(made.to_dict)
        link = deep_link(of, data="keep me")
        yield f"content item: {name}, answered", done(lambda a=link, m=made: told(a.get_message_jwt([m])))
    for custom in ({"a": 1}, {"a": None}, {"a": {"b": [1.5, True]}}, {}, None, ["a"], "a"):
        yield f"content item: custom {custom}", done(resource(of, 1).set_custom_params(custom).to_dict)


def deep_link(of: Of, **changes: Any) -> Any:
    """What answers a request with those settings."""
    registration = of("registration").Registration().set_issuer(ISSUER).set_client_id(CLIENT_ID)
    registration.set_tool_private_key(private_pem("tool")).set_tool_public_key(public_pem("tool"))
    return of("deep_link").DeepLink(registration, "1", {**SETTINGS, **changes})


def resource(of: Of, number: int, kind: str = "ltiResourceLink") -> Any:
    """A thing that was picked."""
    made = of("deep_link_resource").DeepLinkResource().set_url(f"https://tool.example/{number}").set_type(kind)
    return made.set_title(f"Number {number}").set_custom_params({"number": str(number)})


def defaults(of: Of) -> Any:
    """What is answered where nothing was set."""
    made = of("deep_link_resource").DeepLinkResource()
    names = ("type", "title", "url", "lineitem", "custom_params", "target", "icon_url")
    return {name: getattr(made, f"get_{name}")() for name in names}


def told(message: dict[str, Any]) -> dict[str, Any]:
    """Without what is chance."""
    return {name.rpartition("/")[2]: message[name] for name in message if name not in CHANCE}
