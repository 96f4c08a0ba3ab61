"""Moodle's media types, and the words in which it refuses."""

from collections.abc import Mapping

from lti_adapters.simulator.services.media_types import LINE_ITEM, LINE_ITEMS, MEMBERS, RESULTS, SCORE

VERSION_1 = "application/vnd.ims.lis.v2.membershipcontainer+json"
UTF_8 = "; charset=utf-8"
JSON = f"application/json{UTF_8}"
TEXT = f"text/html{UTF_8}"
LABEL_LENGTH = 255
FORMATS: Mapping[str, tuple[str, ...]] = {
    "members": (MEMBERS, VERSION_1),
    "link-members": (MEMBERS, VERSION_1),
    "line-items": (LINE_ITEMS, LINE_ITEM),
    "line-item": (LINE_ITEM,),
    "scores": ("application/vnd.ims.lis.v1.scorecontainer+json", SCORE),
    "results": (RESULTS,),
}
USED = {"line-items": {"GET": LINE_ITEMS, "POST": LINE_ITEM}, "scores": {"POST": SCORE}}
WORDS = {
    "expired": "Expired token",
    "signature": "Signature verification failed",
    "algorithm": "Incorrect key for this algorithm",
    "no-kid": "error/Error: kid must be provided in JWT header.",
    "future": "Cannot handle token with iat prior to now",
}
UNKNOWN_KID = b'{\n  "error" : ""kid" invalid, unable to lookup correct key"\n}\n'  # it is not JSON, there neither
