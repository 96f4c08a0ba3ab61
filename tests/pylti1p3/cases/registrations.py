"""Configurations in files and of the program's own, keys, registrations."""

import json
import tempfile
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.pylti1p3.cases.kit import CLIENT_ID, ISSUER, Cases, Of, done, lacking, private_pem, public_pem
from tests.pylti1p3.cases.logins import entry_of_one
from tests.pylti1p3.cases.site import CLAIMS, Site, configured

NAMES = ("issuer", "client_id", "key_set", "key_set_url", "auth_token_url", "auth_login_url", "auth_audience")


def cases(of: Of) -> Cases:
    """All of them."""
    yield from of_files(of)
    yield from of_keys(of)
    yield from of_finders(of)
    made = of("registration").Registration()
    for name in (*NAMES, "tool_private_key", "tool_public_key"):
        yield f"registration: {name}, new", done(getattr(made, f"get_{name}"))
        getattr(made, f"set_{name}")(f"a {name}")
        yield f"registration: {name}, set", done(getattr(made, f"get_{name}"))
    first, second = {"first": [entry_of_one()]}, {"first": entry_of_one()}
    kept = of("tool_config").ToolConfDict(first)
    of("tool_config").ToolConfDict(second)
    yield "configuration: another one for the same issuer", {"is": kept.check_iss_has_many_clients("first")}


def of_files(of: Of) -> Cases:
    """Files, and the keys beside them."""
    entry = lacking(entry_of_one(), "key_set")
    files: dict[str, Any] = {
        "relative": {ISSUER: [{**entry, "private_key_file": "key.pem", "public_key_file": "public.pem"}]},
        "one entry": {ISSUER: {**entry, "private_key_file": "key.pem"}},
        "no private key": {ISSUER: [entry]},
        "a key file that is not there": {ISSUER: [{**entry, "private_key_file": "nothing.pem"}]},
        "empty list": {ISSUER: []},
    }
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "key.pem").write_text("PRIVATE")
        (place / "public.pem").write_text(public_pem("tool"))
        for name, document in files.items():
            (place / "tool.json").write_text(json.dumps(document))
            yield f"file: {name}", hidden(done(read, of, str(place / "tool.json")), folder)
        (place / "tool.json").write_text(json.dumps({ISSUER: [{**entry, "private_key_file": str(place / "key.pem")}]}))
        yield "file: absolute", done(read, of, str(place / "tool.json"))
        yield "file: that is not there", hidden(done(read, of, str(place / "nothing.json")), folder)


def read(of: Of, file: str) -> Any:
    """What a file gives."""
    made = of("tool_config").ToolConfJsonFile(file)
    client_id = None if made.check_iss_has_one_client(ISSUER) else CLIENT_ID
    return [made.get_private_key(ISSUER, client_id), len(made.get_jwks()["keys"])]


def hidden(result: Any, folder: str) -> Any:
    """Without the name of a folder that is gone."""
    return {name: json.loads(json.dumps(value).replace(folder, "FOLDER")) for name, value in result.items()}


def of_keys(of: Of) -> Cases:
    """What is published of the tool's keys."""
    registration, kind = of("registration").Registration, of("tool_config").ToolConfDict
    made = registration().set_tool_public_key(public_pem("tool"))
    yield "keys of the tool: members", {"is": sorted(made.get_jwk(public_pem("tool")))}
    yield "keys of the tool: a list", {"is": [len(made.get_jwks()), made.get_jwks()[0]["kid"] == made.get_kid()]}
    yield "keys of the tool: none", {"is": [registration().get_jwks(), registration().get_kid()]}
    yield "keys of the tool: no PEM", {"raised": done(registration.get_jwk, "x")["raised"][0], "text": ""}
    plain = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    curve = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*plain).decode()
    yield "keys of the tool: an elliptic curve", {"is": registration.get_jwk(curve).get("alg")}
    many = kind({"i": [entry_of_one(), {**entry_of_one(), "client_id": "c2"}], "j": entry_of_one()})
    for iss, client_id, name in (("i", "c1", "a"), ("i", "c2", "a"), ("j", None, "b")):
        many.set_public_key(iss, public_pem(name), client_id=client_id)
    for asked in ((), ("i", "c1"), ("j",), ("i",), ("nobody",)):
        yield f"keys of the tool: get_jwks{asked}", done(lambda asked=asked: len(many.get_jwks(*asked)["keys"]))
    for act in ("set_private_key", "set_public_key"):
        yield f"keys of the tool: {act}, no client id", done(getattr(many, act), "i", private_pem("tool"))


def of_finders(of: Of) -> Cases:
    """A configuration of the program's own: how its finders are called, and what it may answer."""
    called: list[Any] = []
    answers = configured(of, [{}])

    class Own(of("tool_config").ToolConfAbstract):  # type: ignore[misc]
        def find_registration_by_issuer(self, iss: str, *args: Any, **known: Any) -> Any:
            called.append(
                ["by issuer", iss, len(args), sorted(known), known["action"], sorted(known.get("jwt_body", ()))]
            )
            return answers.find_registration_by_params(iss, CLIENT_ID)

        def find_registration_by_params(self, iss: str, client_id: Any, *args: Any, **known: Any) -> Any:
            called.append(["by params", iss, client_id, len(args), sorted(known), known["action"]])
            return answers.find_registration_by_params(iss, CLIENT_ID)

        def find_deployment(self, iss: str, deployment_id: str) -> Any:
            return answers.find_deployment_by_params(iss, deployment_id, CLIENT_ID)

        def find_deployment_by_params(self, iss: str, deployment_id: str, client_id: Any, *_: Any, **__: Any) -> Any:
            return answers.find_deployment_by_params(iss, deployment_id, CLIENT_ID)

    for many in (False, True):
        site = Site(of)
        site.configuration = Own()
        (site.configuration.set_iss_has_many_clients if many else site.configuration.set_iss_has_one_client)(ISSUER)
        called.clear()
        sent = site.login()
        yield f"own configuration: login, many {many}", {"is": [*called]}
        called.clear()
        answer = site.post(site.form(sent))
        yield (
            f"own configuration: launch, many {many}",
            {"is": [*called]},
        )
        yield f"own configuration: launched, many {many}", {"is": "is" in answer}
        claims = {**CLAIMS, "https://purl.imsglobal.org/spec/lti/claim/deployment_id": "9"}
        answer = site.launched(claims)
        yield (
            f"own configuration: deployment of nobody, many {many}",
            {name: answer[name] for name in answer if name != "id"},
        )
    yield "own configuration: keys", done(Own().get_jwks)
    yield "own configuration: issuer of nobody", {"is": Own().check_iss_has_one_client("nobody")}
