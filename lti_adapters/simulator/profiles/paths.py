"""Where a platform keeps its services."""

from attrs import frozen


@frozen(kw_only=True)
class Paths:
    """Where the services are, below the platform's address.

    `{course}`, `{line_item}`, `{link}` and `{deployment}` are filled in. What has no path is not offered. `query` is
    part of addresses of line items.
    """

    token: str = "/token"  # noqa: S105  # a path
    members: str = "/courses/{course}/members"
    link_members: str = ""
    groups: str = "/courses/{course}/groups"
    group_sets: str = "/courses/{course}/groupsets"
    line_items: str = "/courses/{course}/lineitems"
    line_item: str = "/courses/{course}/lineitems/{line_item}"
    query: str = ""
