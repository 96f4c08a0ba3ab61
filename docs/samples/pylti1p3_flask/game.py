"""Quick arithmetic: a Flask game as it was written for pylti1p3. Only its imports are new."""

import os
from datetime import UTC, datetime
from pathlib import Path

from arithmetic import DIFFICULTIES, HOW_MANY, sums_of
from flask import Flask, jsonify, render_template, request, url_for

from lti_adapters.pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from lti_adapters.pylti1p3.deep_link_resource import DeepLinkResource
from lti_adapters.pylti1p3.exception import LtiException, OIDCException
from lti_adapters.pylti1p3.grade import Grade
from lti_adapters.pylti1p3.lineitem import LineItem
from lti_adapters.pylti1p3.tool_config import ToolConfJsonFile

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ["SECRET_KEY"],
    # The game stands in the platform's frame: a browser gives its session back there only with these three.
    SESSION_COOKIE_SAMESITE="None",
    SESSION_COOKIE_SECURE=True,
    SESSION_COOKIE_PARTITIONED=True,
)
tool_conf = ToolConfJsonFile(os.environ.get("GAME_CONFIG") or str(Path(__file__).parent / "configs" / "game.json"))


@app.route("/lti/login", methods=["GET", "POST"])
def login():
    return FlaskOIDCLogin(FlaskRequest(), tool_conf).enable_check_cookies().redirect(url_for("launch", _external=True))


@app.route("/lti/launch", methods=["POST"])
def launch():
    message_launch = FlaskMessageLaunch(FlaskRequest(), tool_conf)
    if message_launch.is_deep_link_launch():
        return render_template("pick.html", difficulties=DIFFICULTIES, launch_id=message_launch.get_launch_id())
    return render_template(
        "play.html",
        name=message_launch.get_launch_data().get("name"),
        difficulty=difficulty_of(message_launch),
        sums=sums_of(message_launch.get_launch_id(), difficulty_of(message_launch)),
        launch_id=message_launch.get_launch_id(),
    )


@app.route("/lti/jwks")
def jwks():
    return jsonify(tool_conf.get_jwks())


@app.route("/answers/<launch_id>", methods=["POST"])
def answers(launch_id):
    message_launch = restored(launch_id)
    sums = sums_of(launch_id, difficulty_of(message_launch))
    given = [request.form.get(f"answer-{number}", "").strip() for number in range(HOW_MANY)]
    right = [answer == str(result) for answer, (_, result) in zip(given, sums, strict=True)]
    return render_template(
        "result.html",
        rows=zip(sums, given, right, strict=True),
        score=sum(right),
        of=HOW_MANY,
        is_reported=reported(message_launch, sum(right)),
        launch_id=launch_id,
    )


def reported(message_launch, score):
    """Bring the score to the platform's gradebook; whether it took it. Teachers, for instance, have no grades."""
    grade = Grade()
    grade.set_score_given(score).set_score_maximum(HOW_MANY)
    grade.set_timestamp(datetime.now(UTC).isoformat(timespec="milliseconds"))
    grade.set_activity_progress("Completed").set_grading_progress("FullyGraded")
    grade.set_user_id(message_launch.get_launch_data().get("sub"))
    try:
        message_launch.get_ags().put_grade(grade)
    except LtiException:
        return False
    return True


@app.route("/board/<launch_id>")
def board(launch_id):
    message_launch = restored(launch_id)
    names = {member["user_id"]: member.get("name") for member in message_launch.get_nrps().get_members()}
    rows = [
        (names.get(result["userId"]) or "somebody", result["resultScore"], result["resultMaximum"])
        for result in message_launch.get_ags().get_grades()
        if "resultScore" in result and may_see(message_launch, result["userId"])
    ]
    return render_template("board.html", rows=sorted(rows, key=lambda row: -row[1]))


def may_see(message_launch, user_id):
    """Teachers see all scores, others their own."""
    return message_launch.check_teacher_access() or user_id == message_launch.get_launch_data().get("sub")


@app.route("/picked/<launch_id>/<difficulty>")
def picked(launch_id, difficulty):
    message_launch = restored(launch_id)
    if not message_launch.is_deep_link_launch() or difficulty not in DIFFICULTIES:
        raise LtiException("There is nothing to pick here")
    line_item = LineItem().set_label(f"Quick arithmetic, {difficulty}").set_score_maximum(HOW_MANY).set_tag("score")
    resource = DeepLinkResource().set_url(url_for("launch", _external=True)).set_lineitem(line_item)
    resource.set_title(f"Quick arithmetic, {difficulty}").set_custom_params({"difficulty": difficulty})
    return message_launch.get_deep_link().output_response_form([resource])


def restored(launch_id):
    return FlaskMessageLaunch.from_cache(launch_id, FlaskRequest(), tool_conf)


def difficulty_of(message_launch):
    return message_launch.get_launch_data().get(CUSTOM, {}).get("difficulty", "normal")


@app.errorhandler(LtiException)
@app.errorhandler(OIDCException)
def refused(error):
    return render_template("refused.html", error=error), 400
