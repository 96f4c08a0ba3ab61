"""Questions about roles that a program asks itself: it lists the names, as it did over the old package."""

import pytest

from lti_adapters.pylti1p3.roles import AbstractRole, TeacherRole
from lti_core.claims import ROLES

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
MEMBERSHIP = f"{VOCABULARY}membership"


class DeanRole(AbstractRole):
    _common_roles = ("Officer",)
    _context_roles = ("Grader",)
    _institution_roles = ("Dean",)
    _system_roles = ("Auditor",)


class StrictTeacherRole(TeacherRole):
    """Administrators are none."""

    _common_roles = ("Instructor",)


class WideTeacherRole(TeacherRole):
    _institution_roles = ("Faculty",)


@pytest.mark.parametrize(
    ("role", "is_one"),
    [
        (f"{MEMBERSHIP}#Officer", True),
        ("Officer", True),
        (f"{MEMBERSHIP}/Instructor#Grader", True),
        (f"{VOCABULARY}institution/person#Dean", True),
        (f"{VOCABULARY}system/person#Auditor", True),
        (f"{MEMBERSHIP}#Grader", False),
        (f"{VOCABULARY}system/person#Dean", False),
        (f"{VOCABULARY}anything#Officer", False),
        (f"{MEMBERSHIP}#Instructor", False),
    ],
)
def test_the_names_that_a_program_lists_count_where_it_lists_them(role: str, is_one: bool) -> None:
    assert DeanRole({ROLES: [role]}).check() is is_one


def test_who_has_no_role_is_nobody() -> None:
    assert not DeanRole({}).check()
    assert not AbstractRole({ROLES: [f"{MEMBERSHIP}#Learner"]}).check()


def test_a_list_narrows_a_question_at_its_place() -> None:
    assert TeacherRole({ROLES: [f"{MEMBERSHIP}#Administrator"]}).check()
    assert not StrictTeacherRole({ROLES: [f"{MEMBERSHIP}#Administrator"]}).check()
    assert StrictTeacherRole({ROLES: [f"{MEMBERSHIP}#Instructor"]}).check()


def test_a_list_widens_a_question_at_another_place() -> None:
    faculty = f"{VOCABULARY}institution/person#Faculty"
    assert WideTeacherRole({ROLES: [faculty]}).check()
    assert WideTeacherRole({ROLES: [f"{MEMBERSHIP}#Instructor"]}).check()
    assert not TeacherRole({ROLES: [faculty]}).check()


class LonelyRole(AbstractRole):
    """A comma is missing: as programs have it, and it stands for that name."""

    _common_roles = "Learner"


def test_a_lone_name_is_that_name_and_no_part_of_it() -> None:
    assert LonelyRole({ROLES: [f"{MEMBERSHIP}#Learner"]}).check()
    assert not LonelyRole({ROLES: [f"{MEMBERSHIP}#Lea"]}).check()
    assert not LonelyRole({ROLES: [f"{MEMBERSHIP}#"]}).check()
