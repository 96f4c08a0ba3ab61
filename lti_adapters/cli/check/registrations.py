"""A registrations document: its issuers, each entry by the rules, and entries that exclude one another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import evolve

from lti_adapters.cli.check import key_rules, members, platform_rules
from lti_adapters.cli.check.finding import Around, Entry, Finding, Findings
from lti_adapters.cli.check.located import Place
from lti_adapters.cli.check.opening import kind_of
from lti_core.errors import ConfigurationError
from lti_core.registration import Registration
from lti_storage.registration_files import read_registrations
from lti_storage.registrations import refuse_conflicts

RULES = (*members.RULES, *key_rules.RULES, *platform_rules.RULES)


def check_registrations(document: object, around: Around, at: Place = ()) -> tuple[Finding, ...]:
    """All mistakes in a document of registrations, which stands at `at` of its file."""
    if not isinstance(document, Mapping) or not document:
        what, remedy = "There is no registration.", 'Write {"https://lms.example": [{"client_id": "..."}]}.'
        return (Finding("registrations-missing", at, what, remedy),)
    return tuple(_checked(document, around, at))


def check_kept(kept: Iterable[Registration], around: Around, at: Place) -> Findings:
    """All mistakes in registrations of a database, which has no lines; `at` is the setting that names it."""
    document: dict[str, list[dict[str, object]]] = {}
    for registration in kept:
        document.setdefault(registration.issuer, []).append(_as_members(registration))
    for finding in check_registrations(document, around):
        yield evolve(finding, at=at, what=f"{_whose(finding.at, document)}{finding.what}")


def _as_members(registration: Registration) -> dict[str, object]:
    ids = registration.deployment_ids
    members = {
        "client_id": registration.client_id,
        "auth_login_url": registration.login_url,
        "auth_token_url": registration.token_url,
        "auth_audience": registration.audience,
        "key_set_url": registration.key_set_url,
        "key_set": registration.key_set,
        "deployment_ids": sorted(ids),
        "deployments": registration.deployments,
        "private_key": registration.private_key,
        "default": registration.default,
    }
    return {name: value for name, value in members.items() if value is not None}


def _whose(at: Place, document: Mapping[str, Sequence[Mapping[str, object]]]) -> str:
    match at:
        case [str(issuer), int(number), *_]:
            return f"Issuer {issuer}, client id {document[issuer][number]['client_id']}: "
        case [str(issuer), *_]:
            return f"Issuer {issuer}: "
    return ""


def _checked(document: Mapping[str, object], around: Around, at: Place) -> Findings:
    good: list[tuple[Entry, Registration]] = []
    for issuer, found in document.items():
        yield from _issuer(issuer, (*at, issuer))
        entries = tuple(_entries(issuer, found, (*at, issuer), around))
        if not entries:
            what = f"The issuer {issuer} has no registration, or one that is empty."
            remedy = "Write an object with client_id, auth_login_url, key_set_url and so on, or a list of such objects."
            yield Finding("registration-empty", (*at, issuer), what, remedy)
        yield from _defaults(entries)
        for entry in entries:
            findings = [finding for rule in RULES for finding in rule(entry)]
            yield from findings
            if not any(finding.is_error for finding in findings):
                yield from _read(entry, good)
    yield from _conflicts(good)


def _entries(issuer: str, found: Any, at: Place, around: Around) -> Iterator[Entry]:
    listed = isinstance(found, list)
    members = found if listed else [found]
    if not all(isinstance(values, Mapping) and values for values in members):
        return
    for number, values in enumerate(members):
        present = {name: value for name, value in values.items() if value is not None}
        yield Entry(issuer, present, (*at, number) if listed else at, around)


def _issuer(issuer: str, at: Place) -> Findings:
    """An issuer is compared letter for letter."""
    if not issuer or issuer != issuer.strip():
        yield Finding("issuer-blank", at, f"The issuer {issuer!r} is empty, or has blanks around it.", "Remove them.")
    elif not issuer.startswith("https://"):
        remedy = 'Most platforms have an https address, as "https://lms.example": copy it from the platform.'
        yield Finding("issuer-not-https", at, f"The issuer {issuer} is not an https address.", remedy, is_error=False)
    if issuer.endswith("/"):
        remedy = "Remove the slash, unless the platform itself shows its issuer with one."
        yield Finding("issuer-slash", at, f"The issuer {issuer} ends with a slash.", remedy, is_error=False)
    yield from platform_rules.canvas_issuer(issuer, at)


def _defaults(entries: Sequence[Entry]) -> Findings:
    """What `lti_core.login.choose` cannot choose between."""
    marked = [entry for entry in entries if entry.values.get("default") is True]
    for entry in marked[1:]:
        what = (
            "Another registration of this issuer is the default already: a login that names no client id is refused"
            " (login.client_ambiguous)."
        )
        yield entry.error("default-twice", "default", what, 'Leave "default" at one of them.')


def _read(entry: Entry, good: list[tuple[Entry, Registration]]) -> Findings:
    """What the tool itself finds, so that nothing it refuses passes here."""
    try:
        (registration,) = read_registrations({entry.issuer: entry.values}, entry.around.folder)
    except ConfigurationError as error:
        yield _refused(entry, error)
    else:
        good.append((entry, registration))


def _conflicts(good: Sequence[tuple[Entry, Registration]]) -> Findings:
    accepted: list[Registration] = []
    for entry, registration in good:
        try:
            refuse_conflicts([*accepted, registration])
        except ConfigurationError as error:
            yield _refused(entry, error)
        else:
            accepted.append(registration)


def _refused(entry: Entry, error: ConfigurationError) -> Finding:
    return Finding(kind_of(error), entry.at, error.message)
