"""What we rely on in other people's libraries, and which parts of them nobody here may use."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cattrs import Converter
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jose import jwk, jwt
from jose.backends import ECKey, HMACKey, RSAKey
from jose.exceptions import JWKError

from lti_core.keys import read_private_key
from lti_core.structuring import converter
from lti_core.tokens import ALGORITHMS, signer
from tests.fakes import TOOL_KEY, TOOL_PEM

ROOT = Path(__file__).parents[2]
PACKAGES = ("lti_core", "lti_storage", "lti_adapters")
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


def test_why_claims_are_checked_by_our_own_rules() -> None:
    token = TOOL_KEY.sign({"exp": "4102444800"})
    assert jwt.decode(token, dict(TOOL_KEY.public), algorithms=["RS256"], audience="tool-1") == {"exp": "4102444800"}


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
