"""Registrations as the configuration files of the `pylti1p3` package hold them, read and explained."""

import binascii
import json
import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from lti_core.errors import ConfigurationError
from lti_core.keys import SigningKey, read_private_key
from lti_core.registration import Registration

_RENAMED = {"login_url": "auth_login_url", "token_url": "auth_token_url", "audience": "auth_audience"}
_TEXTS = (
    "client_id",
    "auth_login_url",
    "auth_token_url",
    "auth_audience",
    "key_set_url",
    "private_key",
    "private_key_file",
    "public_key_file",
)
_REQUIRED = ("client_id", "auth_login_url")
_ARMOUR = re.compile(rb"-----[^-]*-----")


def registrations_of_file(path: Path) -> tuple[Registration, ...]:
    """The registrations in a JSON file, as `read_registrations` reads them. Key files are relative to it.

    Raises:
        ConfigurationError: `config.registrations_file_unreadable`, `config.registrations_not_json`,
            `config.member_twice`; and as `read_registrations`.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            "config.registrations_not_json",
            f"{path} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
        ) from error
    except (UnicodeError, RecursionError) as error:
        raise ConfigurationError("config.registrations_not_json", f"{path} is not JSON in UTF-8.") from error
    except OSError as error:
        raise ConfigurationError(
            "config.registrations_file_unreadable",
            f"The registrations file {path} cannot be read: {error.strerror or type(error).__name__}.",
        ) from error
    return read_registrations(document, path.parent)


def read_registrations(document: Mapping[str, object], folder: Path | None = None) -> tuple[Registration, ...]:
    """Registrations by issuer: one object, or a list of one object for each client id.

    An object has the members `client_id`, `auth_login_url`, `auth_token_url`, `auth_audience`, `key_set_url`,
    `key_set`, `deployment_ids`, `default`, `private_key_file` and `public_key_file`; and, ours, `deployments` ("any")
    and `private_key` (PEM text). Others are ignored. What is null counts as left out, and so does an empty `key_set`.

    Args:
        folder: key files are relative to it; None: they must have absolute names.

    Raises:
        ConfigurationError: the first mistake, with issuer, client id and member.
    """
    if not isinstance(document, Mapping):
        raise ConfigurationError(
            "config.registrations_not_object",
            'Registrations must be an object of issuers: {"https://platform.example": [{"client_id": "..."}]}.',
        )
    key_files = _KeyFiles(folder)
    return tuple(_registration(issuer, entry, key_files) for issuer, entry in _entries(document))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members: dict[str, object] = {}
    for name, value in pairs:
        if name in members:
            raise ConfigurationError(
                "config.member_twice",
                f"{name!r} stands twice in one object: several registrations of one issuer are written as a list.",
            )
        members[name] = value
    return members


def _entries(document: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, object]]]:
    for issuer, found in document.items():
        entries: list[Any] = found if isinstance(found, list) else [found]
        if not entries or not all(isinstance(entry, Mapping) and entry for entry in entries):
            raise ConfigurationError(
                "config.registration_empty",
                f"Issuer {issuer!r} has no registration: write an object with client_id, auth_login_url, key_set_url"
                " and so on, or a list of such objects, or remove the issuer.",
            )
        for entry in entries:
            yield issuer, entry


def _registration(issuer: str, entry: Mapping[str, object], key_files: "_KeyFiles") -> Registration:
    try:
        _check(entry)
        values: Mapping[str, Any] = {name: value for name, value in entry.items() if value is not None}
        return Registration(
            issuer=issuer,
            client_id=values["client_id"],
            login_url=values["auth_login_url"],
            token_url=values.get("auth_token_url"),
            audience=values.get("auth_audience"),
            key_set_url=values.get("key_set_url"),
            key_set=values.get("key_set") or None,
            deployment_ids=values.get("deployment_ids", ()),
            deployments=values.get("deployments", "closed"),
            private_key=_private_key(values, key_files),
            default=values.get("default", False),
        )
    except ConfigurationError as error:
        raise evolve(error, message=_placed(error.message, issuer, entry.get("client_id"))) from error


def _placed(message: str, issuer: str, client_id: object) -> str:
    """The message with its place, and with the names that the file has for things."""
    for ours, theirs in _RENAMED.items():
        message = re.sub(rf"\b{ours}\b", theirs, message)
    return f"Issuer {issuer!r}, client id {client_id!r}: {message}"


def _check(entry: Mapping[str, object]) -> None:
    for name in _REQUIRED:
        if entry.get(name) is None:
            raise ConfigurationError("config.value_missing", f"{name} is missing.")
    for name in _TEXTS:
        if not isinstance(entry.get(name, None), str | None) or entry.get(name) == "":
            raise ConfigurationError(
                "config.value_invalid", f"{name} must be a text in quotes that is not empty, or null."
            )
    if not isinstance(entry.get("default", False), bool | None):
        raise ConfigurationError("config.value_invalid", "default must be true or false, without quotes.")
    _check_deployments(entry)
    _check_key_set(entry.get("key_set"))


def _check_deployments(entry: Mapping[str, object]) -> None:
    ids = entry.get("deployment_ids")
    if ids is None and entry.get("deployments") != "any":
        raise ConfigurationError(
            "config.value_missing",
            'deployment_ids is missing: list the deployments that may launch, or write "deployments": "any".',
        )
    if ids is not None and not (isinstance(ids, list) and all(isinstance(one, str) and one for one in ids)):
        raise ConfigurationError(
            "config.value_invalid", 'deployment_ids must be a list of texts in quotes, as ["1", "2"].'
        )


def _check_key_set(key_set: object) -> None:
    if key_set is None or key_set == {}:
        return
    keys = key_set.get("keys") if isinstance(key_set, Mapping) else None
    if not isinstance(keys, list) or not keys:
        raise ConfigurationError(
            "config.key_set_invalid",
            'key_set must be the platform\'s key set, an object {"keys": [...]}; or null, with key_set_url.',
        )


def _private_key(values: Mapping[str, str], key_files: "_KeyFiles") -> str | None:
    """The tool's key towards this platform as PEM text; None when the registration has none of its own."""
    pem, name, public_name = (values.get(member) for member in ("private_key", "private_key_file", "public_key_file"))
    if pem is not None and name is not None:
        raise ConfigurationError("config.private_key_twice", "Give either private_key or private_key_file, not both.")
    member = "private_key" if name is None else "private_key_file"
    if name is not None:
        pem = key_files.text(member, name)
    if pem is None:
        return None
    try:
        key = key_files.loaded(pem)
    except ConfigurationError as error:
        raise evolve(error, message=f"{member}: {error.message}") from error
    if public_name is not None and key_files.exists(public_name):
        _refuse_foreign(key_files.text("public_key_file", public_name), key)
    return pem


