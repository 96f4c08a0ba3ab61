"""Rules about keys: the tool's own private key, and the platform's key set. No private key is ever shown."""

from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from lti_adapters.cli.check.finding import Entry, Finding, Findings
from lti_core.errors import ConfigurationError
from lti_core.tokens import read_key

_NEW = "Make a new one: lti keys new --folder FOLDER."
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@frozen
class _Pem:
    """A text that should be a private key, the member that brought it, and what is wrong with it."""

    member: str
    text: str | None
    problem: Finding | None = None


def private_key(entry: Entry) -> Findings:
    """The tool's key towards this platform."""
    if "private_key" in entry.values and "private_key_file" in entry.values:
        what = 'Both "private_key" and "private_key_file" are there.'
        yield entry.error("private-key-twice", "private_key_file", what, "Remove one of them.")
        return
    pem = _given(entry)
    if pem is not None:
        if found := pem.problem or _wrong_with(entry, pem.member, str(pem.text)):
            yield found
    elif not (entry.around.common_keys or entry.around.may_have_keys or _has_bad_key(entry)):
        yield _missing(entry)


def _has_bad_key(entry: Entry) -> bool:
    """A member of the wrong type is another rule's."""
    return "private_key" in entry.values or "private_key_file" in entry.values


def _missing(entry: Entry) -> Finding:
    what = "There is no private key for this platform."
    if entry.around.has_secret:
        what += " Launches work by state.secrets, but nothing can be signed."
    remedy = 'lti keys new --folder keys makes one; name its file as "private_key_file", or set tool.keys.'
    return Finding("private-key-missing", entry.at, what, remedy, is_error=not entry.around.has_secret)


def _given(entry: Entry) -> _Pem | None:
    text, name = entry.text("private_key"), entry.text("private_key_file")
    if text is not None:
        return _Pem("private_key", text)
    return None if name is None else _file(entry, "private_key_file", name)


