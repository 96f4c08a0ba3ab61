"""The media types of the services (NRPS 2.0 §2.1; AGS 2.0 §3; Course Groups 1.0 §2)."""

MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
GROUPS = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
GROUP_SETS = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"

READ = {
    "members": MEMBERS,
    "groups": GROUPS,
    "group-sets": GROUP_SETS,
    "line-items": LINE_ITEMS,
    "line-item": LINE_ITEM,
    "results": RESULTS,
}
"""What is read at each kind of service."""

SENT = {"line-items": LINE_ITEM, "line-item": LINE_ITEM, "scores": SCORE}
"""What is sent to each kind of service."""
