"""What an advice is, and the sentences that several of them share."""

from attrs import frozen

AGAIN = "Open the activity again from your course."
LATER = "Wait a minute, then open the activity again from your course."
TELL = (
    "Open the activity again from your course. If this page comes back, show it to whoever looks after the platform:"
    " the details below are for them."
)
CHECK_SENT = "Go back, and check what you entered."
ASK = "You cannot mend this yourself. Show this page to whoever looks after the platform: the details are for them."
PLATFORM_BUG = (
    "The platform sends what the LTI standard does not allow. Look for an update of the platform, or report the code"
    " and the section below to its vendor."
)
REGISTRATION = "Compare the registration in this tool with what the platform shows for it, letter for letter."
CLOCK = "Compare the clocks of both servers: a minute of difference is too much. Let both keep time by NTP."
KEYS = "Check that the registration names the key set address that the platform shows, and that it opens from here."
LAUNCH_URL = (
    "Give the platform an address that this tool launches from, or add the address of that link to tool.urls in this"
    " tool's settings."
)
LTI_1_1 = (
    "The platform launched with LTI 1.1 (a consumer key and a secret). This tool speaks LTI 1.3: remove the old link or"
    " tool there and add the tool as LTI 1.3, with its login, launch and key set addresses."
)
ATTACK = (
    "If it happens to one person, it is a stale page or browser. If it happens to everybody, something between browser"
    " and tool changes what is sent; look for a proxy that rewrites addresses or strips cookies."
)


@frozen
class Advice:
    """What a person can do, and what an administrator does. `heading` ends the key of a text: `heading.launch`."""

    person: str
    administrator: str
    heading: str = "launch"


def again(administrator: str) -> Advice:
    """A new launch is enough."""
    return Advice(AGAIN, administrator, "again")


def tell(administrator: str) -> Advice:
    """A second try may help; else the administrator does."""
    return Advice(TELL, administrator)


def ask(administrator: str) -> Advice:
    """Only an administrator can help."""
    return Advice(ASK, administrator)


def no_login(administrator: str) -> Advice:
    """The same, before a launch began."""
    return Advice(ASK, administrator, "login")


def down(administrator: str) -> Advice:
    """The tool itself does not work for the moment."""
    return Advice(LATER, administrator, "unavailable")


BUG = ask(PLATFORM_BUG)
