"""The score service: what a tool sends becomes a grade (AGS 2.0 §3.4)."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from lti_adapters.simulator.people import STUDENT, TEST_USER, Person
from lti_adapters.simulator.services.answers import Call, Refused
from lti_adapters.simulator.services.gradebook import Grade, LineItem, SentScore
from lti_adapters.simulator.services.score_rules import timestamp_of
from lti_adapters.simulator.services.world import World
from lti_core.ports import HttpResponse

MOST_BYTES = 64 * 1024


def scores(call: Call, world: World) -> HttpResponse:
    """POST: a score is taken."""
    profile = world.profile
    item = world.line_item(call)
    if item.foreign:
        raise Refused(403, "That line item is another tool's.")
    if len(call.body) > MOST_BYTES:
        raise Refused(413, "A score is no longer than 64 KiB.")
    sent = profile.read_score(call)
    user_id = str(sent["userId"])
    try:
        grade = _taken(world, item, user_id, sent)
    except Refused:
        world.gradebook.remember(SentScore(line_item_id=item.id, user_id=user_id, sent=sent, accepted=False))
        raise
    world.gradebook.remember(SentScore(line_item_id=item.id, user_id=user_id, sent=sent, accepted=True))
    return profile.scored(sent, world.addresses.result(item.course_id, item.id, grade.user_id))


def _taken(world: World, item: LineItem, user_id: str, sent: Mapping[str, object]) -> Grade:
    profile = world.profile
    person = world.person(item.course_id, user_id)
    if person is None:
        profile.check_user_id(user_id)
    if not is_gradable(person):
        raise Refused(profile.not_gradable, "That user gets no grades in this course.", "score")
    entry = _Entry(sent, timestamp_of(sent), world)
    return world.gradebook.grade(item.id, user_id, entry.made)


@frozen
class _Entry:
    """A score on its way into the gradebook."""

    sent: Mapping[str, object]
    timestamp: datetime
    world: World

    def made(self, item: LineItem, old: Grade | None) -> Grade:
        """The new grade.

        Raises:
            Refused: the score is older than the grade.
        """
        profile, sent = self.world.profile, self.sent
        if old is not None and not old.by_teacher and profile.is_outdated(self.timestamp, old.timestamp):
            raise Refused(profile.outdated, "There is a newer score of that user.", "outdated")
        score, comment = self._score(item), sent.get("comment")
        if score is None and old is not None and self._keeps_old():
            score = old.score
        return Grade(
            user_id=str(sent["userId"]),
            score=score,
            maximum=item.maximum,
            timestamp=profile.time_kept(item, self.timestamp, self.world.clock.now()),
            comment=comment if isinstance(comment, str) else None,
            activity_progress=str(sent["activityProgress"]),
            grading_progress=str(sent["gradingProgress"]),
            scoring_user_id=_text_or_none(sent.get("scoringUserId")),
            sent=dict(sent),
        )

    def _keeps_old(self) -> bool:
        """A score that is not used leaves the grade; no score at all clears it (AGS 2.0 §3.4.5)."""
        return self.sent.get("scoreGiven") is not None and not self.world.profile.unfinished_erases

    def _score(self, item: LineItem) -> float | None:
        given, out_of = self.sent.get("scoreGiven"), self.sent.get("scoreMaximum")
        if given is None or self.sent["gradingProgress"] not in self.world.profile.counted:
            return None
        score, maximum = _number(given), _number(out_of)
        if maximum > 0 and maximum != item.maximum:
            score = score * item.maximum / maximum
        return min(max(score, 0), item.maximum) if self.world.profile.cuts_scores else score


def is_gradable(person: Person | None) -> bool:
    """Learners have grades; teachers, test users and strangers have none."""
    return person is not None and STUDENT in person.roles and TEST_USER not in person.roles


def _number(value: object) -> float:
    """What a platform that reads numbers in texts, too, makes of one."""
    return float(value) if isinstance(value, int | float | str) else 0.0


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
