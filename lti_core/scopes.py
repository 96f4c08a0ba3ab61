"""Scopes: the names of what a platform may grant. Source: AGS 2.0 §3.1; NRPS 2.0 §2.2; Course Groups 1.0 §2."""

LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
LINE_ITEM_READ = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
RESULT_READ = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
MEMBERS_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUPS_READ = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
