"""Advice where what a good token says is refused, or only warned of."""

from lti_adapters.pages.advice.advice import BUG, LAUNCH_URL, PLATFORM_BUG, Advice, ask

CLAIMS = {
    "launch.message_type_missing": BUG,
    "launch.message_type_unknown": ask(
        "This tool has nothing to answer to this kind of message. Remove the placement or the link from the platform,"
        " or add a handler for the message to the tool."
    ),
    "launch.version_unsupported": ask("Let the platform launch this tool as LTI 1.3 (version 1.3.0)."),
    "launch.deployment_missing": BUG,
    "launch.deployment_unknown": ask(
        "Add the deployment id that is shown as found to the registration, if the tool shall be used there. For"
        ' platforms that make a new one for each course or school, set "deployments": "any".'
    ),
    "launch.deployment_mismatch": BUG,
    "launch.deployment_refused": ask("This tool was told not to accept this deployment; its own settings say why."),
    "launch.target_link_uri_missing": BUG,
    "launch.target_link_uri_foreign": ask(LAUNCH_URL),
    "launch.target_link_uri_mismatch": ask(LAUNCH_URL),
    "launch.resource_link_missing": BUG,
    "launch.resource_link_id_missing": BUG,
    "launch.roles_missing": BUG,
    "launch.roles_unknown": BUG,
    "launch.mentor_scope_ignored": BUG,
    "launch.tool_platform_ignored": BUG,
    "launch.sub_missing": ask(
        "The platform did not say who launches. Look for a privacy setting there that hides the user from this tool."
    ),
    "launch.identifier_too_long": BUG,
    "launch.claim_malformed": ask("The claim that is named has another shape than it must have. " + PLATFORM_BUG),
    "launch.context_id_missing": BUG,
    "launch.deep_linking_settings_missing": BUG,
    "launch.deep_link_return_url_missing": BUG,
    "launch.deep_link_return_url_invalid": ask("The address that content is returned to must be https."),
    "launch.accept_types_missing": BUG,
    "launch.accept_targets_missing": BUG,
    "launch.new_window": Advice(
        "Content is chosen inside the page of your learning platform: from a window of its own the choice does not get"
        " back. Allow cookies for this tool, or use another browser, then open it again inside your course.",
        "The answer to a deep linking request reaches the platform from the platform's own page only. This browser kept"
        " no cookies there, and the platform's storage did not help. Ask people to allow third-party cookies for this"
        " tool.",
        "browser",
    ),
    "launch.review.ags_missing": BUG,
    "launch.review.line_item_missing": BUG,
    "launch.review.for_user_missing": BUG,
    "launch.review.for_user_id_missing": BUG,
    "launch.review.forbidden": Advice(
        "You may look at your own work, and teachers at everybody's.",
        "Who may see whose work follows from the roles that the platform sent. Check the person's role in the course.",
        "access",
    ),
}
