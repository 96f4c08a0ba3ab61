"""Moodle's class list of version 1, in JSON-LD."""

from collections.abc import Mapping
from typing import Any

_NAMES = {
    "user_id": "userId",
    "lis_person_sourcedid": "sourcedId",
    "name": "name",
    "given_name": "givenName",
    "family_name": "familyName",
    "email": "email",
    "ext_user_username": "ext_user_username",
}


def version_1(body: Mapping[str, Any], following: str) -> dict[str, object]:
    """The class list `body` as version 1 has it; `following` is the address of the next page, or empty."""
    context = {"@type": "Context", "contextId": body["context"]["id"]}
    page: dict[str, object] = {
        "@context": "http://purl.imsglobal.org/ctx/lis/v2/MembershipContainer",
        "@type": "Page",
        "@id": body["id"],
        "pageOf": {
            "@type": "LISMembershipContainer",
            "membershipSubject": {**context, "membership": [_membership(member) for member in body["members"]]},
        },
    }
    return {**page, "nextPage": following} if following else page


def _membership(member: Mapping[str, Any]) -> dict[str, object]:
    named = {new: member[old] for old, new in _NAMES.items() if old in member}
    return {"status": member["status"], "role": member["roles"], "member": {"@type": "LISPerson", **named}}
