"""The entry points of the reference tool, over its addresses below /tool/launches."""

from collections.abc import Iterable, Mapping
from typing import Any

from lti_adapters.simulator.clients import Page, browser_of
from lti_adapters.simulator.conformance.entry_points import EntryPoints, done
from lti_adapters.simulator.draft import Form
from lti_core.services.line_item import LineItem
from lti_core.services.scores import Score

JSON, HTML = "application/json", "text/html"


def _pick(client: Any, page: Page) -> Page:
    return _asked(client, page, "deep-link", "POST", (("item", "quiz"),), HTML)


def _members(client: Any, page: Page) -> Iterable[str]:
    return [member["user_id"] for member in _asked(client, page, "members").json]


def _line_items(client: Any, page: Page) -> Iterable[str]:
    return [item["label"] for item in _asked(client, page, "lineitems").json]


def _create_line_item(client: Any, page: Page, item: LineItem) -> None:
    fields = (("label", item.label), ("score_maximum", str(item.score_maximum)), ("tag", item.tag or ""))
    _asked(client, page, "lineitems", "POST", fields)


def _submit(client: Any, page: Page, score: Score) -> None:
    names = ("user_id", "given", "maximum", "activity_progress", "grading_progress")
    sent = {name: getattr(score, name) for name in names}
    _asked(client, page, "scores", "POST", tuple((name, str(value)) for name, value in sent.items()))


def _results(client: Any, page: Page) -> Mapping[str, float | None]:
    return {result["user_id"]: result["score"] for result in _asked(client, page, "results").json}


def _asked(client: Any, page: Page, service: str, method: str = "GET", fields: Form = (), accept: str = JSON) -> Page:
    return done(browser_of(client).send(method, page.json["services"][service], fields, accept))


REFERENCE_TOOL = EntryPoints(
    pick=_pick,
    members=_members,
    line_items=_line_items,
    create_line_item=_create_line_item,
    submit=_submit,
    results=_results,
)