def _refuse_foreign(public_pem: str, key: SigningKey) -> None:
    """The modulus of an RSA key stands in all its encodings, certificates too, as it is."""
    modulus = urlsafe_b64decode(key.public["n"] + "==")
    try:
        belongs = modulus in b64decode(_ARMOUR.sub(b"", public_pem.encode()))
    except binascii.Error:
        belongs = False
    if not belongs:
        raise ConfigurationError(
            "config.public_key_foreign",
            "public_key_file is not the public part of the private key. Leave it out: the tool publishes the public"
            " part of the key that it signs with.",
        )


@frozen
class _KeyFiles:
    """The key files of one document. Many registrations name the same key, and to load one takes milliseconds."""

    folder: Path | None
    keys: dict[str, SigningKey] = field(factory=dict)

    def text(self, member: str, name: str) -> str:
        path = self._path(name)
        if path is None:
            raise ConfigurationError(
                "config.key_file_relative",
                f"{member} must be an absolute path, since these registrations do not stand in a file.",
            )
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is not text"
            raise ConfigurationError(
                "config.key_file_unreadable", f"{member}: {path} cannot be read: {why}."
            ) from error

    def exists(self, name: str) -> bool:
        path = self._path(name)
        return path is not None and path.exists()

    def loaded(self, pem: str) -> SigningKey:
        if pem not in self.keys:
            self.keys[pem] = read_private_key(pem)
        return self.keys[pem]

    def _path(self, name: str) -> Path | None:
        path = Path(name)
        if path.is_absolute():
            return path
        return None if self.folder is None else self.folder / path