def _file(entry: Entry, member: str, name: str) -> _Pem:
    path = Path(name)
    path = path if path.is_absolute() else entry.around.folder / path
    try:
        return _Pem(member, path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        kind, why = "private-key-file-missing", "is missing"
    except OSError as error:
        kind, why = "private-key-file-unreadable", f"cannot be read: {error.strerror}"
    except ValueError:
        kind, why = "private-key-file-unreadable", "is not text"
    remedy = "Names are relative to the folder of this configuration."
    return _Pem(member, None, entry.error(kind, member, f"The key file {path} {why}.", remedy))


def _wrong_with(entry: Entry, member: str, text: str) -> Finding | None:
    if "\\n" in text:
        what, remedy = "The line breaks of the private key are written as \\n twice over.", "Write a single backslash."
        return entry.error("private-key-escaped", member, what, remedy)
    if "-----BEGIN " not in text or "-----END " not in text:
        what = "The private key lacks its first or its last line."
        remedy = "They are -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----, and belong to the key."
        return entry.error("private-key-no-lines", member, what, remedy)
    if "PRIVATE KEY" not in text:
        what = "This is a public key or a certificate, where the tool's private key belongs."
        return entry.error("private-key-is-public", member, what, "Give the file that was made beside it.")
    if "ENCRYPTED" in text:
        remedy = "Remove the password: openssl pkey -in FILE -out NEW-FILE."
        return entry.error("private-key-encrypted", member, "The private key has a password.", remedy)
    try:
        entry.around.loaded(text)
    except ConfigurationError as error:
        kind = "private-key-weak" if error.code == "config.private_key_weak" else "private-key-unreadable"
        return entry.error(kind, member, error.message, _NEW)
    return None


def public_key(entry: Entry) -> Findings:
    """The public part, which is not needed, but is often confused with the private one."""
    name = entry.text("public_key_file")
    found = None if name is None else _file(entry, "public_key_file", name)
    if found is not None and "PRIVATE KEY" in (found.text or ""):
        what = "The public key file holds a private key."
        yield entry.warning("public-key-is-private", "public_key_file", what, 'Leave "public_key_file" out.')


def key_set(entry: Entry) -> Findings:
    """The platform's keys, by address or inline."""
    if "key_set" not in entry.values:
        if "key_set_url" not in entry.values:
            remedy = 'Copy the platform\'s key set address (JWKS, public keyset) to "key_set_url".'
            yield entry.error("key-set-missing", "key_set_url", '"key_set_url" is missing.', remedy)
        return
    found = entry.values["key_set"]
    if found == {}:
        yield _empty(entry)
    elif isinstance(found, Mapping) and "kty" in found:
        what = '"key_set" is a single key, not a key set.'
        yield entry.error("key-set-single", "key_set", what, 'Put it in a list: {"keys": [...]}.')
    elif not isinstance(found, Mapping) or not isinstance(found.get("keys"), list) or not found["keys"]:
        what, remedy = '"key_set" must be an object with a list of keys.', 'Write {"keys": [...]}, or null.'
        yield entry.error("key-set-malformed", "key_set", what, remedy)
    else:
        yield from _inline(entry, found["keys"])


def _empty(entry: Entry) -> Finding:
    remedy = 'Write null, and the platform\'s key set address as "key_set_url".'
    what = '"key_set" is empty, so it holds no key to verify a launch with.'
    report = entry.warning if "key_set_url" in entry.values else entry.error
    return report("key-set-empty", "key_set", what, remedy)


def _inline(entry: Entry, members: list[object]) -> Findings:
    if "key_set_url" in entry.values:
        what = '"key_set" and "key_set_url" are both there: the address is never asked.'
        remedy = 'Remove "key_set", so that the platform can change its keys.'
        yield entry.warning("key-set-twice", "key_set", what, remedy)
    own = _own_moduli(entry)
    findings = [_wrong_key(entry, number, member, own) for number, member in enumerate(members)]
    if all(found is not None and not found.is_error for found in findings):
        what = "None of the keys in the key set can be used."
        yield entry.error("key-set-useless", "key_set", what, "Copy the platform's key set again, or give its address.")
    else:
        yield from filter(None, findings)


def _own_moduli(entry: Entry) -> frozenset[object]:
    pem = _given(entry)
    try:
        key = None if pem is None or pem.text is None else entry.around.loaded(pem.text)
    except ConfigurationError:  # told by the rule about it
        key = None
    return entry.around.common_keys if key is None else entry.around.common_keys | {key.public["n"]}


def _wrong_key(entry: Entry, number: int, member: object, own: frozenset[object]) -> Finding | None:
    at = (*entry.at, "key_set", "keys", number)
    if not isinstance(member, Mapping):
        return Finding("key-set-malformed", at, "A key must be an object.", "Copy the platform's key set again.")
    if member.get("n") in own and isinstance(member.get("n"), str):
        what = "This is the tool's own key, where the platform's belongs."
        remedy = "Paste the key set that the platform publishes; the tool's own is for the platform's pages."
        return Finding("key-set-own-key", at, what, remedy)
    if not _PRIVATE_MEMBERS.isdisjoint(member):
        what = "This is a private or a secret key, which nobody but its owner may have."
        remedy = "Copy the platform's public key set. If the key is yours, make a new one: it is not secret any more."
        return Finding("key-set-private", at, what, remedy)
    if read_key(member) is None:
        what = "This key is passed over, since it cannot verify a launch."
        remedy = 'It needs "kid", and must be RSA with 2048 bits or more, or EC, and for signatures.'
        return Finding("key-set-key-unusable", at, what, remedy, is_error=False)
    return None


def key_set_address(entry: Entry) -> Findings:
    """The tool's own key set is for platforms."""
    url, tool = entry.text("key_set_url"), entry.around.url
    if url is not None and tool is not None and url.startswith(f"{tool}/"):
        what = "This is an address of the tool itself, where the platform's key set belongs."
        yield entry.error("key-set-own-address", "key_set_url", what, "Copy the address from the platform's pages.")


RULES = (private_key, public_key, key_set, key_set_address)
