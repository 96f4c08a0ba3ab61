"""`lti lineitems`: the tool's line items in the course of a kept grant."""

from pathlib import Path

from lti_adapters.cli.granted import grades_of
from lti_adapters.cli.tables import Row, form_of, write_rows
from lti_core.services.line_items import LineItem

_COLUMNS = ("label", "score_maximum", "tag", "resource_id", "resource_link_id", "starts_at", "ends_at", "id")


def write_line_items(config: Path, grant: str, *, form: str | None, output: Path | None) -> None:
    """Write the line items, page by page.

    Raises:
        click.UsageError: no grant, or several, fit.
        LtiError: the configuration cannot work, or the platform does not tell.
    """
    items = grades_of(config, grant).line_items()
    write_rows(map(_row, items), _COLUMNS, what="line items", form=form_of(form, output), output=output)


def _row(item: LineItem) -> Row:
    return {name: getattr(item, name) for name in _COLUMNS}
