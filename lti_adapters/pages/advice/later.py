"""Advice where a launch is good, but a later request with it is refused."""

from lti_adapters.pages.advice.advice import AGAIN, CHECK_SENT, LATER, Advice, again, tell

_OLD_KEY = (
    "The account of LTI 1.1 is not joined. Compare the old consumer key and secret in this tool with what the platform"
    " has, or leave the accounts apart."
)

LATER_REQUESTS = {
    "launch.not_remembered": again(
        "A launch is remembered for some hours (launches.lifetime). If it is forgotten at once, let the servers of this"
        " tool share one store (storage.url)."
    ),
    "launch.not_launched": again("The address was opened without a launch, or a link of this tool lost it."),
    "launch.link_expired": again(
        "In a browser that keeps no cookies, the address of each page carries the launch, and is good for 15 minutes;"
        " each page that is opened has a new one. Nothing needs to be done."
    ),
    "launch.no_return_url": tell("The platform sent no address that leads back to the course. Nothing needs mending."),
    "launch.migration_key_unknown": tell(_OLD_KEY),
    "launch.migration_signature_invalid": tell(_OLD_KEY),
    "launch.migration_signature_missing": tell(_OLD_KEY),
    "tool.role_required": Advice(
        "This page is for people with another role in the course. If that should be you, ask the teacher.",
        "The roles that the platform sent do not allow this. Check the person's role in the course.",
        "access",
    ),
    "tool.line_item_foreign": Advice(
        "Choose a line item of the course that you came from.",
        "Scores and results are for line items of the course that was launched from, by the address that their list"
        " tells.",
        "access",
    ),
    "tool.body_malformed": Advice(CHECK_SENT, "The body that was sent is not as this address takes it.", "request"),
    "tool.parameter_malformed": Advice(CHECK_SENT, "The address has a parameter that is not as it must be.", "request"),
    "tool.score_missing": Advice(
        "Go back, and enter a score. To take a grade back, tick the box that says so.",
        "A form was sent without a score, but as fully graded: that would clear the grade that is there.",
        "value",
    ),
    "tool.number_malformed": Advice(
        "Go back, and write a number: digits, with a point where it is none of whole points, as 8.5.",
        "A field of the form that takes a number had something else in it.",
        "value",
    ),
    "tool.host_invalid": Advice(
        AGAIN,
        "The header Host of the request is no name that a browser would send. If people see this, look for a proxy that"
        " writes it, or set tool.url to the address that browsers see.",
        "request",
    ),
    "tool.not_found": Advice(
        "Go back to the page of the launch: it leads to all that there is. " + AGAIN,
        "No page of this tool has that address; the page of a launch and its JSON name those that it has.",
        "request",
    ),
    "tool.method_not_allowed": Advice(
        "Go back to the page of the launch, and choose again there.",
        "The address is there, but takes other methods: those that are named as expected.",
        "request",
    ),
    "tool.too_large": Advice(CHECK_SENT, "What was sent has more than 1 MiB, or too many fields.", "request"),
    "tool.list_too_long": Advice(LATER, "The platform told more than 512 MiB: perhaps its pages never end.", "service"),
}
