"""What we rely on in other people's libraries, and which parts of them nobody here may use."""

import ast
import json
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from attrs import field, make_class
from cattrs import Converter
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from dependency_injector.containers import DynamicContainer
from dependency_injector.providers import Object, Provider
from jose import jwk, jws, jwt
from jose.backends import ECKey, HMACKey, RSAKey
from jose.exceptions import JOSEError, JWKError

from lti_adapters.container import LtiContainer
from lti_core import claims as c
from lti_core.keys import read_private_key
from lti_core.messages import MESSAGE_TYPES, LaunchMessage, MessageType, with_types
from lti_core.structuring import Claimed, converter, reader_of, structure
from lti_core.tokens import ALGORITHMS, sign, signer
from tests.fakes import TOOL_KEY, TOOL_PEM, FixedClock

ROOT = Path(__file__).parents[2]
PACKAGES = ("lti_core", "lti_storage", "lti_adapters")
TOOL_PUBLIC = load_pem_private_key(TOOL_PEM.encode(), None).public_key()
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each import in a module, those inside functions included: the module, and the name that is taken from it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), alias.name) for alias in node.names)


def test_one_module_only_meets_python_jose_and_takes_key_objects_from_it() -> None:
    found = {
        (str(path.relative_to(ROOT)), module, name)
        for path in MODULES
        for module, name in imported(ast.parse(path.read_text()))
        if module.split(".")[0] == "jose"
    }
    tokens = "lti_core/tokens.py"
    assert found == {(tokens, "jose", "jwk"), (tokens, "jose.exceptions", "JOSEError")}


def test_nobody_uses_what_trusts_the_token() -> None:
    forbidden = {"register_key", "get_unverified_claims", "get_unverified_header", "get_unverified_headers"}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute):
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                assert node.attr not in forbidden, path
                assert (owner, node.attr) not in {("jwt", "decode"), ("jws", "verify"), ("jwt", "encode")}, path


@pytest.mark.parametrize("module", ["lti_core.tokens", "lti_core.keys", "lti_core.launch"])
def test_libraries_with_known_weaknesses_are_installed_but_never_loaded(module: str) -> None:
    program = f"import sys, {module}; print(sorted({{'ecdsa', 'rsa', 'pyasn1'}} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


def test_python_jose_computes_with_cryptography() -> None:
    for kind in (RSAKey, ECKey, HMACKey):
        assert kind.__module__ == "jose.backends.cryptography_backend"


def test_python_jose_knows_the_algorithms_that_we_allow_and_no_pss() -> None:
    keys = {"RS": rsa.generate_private_key(65537, 2048), "ES": ec.generate_private_key(ec.SECP521R1())}
    for algorithm in ALGORITHMS:
        key = signer(keys[algorithm[:2]], algorithm)
        assert key.public_key().verify(b"signed", key.sign(b"signed"))
        assert not key.public_key().verify(b"changed", key.sign(b"signed"))
    for algorithm in ("PS256", "EdDSA", "none"):
        with pytest.raises(JWKError):
            jwk.construct(TOOL_PEM, algorithm)


def decoded(payload: bytes, **options: Any) -> Any:
    """What jwt.decode makes of a token that the tool's key signed."""
    token = jws.sign(payload, TOOL_PEM, algorithm="RS256")  # type: ignore[arg-type]  # bytes are taken as they are
    return jwt.decode(token, dict(TOOL_KEY.public), algorithms=["RS256"], **options)


def test_why_claims_are_checked_by_our_own_rules() -> None:
    token = TOOL_KEY.sign({"exp": "4102444800"})
    assert jwt.decode(token, dict(TOOL_KEY.public), algorithms=["RS256"], audience="tool-1") == {"exp": "4102444800"}
    assert decoded(b"{}", audience="tool-1") == {}
    assert decoded(b'{"iat": 99999999999}') == {"iat": 99999999999}


@pytest.mark.parametrize(("payload", "raised"), [(b'{"exp": 1e400}', OverflowError), (b'{"exp": null}', TypeError)])
def test_why_times_are_read_by_our_own_rules(payload: bytes, raised: type[Exception]) -> None:
    assert not issubclass(raised, JOSEError)
    with pytest.raises(raised):
        decoded(payload)


def test_why_no_list_of_algorithms_is_handed_over() -> None:
    der = TOOL_PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    forged = sign({"sub": "anybody"}, signer(der, "HS256"), "HS256", {})
    assert jws.verify(forged, der, algorithms=None)  # type: ignore[arg-type]  # the public key as secret
    assert jws.verify(TOOL_KEY.sign({}), dict(TOOL_KEY.public), algorithms="xRS256x")
    header = urlsafe_b64encode(b'{"alg":["RS256"]}').rstrip(b"=").decode()
    with pytest.raises(TypeError):
        jws.verify(f"{header}.e30.e30", dict(TOOL_KEY.public), algorithms={"RS256"})  # type: ignore[arg-type]


def test_no_type_of_python_jose_stands_in_a_signature() -> None:
    """Else who uses this library needs the stubs of python-jose, too."""
    from_jose = {"jwk", "jose", "JOSEError", "Key"}
    for node in ast.walk(ast.parse((ROOT / "lti_core/tokens.py").read_text())):
        if isinstance(node, ast.FunctionDef):
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            annotations = [node.returns, *(argument.annotation for argument in arguments)]
        else:
            annotations = [node.annotation] if isinstance(node, ast.AnnAssign) else []
        names = {part.id for one in annotations if one for part in ast.walk(one) if isinstance(part, ast.Name)}
        assert not names & from_jose


