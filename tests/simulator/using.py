"""A tool made with the Flask adapter, as a user would write it, and how it is made to use the services."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request

from lti_adapters.flask import Lti, current_launch, launch_url_for
from lti_adapters.simulator.clients import Page, browser_of
from lti_adapters.simulator.conformance import EntryPoints, done
from lti_core.deep_linking import LtiResourceLink
from lti_core.services.line_items import LineItem
from lti_core.services.scores import Score

JSON = "application/json"


def users_tool(config: Any = None, **options: Any) -> Flask:
    """A tool that does all that can be done; its pages name the addresses for it."""
    app = Flask("users_tool")
    lti = Lti(app, config=config, **options)

    @lti.resource_link
    def open_activity(launch: Any) -> Any:
        uses = {name: launch_url_for("use", name=name) for name in USES}
        return {"who": launch.user.name, "what": launch.resource_link.title, "uses": uses}

    @lti.deep_linking
    def pick(launch: Any) -> Any:
        return {"accepts": launch.deep_linking_settings.accept_types, "uses": {"pick": launch_url_for("picked")}}

    @app.post("/picked")
    def picked() -> Any:
        return lti.deep_linking_response(current_launch, [LtiResourceLink(title="Quiz 7")])

    @app.route("/use/<name>", methods=["GET", "POST"])
    def use(name: str) -> Any:
        return {"found": USES[name](lti, request.form)}

    return app


def _members(lti: Lti, form: Any) -> Any:
    return [member.user_id for member in lti.class_list(current_launch).members()]


def _members_of_link(lti: Lti, form: Any) -> Any:
    link_id = current_launch.resource_link.id
    return [member.user_id for member in lti.class_list(current_launch).members(resource_link_id=link_id)]


def _line_items(lti: Lti, form: Any) -> Any:
    return [item.label for item in lti.grades(current_launch).line_items()]


def _create_line_item(lti: Lti, form: Any) -> Any:
    item = LineItem(label=form["label"], score_maximum=int(form["maximum"]), tag=form["tag"])
    return lti.grades(current_launch).create(item).label


def _change_line_item(lti: Lti, form: Any) -> Any:
    grades = lti.grades(current_launch)
    return grades.update(next(grades.line_items(tag=form["tag"])), label=form["label"]).label


def _delete_line_item(lti: Lti, form: Any) -> Any:
    grades = lti.grades(current_launch)
    grades.delete(next(grades.line_items(tag=form["tag"])))


def _submit(lti: Lti, form: Any) -> Any:
    numbers = {name: int(form[name]) for name in ("given", "maximum")}
    words = {name: form[name] for name in ("user_id", "activity_progress", "grading_progress")}
    lti.grades(current_launch).submit(Score(**words, **numbers))


def _results(lti: Lti, form: Any) -> Any:
    results = lti.grades(current_launch).results()
    return {result.user_id: None if result.score is None else float(result.score) for result in results}


USES: dict[str, Callable[[Lti, Any], Any]] = {
    "members": _members,
    "members_of_link": _members_of_link,
    "line_items": _line_items,
    "create_line_item": _create_line_item,
    "change_line_item": _change_line_item,
    "delete_line_item": _delete_line_item,
    "submit": _submit,
    "results": _results,
}


def used(name: str) -> Callable[..., Any]:
    """An entry point of that tool."""

    def asked(client: Any, page: Page, **fields: object) -> Any:
        answer = browser_of(client).send("POST", whole(page, name), _form(fields), JSON)
        return done(answer).json["found"]

    return asked


def whole(page: Page, name: str) -> str:
    """The address of a use, as the page names it."""
    return "/".join((*page.url.split("/")[:3], page.json["uses"][name].lstrip("/")))


def _form(fields: dict[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in fields.items())


def _sent(client: Any, page: Page, score: Score) -> None:
    names = ("user_id", "given", "maximum", "activity_progress", "grading_progress")
    used("submit")(client, page, **{name: getattr(score, name) for name in names})


ENTRY_POINTS = EntryPoints(
    pick=lambda client, page: done(browser_of(client).send("POST", whole(page, "pick"), (), "text/html")),
    members=used("members"),
    members_of_link=used("members_of_link"),
    line_items=used("line_items"),
    create_line_item=lambda client, page, item: used("create_line_item")(
        client, page, label=item.label, maximum=item.score_maximum, tag=item.tag
    ),
    change_line_item=lambda client, page, tag, label: used("change_line_item")(client, page, tag=tag, label=label),
    delete_line_item=lambda client, page, tag: used("delete_line_item")(client, page, tag=tag),
    submit=_sent,
    results=used("results"),
)
