"""Guess a number: a Django game as it was written for pylti1p3. Only its imports are new."""

from datetime import UTC, datetime

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from guessing import HIGHEST, MOST_POINTS, guessed, highest_of, points_for

from lti_adapters.pylti1p3.contrib.django import (
    DjangoCacheDataStorage,
    DjangoDbToolConf,
    DjangoMessageLaunch,
    DjangoOIDCLogin,
)
from lti_adapters.pylti1p3.deep_link_resource import DeepLinkResource
from lti_adapters.pylti1p3.exception import LtiException
from lti_adapters.pylti1p3.grade import Grade
from lti_adapters.pylti1p3.lineitem import LineItem

CUSTOM = "https://purl.imsglobal.org/spec/lti/claim/custom"


class GameLaunch(DjangoMessageLaunch):
    """A launch of this game."""

    def difficulty(self):
        return self.get_launch_data().get(CUSTOM, {}).get("difficulty", "normal")


@csrf_exempt
def login(request):
    oidc_login = DjangoOIDCLogin(request, DjangoDbToolConf(), launch_data_storage=DjangoCacheDataStorage())
    return oidc_login.enable_check_cookies().redirect(launch_url(request))


@csrf_exempt
@xframe_options_exempt
def launch(request):
    message_launch = GameLaunch(request, DjangoDbToolConf(), launch_data_storage=DjangoCacheDataStorage())
    launch_id = message_launch.get_launch_id()
    if message_launch.is_deep_link_launch():
        return render(request, "pick.html", {"difficulties": HIGHEST.items(), "launch_id": launch_id})
    if not message_launch.is_resource_launch():
        raise LtiException("This game can be played and picked, nothing else")
    name = message_launch.get_launch_data().get("name")
    return render(
        request,
        "play.html",
        {"name": name, "highest": highest_of(message_launch.difficulty()), "launch_id": launch_id},
    )


def jwks(request):
    return JsonResponse(DjangoDbToolConf().get_jwks())


@csrf_exempt  # the id of a launch is known to its own browser only, and says more than a cookie in a frame can
@xframe_options_exempt
def guess(request, launch_id):
    message_launch = restored(request, launch_id)
    highest = highest_of(message_launch.difficulty())
    number = request.POST.get("number", "")
    page = {"highest": highest, "launch_id": launch_id, "number": number}
    if number.isdecimal() and len(number) <= len(str(highest)):
        answer, guesses = guessed(launch_id, highest, int(number))
        page |= {"answer": answer, "guesses": guesses, "points": points_for(guesses)}
        if answer == "right":
            page["is_reported"] = reported(message_launch, guesses)
    return render(request, "play.html", page)


def reported(message_launch, guesses):
    """Whether the platform took both scores. Teachers, for instance, have no grades.

    The points go to the activity's own column, the number of guesses to one that is made when it is missing.
    """
    service = message_launch.get_ags()
    try:
        service.put_grade(grade_of(message_launch, points_for(guesses), MOST_POINTS))
        service.put_grade(grade_of(message_launch, guesses, MOST_POINTS), guesses_column())
    except LtiException:
        return False
    return True


def grade_of(message_launch, score, maximum):
    grade = Grade().set_score_given(score).set_score_maximum(maximum)
    grade.set_timestamp(datetime.now(UTC).isoformat(timespec="milliseconds"))
    grade.set_activity_progress("Completed").set_grading_progress("FullyGraded")
    return grade.set_user_id(message_launch.get_launch_data().get("sub"))


def guesses_column():
    return LineItem().set_tag("guesses").set_label("Guesses").set_score_maximum(MOST_POINTS)


@xframe_options_exempt
def board(request, launch_id):
    message_launch = restored(request, launch_id)
    service, own = message_launch.get_ags(), message_launch.get_launch_data().get("sub")
    column = service.find_lineitem_by_tag("guesses")
    points, guesses = scores(service.get_grades()), scores(service.get_grades(column)) if column else {}
    rows = [
        (member.get("name") or "somebody", points[member["user_id"]], guesses.get(member["user_id"]))
        for member in message_launch.get_nrps().get_members()
        if member["user_id"] in points and (message_launch.check_teacher_access() or member["user_id"] == own)
    ]
    return render(request, "board.html", {"rows": sorted(rows, key=lambda row: -row[1])})


def scores(results):
    return {result["userId"]: result["resultScore"] for result in results if "resultScore" in result}


@xframe_options_exempt
def picked(request, launch_id, difficulty):
    message_launch = restored(request, launch_id)
    if not message_launch.is_deep_link_launch() or difficulty not in HIGHEST:
        raise LtiException("There is nothing to pick here")
    title = f"Guess a number up to {HIGHEST[difficulty]}"
    resource = DeepLinkResource().set_url(launch_url(request)).set_title(title)
    resource.set_custom_params({"difficulty": difficulty})
    resource.set_lineitem(LineItem().set_label(title).set_score_maximum(MOST_POINTS).set_tag("points"))
    return HttpResponse(message_launch.get_deep_link().output_response_form([resource]))


def restored(request, launch_id):
    return GameLaunch.from_cache(launch_id, request, DjangoDbToolConf(), launch_data_storage=DjangoCacheDataStorage())


def launch_url(request):
    return request.build_absolute_uri(reverse("launch"))


class Refusals:
    """Middleware: whatever is refused is shown as a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    @staticmethod
    def process_exception(request, error):
        if not isinstance(error, LtiException):  # refused logins are of this class, too
            return None
        response = render(request, "refused.html", {"error": error}, status=400)
        response.xframe_options_exempt = True
        return response
