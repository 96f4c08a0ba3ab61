"""Line items, scores and results."""

import itertools
import json
from typing import Any

from tests.pylti1p3.cases.kit import ISSUER, Cases, Of, done
from tests.pylti1p3.cases.session import Session, asked, connector, over
from tests.pylti1p3.cases.site import AGS, ALL_SCOPES

ITEMS = f"{ISSUER}/items"
ITEM_1 = {"id": f"{ITEMS}/1", "label": "One", "scoreMaximum": 10, "tag": "one", "resourceLinkId": "rl-1"}
ITEM_2 = {"id": f"{ITEMS}/2", "label": "Two", "scoreMaximum": 5, "tag": "two", "resourceId": "r-2"}
RESULT = {
    "id": f"{ITEMS}/1/results/u-1",
    "scoreOf": f"{ITEMS}/1",
    "userId": "u-1",
    "resultScore": 8,
    "resultMaximum": 10,
}
SCOPES = {name: f"{AGS}scope/{name}" for name in ("lineitem", "lineitem.readonly", "result.readonly", "score")}


def cases(of: Of) -> Cases:
    """All of them."""
    yield from of_line_items(of)
    yield from of_finding(of)
    yield from of_odd_answers(of)
    yield from of_scores(of)
    yield from of_results(of)


def gradebook(of: Of, session: Session, scopes: Any = ALL_SCOPES, **claim: Any) -> Any:
    """The service over a claim; what is None is left out."""
    whole = {"scope": list(scopes), "lineitems": ITEMS, "lineitem": f"{ITEMS}/1", **claim}
    data = {name: value for name, value in whole.items() if value is not None}
    return of("assignments_grades").AssignmentsGradesService(connector(of, session), data)


def pages(*items: Any) -> dict[str, Any]:
    """Line items on two pages."""
    following = {"Link": f'<{ITEMS}?page=2>; rel="next"'}
    return {
        f"GET {ITEMS}": (200, list(items[:1]), following),
        f"{ITEMS}?page=2": list(items[1:]),
        f"POST {ITEMS}": (201, {**ITEM_1, "id": f"{ITEMS}/9"}),
        f"{ITEMS}/1": ITEM_1,
        **{f"{ITEMS}/{number}/scores": {} for number in (1, 2, 9)},
        **{f"{ITEMS}/{number}/results": [RESULT] for number in (1, 2, 9)},
    }


def item_of(of: Of, **values: Any) -> Any:
    """A line item with what is set."""
    made = of("lineitem").LineItem()
    for name, value in values.items():
        getattr(made, f"set_{name}")(value)
    return made


def of_line_items(of: Of) -> Cases:
    """Read, found, made."""
    for scopes in ([], ["lineitem"], ["lineitem.readonly"], ["score"]):
        granted = [SCOPES[name] for name in scopes]
        for question in ("can_read_lineitem", "can_create_lineitem", "can_read_grades", "can_put_grade"):
            yield f"line items: {question}, {scopes}", done(getattr(gradebook(of, over({}), granted), question))
        for act in ("get_lineitems", "get_lineitem", "get_lineitems_page"):
            session = over(pages(ITEM_1, ITEM_2))
            service = gradebook(of, session, granted)
            yield f"line items: {act}, {scopes}", asked(session, lambda s=service, a=act: written(getattr(s, a)()))


def of_finding(of: Of) -> Cases:
    """Found by one thing, or made."""
    finders = {"id": ITEM_2["id"], "tag": "two", "resource_id": "r-2", "resource_link_id": "rl-1"}
    for name, value in finders.items():
        for sought in (value, "nobody"):
            session = over(pages(ITEM_1, ITEM_2))
            service = gradebook(of, session)
            yield (
                f"line items: by {name}, {sought}",
                asked(session, lambda s=service, n=name, v=sought: written(getattr(s, f"find_lineitem_by_{n}")(v))),
            )
            for scopes in (["lineitem"], ["lineitem.readonly"]):
                session = over(pages(ITEM_1, ITEM_2))
                service = gradebook(of, session, [SCOPES[one] for one in scopes])
                new = item_of(of, label="New", score_maximum=3, **{name: sought})
                yield (
                    f"line items: found or made by {name}, {sought}, {scopes}",
                    asked(session, lambda s=service, i=new, n=name: written(s.find_or_create_lineitem(i, find_by=n))),
                )
        session = over(pages(ITEM_1))
        service = gradebook(of, session)
        yield (
            f"line items: found or made by {name}, not set",
            asked(
                session, lambda s=service, n=name: written(s.find_or_create_lineitem(item_of(of, label="x"), find_by=n))
            ),
        )
    session = over(pages(ITEM_1))
    service = gradebook(of, session)
    yield (
        "line items: found or made by label",
        asked(session, lambda: service.find_or_create_lineitem(item_of(of, label="x"), find_by="label")),
    )


