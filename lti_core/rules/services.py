"""Rules for the claims of services. A service that cannot be read is not to be had; the launch is good all the same."""

from lti_core.claims import AGS_ENDPOINT, BASIC_OUTCOME, GROUPS, NRPS, PLATFORM_NOTIFICATION_SERVICE
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule

_TEXT = frozenset({str})


def gradebook_is_readable(claims: Claims, _: Expected) -> Mismatch | None:
    """What is said of the gradebook, if anything is, can be read."""
    claim = claims.get(AGS_ENDPOINT)
    if claim is None or _has(claim, texts=("lineitems", "lineitem"), lists=("scope",)):
        return None
    return _ignored("endpoint", "addresses as texts, scopes as an array of texts")


def class_list_has_an_address(claims: Claims, _: Expected) -> Mismatch | None:
    """The class list, if there is one, has an address."""
    claim = claims.get(NRPS)
    if claim is None or _is_at(claim, "context_memberships_url"):
        return None
    return _ignored("namesroleservice", "a context_memberships_url")


def class_list_has_versions(claims: Claims, _: Expected) -> Mismatch | None:
    """The versions of the class list, where they are told, are texts."""
    claim = claims.get(NRPS)
    if type(claim) is not dict or _has(claim, lists=("service_versions",)):
        return None
    return _ignored("namesroleservice", "service_versions as an array of texts")


def groups_are_readable(claims: Claims, _: Expected) -> Mismatch | None:
    """What is said of the course's groups, if anything is, can be read."""
    claim = claims.get(GROUPS)
    if claim is None or (
        _is_at(claim, "context_groups_url")
        and _has(claim, texts=("context_group_sets_url",), lists=("scope", "service_versions"))
    ):
        return None
    return _ignored("groupsservice", "a context_groups_url, scopes and versions as arrays of texts")


def notices_are_readable(claims: Claims, _: Expected) -> Mismatch | None:
    """What is said of the platform's notices, if anything is, can be read."""
    claim = claims.get(PLATFORM_NOTIFICATION_SERVICE)
    if claim is None or (
        _is_at(claim, "platform_notification_service_url")
        and _has(claim, lists=("scope", "service_versions", "notice_types_supported"))
    ):
        return None
    return _ignored("platformnotificationservice", "a platform_notification_service_url, and arrays of texts")


def outcomes_are_readable(claims: Claims, _: Expected) -> Mismatch | None:
    """What is said of the outcomes of LTI 1.1, if anything is, can be read."""
    claim = claims.get(BASIC_OUTCOME)
    if claim is None or _has(claim, texts=("lis_result_sourcedid", "lis_outcome_service_url")):
        return None
    return _ignored("basicoutcome", "an object of texts")


def _has(claim: object, *, texts: tuple[str, ...] = (), lists: tuple[str, ...] = ()) -> bool:
    """Whether it is an object whose members of those names, where there are any, are texts, and texts or lists of them.

    Every launch is looked at so. Reading the claim would tell, too, but takes three times as long.
    """
    if type(claim) is not dict:
        return False
    for name in texts:
        if (member := claim.get(name)) is not None and type(member) is not str:
            return False
    for name in lists:
        member = claim.get(name)
        if member is None or type(member) is str:
            continue
        if type(member) is not list or not _TEXT.issuperset(map(type, member)):
            return False
    return True


def _is_at(claim: object, name: str) -> bool:
    """Whether it is an object with an address of that name."""
    address = claim.get(name) if type(claim) is dict else None
    return type(address) is str and address != ""


def _ignored(claim: str, expected: str) -> Mismatch:
    return Mismatch(f"The claim {claim} is ignored: that service cannot be used.", expected)


_PNS = "Platform Notification Service 1.0 §3.1"
SERVICES = (
    Rule("service.ags.claim_malformed", "AGS 2.0 §3.1", gradebook_is_readable, warns=True, drops=AGS_ENDPOINT),
    Rule("service.nrps.url_missing", "NRPS 2.0 §3.6.1.1", class_list_has_an_address, warns=True, drops=NRPS),
    Rule("service.nrps.version_unsupported", "NRPS 2.0 §3.6.1.1", class_list_has_versions, warns=True, drops=NRPS),
    Rule("service.groups.claim_malformed", "Course Groups 1.0 §3.1", groups_are_readable, warns=True, drops=GROUPS),
    Rule("service.pns.claim_malformed", _PNS, notices_are_readable, warns=True, drops=PLATFORM_NOTIFICATION_SERVICE),
    Rule("service.outcomes.claim_malformed", "LTI 1.3 §5.4", outcomes_are_readable, warns=True, drops=BASIC_OUTCOME),
)
