"""A platform to measure with: its key, its registration at the tool, and the tokens that it signs.

It needs cryptography only, so that both sides, each in its own environment, launch with the same tokens.
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

ISSUER = "https://lms.example.edu"
CLIENT_ID = "10000000000042"
DEPLOYMENT_ID = "88:8865aa05b4b79b64a91a86042e43af5ea8ae79eb"
LAUNCH_URL = "https://tool.example.org/lti/launch"
TARGET = "https://tool.example.org/lti/launch?quiz=7"
KEY_SET_URL = ISSUER + "/api/lti/security/jwks"
TOKEN_URL = ISSUER + "/login/oauth2/token"
KID = "2026-11-01T00:00:00Z_6f1d"
LOGIN_FORM = {
    "iss": ISSUER,
    "login_hint": "535fa085f22b4655f48cd5a36a9215f64c062838",
    "target_link_uri": TARGET,
    "lti_message_hint": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJ2ZXJpZmllciI6IjJhYiIsImV4cCI6MTh9.c2lnbmF0dXJl",
    "client_id": CLIENT_ID,
    "lti_deployment_id": DEPLOYMENT_ID,
}

_LTI = "https://purl.imsglobal.org/spec/lti/claim/"
_AGS = "https://purl.imsglobal.org/spec/lti-ags/"
_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
_VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"


def claims_of(nonce: str, now: int) -> dict[str, Any]:
    """The claims of a usual launch of a link with a grade: about 2.5 kB as JSON."""
    return {
        "iss": ISSUER,
        "aud": CLIENT_ID,
        "azp": CLIENT_ID,
        "sub": "535fa085-f22b-4655-9f48-cd5a36a9215f",
        "iat": now,
        "exp": now + 3600,
        "nonce": nonce,
        "name": "Zoë Müller-Nakamura",
        "given_name": "Zoë",
        "family_name": "Müller-Nakamura",
        "email": "zoe.mueller@students.example.edu",
        "picture": ISSUER + "/images/thumbnails/4711/8c5d9a",
        "locale": "de-CH",
        _LTI + "message_type": "LtiResourceLinkRequest",
        _LTI + "version": "1.3.0",
        _LTI + "deployment_id": DEPLOYMENT_ID,
        _LTI + "target_link_uri": TARGET,
        _LTI + "resource_link": {
            "id": "4dde05e8ca1973bcca9bffc13e1548820eee93a3",
            "title": "Quiz 7: Photosynthesis",
            "description": "Ten questions about light and leaves",
        },
        _LTI + "roles": [
            _VOCABULARY + "institution/person#Student",
            _VOCABULARY + "membership#Learner",
            _VOCABULARY + "system/person#User",
        ],
        _LTI + "context": {
            "id": "8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
            "label": "BIO-101",
            "title": "Biology for beginners, autumn 2026",
            "type": [_VOCABULARY + "course#CourseOffering"],
        },
        _LTI + "tool_platform": {
            "guid": "X2Qlhl1ZtQFsWrfbA8jwIYAWO7ZVGmBSXVMQYTZE:canvas-lms",
            "name": "Example University",
            "version": "cloud",
            "product_family_code": "canvas",
        },
        _LTI + "launch_presentation": {
            "document_target": "iframe",
            "height": 800,
            "width": 1200,
            "return_url": ISSUER + "/courses/4711/external_content/success/external_tool_redirect",
            "locale": "de-CH",
        },
        _LTI + "lis": {"person_sourcedid": "sis-user-100234", "course_offering_sourcedid": "sis-course-2026-bio-101"},
        _LTI + "custom": {
            "chapter": "7",
            "due_at": "2026-12-01T23:59:59Z",
            "section": "$Canvas.course.sectionIds",
            "user_sis_id": "100234",
        },
        _AGS + "claim/endpoint": {
            "scope": [
                _AGS + "scope/lineitem",
                _AGS + "scope/result.readonly",
                _AGS + "scope/score",
            ],
            "lineitems": ISSUER + "/api/lti/courses/4711/line_items",
            "lineitem": ISSUER + "/api/lti/courses/4711/line_items/99",
        },
        _NRPS + "claim/namesroleservice": {
            "context_memberships_url": ISSUER + "/api/lti/courses/4711/names_and_roles",
            "service_versions": ["2.0"],
        },
    }


@dataclass
class Platform:
    """A platform that signs with the private key in `pem`."""

    pem: str

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        key = serialization.load_pem_private_key(self.pem.encode(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        return key

    @property
    def public_key(self) -> rsa.RSAPublicKey:
        """What verifies its tokens."""
        return self._key.public_key()

    @property
    def key_set(self) -> dict[str, Any]:
        """What it publishes."""
        numbers = self.public_key.public_numbers()
        public = {"n": _number(numbers.n), "e": _number(numbers.e)}
        return {"keys": [{"kty": "RSA", "kid": KID, "alg": "RS256", "use": "sig", **public}]}

    def token(self, nonce: str, now: int) -> str:
        """A launch, issued `now`, good for an hour."""
        header = {"typ": "JWT", "alg": "RS256", "kid": KID}
        signed = b".".join(_part(json.dumps(part).encode()) for part in (header, claims_of(nonce, now)))
        signature = self._key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        return b".".join((signed, _part(signature))).decode()

    def registrations(
        self, tool_pem_file: str, *, inline: bool = True, token_url: str = TOKEN_URL
    ) -> dict[str, list[dict[str, Any]]]:
        """The registrations file of a tool that this platform launches; with its keys, or with their address."""
        keys = {"key_set": self.key_set, "key_set_url": None} if inline else {"key_set_url": KEY_SET_URL}
        return {
            ISSUER: [
                {
                    "default": True,
                    "client_id": CLIENT_ID,
                    "auth_login_url": ISSUER + "/api/lti/authorize_redirect",
                    "auth_token_url": token_url,
                    "auth_audience": None,
                    "private_key_file": tool_pem_file,
                    "deployment_ids": [DEPLOYMENT_ID],
                    **keys,
                }
            ]
        }


def new_pem() -> str:
    """A fresh RSA key of 2048 bits."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def _part(part: bytes) -> bytes:
    return urlsafe_b64encode(part).rstrip(b"=")


def _number(number: int) -> str:
    return _part(number.to_bytes((number.bit_length() + 7) // 8, "big")).decode()
