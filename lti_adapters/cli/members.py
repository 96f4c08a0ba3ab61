"""`lti members`: the class list of a kept grant."""

from pathlib import Path

from lti_adapters.cli.granted import class_list_of
from lti_adapters.cli.tables import Row, form_of, write_rows
from lti_core.services.members import Member

_TEXTS = ("user_id", "name", "given_name", "family_name", "email", "status", "lis_person_sourcedid")
_COLUMNS = ("user_id", "name", "given_name", "family_name", "email", "roles", "status", "lis_person_sourcedid")


def write_members(
    config: Path,
    grant: str,
    *,
    role: str | None,
    groups: bool,
    limit: int | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Write the members, page by page; `limit` to a page.

    Raises:
        click.UsageError: no grant, or several, fit.
        LtiError: the configuration cannot work, or the platform does not tell.
    """
    members = class_list_of(config, grant).members(role=role, groups=groups, limit=limit)
    columns = (*_COLUMNS, "group_ids") if groups else _COLUMNS
    write_rows(map(_row, members), columns, what="members", form=form_of(form, output), output=output)


def _row(member: Member) -> Row:
    row = {name: getattr(member, name) for name in _TEXTS}
    return {**row, "roles": member.roles.names, "group_ids": member.group_ids}