def of_odd_answers(of: Of) -> Cases:
    """Answers that are no line items, and claims that lack something."""
    for name, answer in {"an object": {}, "a text": '"x"', "no JSON": "<html>", "nothing": ""}.items():
        session = over({ITEMS: answer, f"{ITEMS}/1": answer})
        service = gradebook(of, session)
        yield f"line items: the answer is {name}", asked(session, service.get_lineitems)
        yield f"line items: the answer to one is {name}", asked(session, lambda s=service: written(s.get_lineitem()))
        session = over({f"GET {ITEMS}": [], f"POST {ITEMS}": answer})
        service = gradebook(of, session)
        yield (
            f"line items: the answer to a new one is {name}",
            asked(session, lambda s=service: written(s.find_or_create_lineitem(item_of(of, tag="x", label="x")))),
        )
    for missing in ("lineitems", "lineitem", "scope"):
        session = over(pages(ITEM_1))
        service = gradebook(of, session, **{missing: None})
        yield f"line items: listed, a claim without {missing}", asked(session, lambda s=service: s.get_lineitems())
        yield (
            f"line items: read, a claim without {missing}",
            asked(session, lambda s=service: written(s.get_lineitem())),
        )


def of_scores(of: Of) -> Cases:
    """A grade: with each scope, to each line item, from each launch."""
    items: dict[str, dict[str, Any] | None] = {
        "none": None,
        "with an id": {"id": f"{ITEMS}/2"},
        "with an id and a query": {"id": f"{ITEMS}/2?a=b"},
        "with a tag that is there": {"tag": "two", "label": "Two", "score_maximum": 5},
        "with a tag that is new": {"tag": "new", "label": "New", "score_maximum": 5},
        "without tag": {"label": "New", "score_maximum": 5},
        "empty": {},
    }
    claims: dict[str, dict[str, Any]] = {"both": {}, "list only": {"lineitem": None}, "own only": {"lineitems": None}}
    scopes = (["score"], ["score", "lineitem"], ["score", "lineitem.readonly"], ["lineitem"], [])
    for granted, (claim, changes), (name, values) in itertools.product(scopes, claims.items(), items.items()):
        session = over({**pages(ITEM_1, ITEM_2), f"{ITEMS}/2/scores?a=b": {}})
        service = gradebook(of, session, [SCOPES[one] for one in granted], **changes)
        item = None if values is None else item_of(of, **values)
        act = lambda s=service, i=item: s.put_grade(grade(of), i) and None  # noqa: E731 what is sent is compared
        yield f"score: {granted}, line items {claim}, to {name}", asked(session, act)
    for lacking in ("user_id", "timestamp", "activity_progress", "grading_progress", "score_maximum"):
        session = over(pages(ITEM_1))
        service = gradebook(of, session)
        yield (
            f"score: without {lacking}",
            asked(session, lambda s=service, n=lacking: s.put_grade(grade(of, **{n: None})) and None),
        )
    session = over(pages(ITEM_1))
    service = gradebook(of, session)
    yield (
        "score: with an unknown progress",
        asked(session, lambda: service.put_grade(grade(of, activity_progress="Done")) and None),
    )
    session = over(pages(ITEM_1))
    service = gradebook(of, session)
    nothing = grade(of, score_given=0, score_maximum=0)
    yield "score: with 0 of 0", asked(session, lambda: service.put_grade(nothing) and None)
    session = over(pages(ITEM_1))
    service = gradebook(of, session)
    extra = grade(of).set_comment("good").set_extra_claims({"https://x.example": {"a": 1}})
    yield "score: with more", asked(session, lambda: sorted(service.put_grade(extra)))


def of_results(of: Of) -> Cases:
    """Results: with each scope, of each line item."""
    items: dict[str, dict[str, Any] | None] = {
        "none": None,
        "with an id": {"id": f"{ITEMS}/2"},
        "with a tag that is there": {"tag": "two"},
        "with a tag of nobody": {"tag": "nobody"},
        "empty": {},
    }
    for granted in (["result.readonly"], ["result.readonly", "lineitem.readonly"], ["score"]):
        for (name, values), own in itertools.product(items.items(), (f"{ITEMS}/1", None)):
            session = over(pages(ITEM_1, ITEM_2))
            service = gradebook(of, session, [SCOPES[one] for one in granted], lineitem=own)
            item = None if values is None else item_of(of, **values)
            where = "the launch has one" if own else "the launch has none"
            yield f"results: {granted}, of {name}, {where}", asked(session, lambda s=service, i=item: s.get_grades(i))
    url = f"{ITEMS}/1/results"
    more = {
        url: (200, [RESULT], {"Link": f'<{url}?page=2>; rel="next"'}),
        f"{url}?page=2": [{**RESULT, "userId": "u-2"}],
    }
    for name, answers in {"two pages": more, "an object": {url: {}}, "nothing": {url: ""}}.items():
        session = over(answers)
        yield f"results: {name}", asked(session, gradebook(of, session).get_grades)


def grade(of: Of, **changes: Any) -> Any:
    """One that every platform takes, but for what is changed."""
    usual = {
        "score_given": 5,
        "score_maximum": 10,
        "timestamp": "2026-11-25T12:00:00+00:00",
        "activity_progress": "Completed",
        "grading_progress": "FullyGraded",
        "user_id": "u-1",
    }
    made = of("grade").Grade()
    for name, value in {**usual, **changes}.items():
        if value is not None:
            getattr(made, f"set_{name}")(value)
    return made


def written(found: Any) -> Any:
    """What a line item holds; lists of dicts as they are."""
    return json.loads(found.get_value()) if hasattr(found, "get_value") else found
