"""Action: what a registration is looked up for."""


class Action:
    """The values of the keyword `action` of a configuration's finders."""

    OIDC_LOGIN = "oidc_login"
    MESSAGE_LAUNCH = "message_launch"