def test_why_a_private_key_is_published_by_our_own_function() -> None:
    assert "d" in signer(TOOL_PEM, "RS256").to_dict()
    for public in (read_private_key(TOOL_PEM).public, TOOL_KEY.public):
        assert not {"d", "p", "q", "dp", "dq", "qi"} & set(public)
        assert json.dumps(dict(public))


def test_why_claims_are_structured_by_our_own_hooks() -> None:
    plain = Converter()
    assert (plain.structure(None, str), plain.structure(5.9, int)) == ("None", 5)
    assert plain.structure("abc", tuple[str, ...]) == ("a", "b", "c")
    for value, kind in ((None, str), (5, str), (5.9, int), ("5", int), (True, int), ("false", bool), (1, bool)):
        with pytest.raises(ValueError):
            converter.structure(value, kind)
    for several in ("abc", {"a": 1}, None, ("a",)):
        with pytest.raises(ValueError):
            converter.structure(several, tuple[str, ...])


def fresh_class() -> type[Claimed]:
    """A class that nobody has structured yet."""
    members = {"name": field(type=str), "place": field(type=c.Context | None, default=None)}
    return make_class("Fresh", members, (Claimed,), frozen=True, kw_only=True)


def test_many_threads_may_read_a_class_for_the_first_time_at_once() -> None:
    for _ in range(20):
        fresh, together = fresh_class(), Barrier(16)

        def read(number: int, fresh: type[Claimed] = fresh, together: Barrier = together) -> Any:
            together.wait()
            return structure(fresh, {"name": str(number), "place": {"id": "c"}, "more": number})

        with ThreadPoolExecutor(16) as threads:
            values = list(threads.map(read, range(16)))
        assert [(value.name, value.place.id, value.claims["more"]) for value in values] == [
            (str(number), "c", number) for number in range(16)
        ]


def test_importing_the_core_writes_no_reader() -> None:
    """Writing them takes longer than any other part of the import."""
    program = (
        "from lti_core import structuring\n"
        "written = []\n"
        "made = structuring._made\n"
        "structuring._made = lambda target, *rest: written.append(target.__name__) or made(target, *rest)\n"
        "import lti_core.launch, lti_core.messages.message as message\n"
        "print(written)\n"
        "message.prepare(message.MessageType('any', message.LaunchMessage) for _ in range(2))\n"
        "print(written.count('LaunchMessage'), written.count('User'))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n1 1\n"


def test_a_tool_has_written_the_readers_of_its_messages_before_the_first_launch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = MessageType("LtiOwnRequest", make_class("Own", {}, (LaunchMessage,), frozen=True, kw_only=True))
    container: Any = LtiContainer(message_types=Object(with_types(own)))
    container.config.from_dict({"registrations": {"document": {}}})
    container.tool()
    monkeypatch.setattr(type(converter), "get_structure_hook", lambda _, kind: pytest.fail(kind.__name__))
    for kind in (c.User, c.Context, c.ResourceLink, *(one.read_into for one in (*MESSAGE_TYPES.values(), own))):
        assert callable(reader_of(kind))


def test_the_container_has_nothing_but_providers() -> None:
    """Methods, properties and constants of its class would be gone: what is made of it is another class."""
    container: Any = LtiContainer()
    assert isinstance(container, DynamicContainer)
    assert not isinstance(container, LtiContainer)
    (declared,) = (
        node
        for node in ast.walk(ast.parse((ROOT / "lti_adapters/container.py").read_text()))
        if isinstance(node, ast.ClassDef)
    )
    documented, *members = declared.body
    assert isinstance(documented, ast.Expr)
    for member in members:
        assert isinstance(member, ast.Assign | ast.AnnAssign)
        target = member.targets[0] if isinstance(member, ast.Assign) else member.target
        assert isinstance(getattr(LtiContainer, ast.unparse(target)), Provider)


def test_one_module_only_wires_parts_and_in_plain_sight() -> None:
    """No wire() and no @inject, whose names nobody checks; and no Singleton, of which 16 threads make 16 objects."""
    wiring = {"DeclarativeContainer", "Callable", "Configuration", "Provider", "Selector", "ThreadSafeSingleton"}
    for path in MODULES:
        tree = ast.parse(path.read_text())
        taken = {name for module, name in imported(tree) if module.split(".")[0] == "dependency_injector"}
        assert taken <= ({*wiring, "Object"} if path.name == "container.py" else {"Object"}), path
        used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not used & {"wire", "unwire"}, path


def test_what_is_built_keeps_its_parts_whatever_is_overridden_later() -> None:
    """So a test makes a container of its own, with the part in it."""
    container: Any = LtiContainer()
    container.config.from_dict({"registrations": {"document": {}}})
    before, mine = container.tool(), FixedClock()
    with container.clock.override(Object(mine)):
        assert container.tool() is before
        assert container.tool().clock is not mine
    own: Any = LtiContainer(clock=Object(mine))
    own.config.from_dict({"registrations": {"document": {}}})
    assert own.tool().clock is mine
