"""Roles: which question each known name answers, and that no other name answers any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core.errors import ConfigurationError
from lti_core.roles import QUESTIONS, Roles

LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
MEMBERSHIP = LIS + "membership"
ASSISTANTS = ["", "Group", "Offering", "Section", "SectionAssociation", "Template"]
ANSWERS = {
    # the context: principal roles, sub-roles, short names, LTI 1.1
    f"{MEMBERSHIP}#Learner": "student",
    f"{MEMBERSHIP}#Instructor": "teacher",
    f"{MEMBERSHIP}#Administrator": "teacher",
    f"{MEMBERSHIP}#ContentDeveloper": "designer",
    f"{MEMBERSHIP}#Mentor": "observer",
    f"{MEMBERSHIP}#TeachingAssistant": "teaching_assistant",
    f"{MEMBERSHIP}/Instructor#PrimaryInstructor": "teacher",
    f"{MEMBERSHIP}/Instructor#GuestInstructor": "teacher",
    f"{MEMBERSHIP}/Administrator#Administrator": "teacher",
    f"{MEMBERSHIP}/ContentDeveloper#Librarian": "designer",
    f"{MEMBERSHIP}/Mentor#ExternalTutor": "observer",
    f"{MEMBERSHIP}/Learner#NonCreditLearner": "student",
    f"{MEMBERSHIP}/Learner#Instructor": "student",
    **{f"{MEMBERSHIP}/Instructor#TeachingAssistant{more}": "teaching_assistant" for more in ASSISTANTS},
    "Learner": "student",
    "Student": "student",
    "Instructor": "teacher",
    "Administrator": "teacher",
    "ContentDeveloper": "designer",
    "Mentor": "observer",
    "TeachingAssistant": "teaching_assistant",
    "urn:lti:role:ims/lis/Learner": "student",
    "urn:lti:role:ims/lis/Instructor": "teacher",
    "urn:lti:role:ims/lis/Instructor/GuestInstructor": "teacher",
    "urn:lti:role:ims/lis/TeachingAssistant": "teaching_assistant",
    "urn:lti:role:ims/lis/TeachingAssistant/TeachingAssistantSection": "teaching_assistant",
    # the institution and the system
    **{f"{LIS}institution/person#{role}": "staff" for role in ("Faculty", "Staff", "Instructor", "Administrator")},
    **{f"{LIS}system/person#{role}": "staff" for role in ("Administrator", "SysAdmin", "AccountAdmin", "SysSupport")},
    f"{LIS}person#Administrator": "staff",
    f"{LIS}person#SysAdmin": "staff",
    "urn:lti:sysrole:ims/lis/SysAdmin": "staff",
    "urn:lti:instrole:ims/lis/Administrator": "staff",
    # nobody that lasts
    "http://purl.imsglobal.org/vocab/lti/system/person#TestUser": "transient",
    f"{LIS}institution/person#Transient": "transient",
    f"{LIS}system/person#Transient": "transient",
    f"{MEMBERSHIP}#Transient": "transient",
    f"{MEMBERSHIP}/Instructor#Transient": "transient",
    "Transient": "transient",
}
KNOWN_BUT_NOBODY = [
    f"{MEMBERSHIP}#Manager",
    f"{MEMBERSHIP}#Member",
    f"{MEMBERSHIP}#Officer",
    f"{MEMBERSHIP}/Instructor#Grader",
    f"{MEMBERSHIP}/Administrator#Support",
    f"{MEMBERSHIP}/Administrator#Developer",
    f"{MEMBERSHIP}/Administrator#SystemAdministrator",
    f"{MEMBERSHIP}/Manager#Observer",
    f"{MEMBERSHIP}/Officer#Vice-Chair",
    "urn:lti:role:ims/lis/TeachingAssistant/Grader",
    f"{LIS}institution/person#Student",
    f"{LIS}institution/person#Learner",
    f"{LIS}institution/person#None",
    f"{LIS}system/person#User",
    f"{LIS}system/person#None",
    "urn:lti:instrole:ims/lis/Student",
]
UNKNOWN = [
    "",
    " Learner",
    "learner",
    "Faculty",
    "PrimaryInstructor",
    "urn:lti:instrole:ims/lis/instructor",
    f"{MEMBERSHIP}#learner",
    f"{MEMBERSHIP}#Learner ",
    f"{MEMBERSHIP}#Student",
    f"{MEMBERSHIP}/Learner#PrimaryInstructor",
    f"{LIS}anything#Instructor",
    f"{MEMBERSHIP}#Instructor".replace("http:", "https:"),
    "https://vendor.example/roles#Instructor",
]
PROPERTIES = {question: f"is_{question}" for question in QUESTIONS}


def answered(roles: Roles) -> set[str]:
    return {question for question, name in PROPERTIES.items() if getattr(roles, name)}


@pytest.mark.parametrize(("name", "question"), ANSWERS.items())
def test_a_known_role_answers_its_question_and_no_other(name: str, question: str) -> None:
    roles = Roles((name,))
    assert answered(roles) == {question}
    assert roles.any_known


@pytest.mark.parametrize("name", KNOWN_BUT_NOBODY)
def test_a_role_that_says_nothing_about_rights_is_known_and_answers_no_question(name: str) -> None:
    assert answered(Roles((name,))) == set()
    assert Roles((name,)).any_known


@pytest.mark.parametrize("name", UNKNOWN)
def test_names_are_compared_whole_and_letter_for_letter(name: str) -> None:
    assert answered(Roles((name,))) == set()
    assert not Roles((name,)).any_known
    assert Roles((name,)).explain()[0].meaning == "not a role of the LTI vocabularies"


def test_several_roles_answer_several_questions() -> None:
    roles = Roles((f"{MEMBERSHIP}#Instructor", f"{MEMBERSHIP}#Learner", "https://vendor.example/role"))
    assert answered(roles) == {"teacher", "student"}
    assert roles.any_known


def test_an_assistant_who_is_sent_as_a_learner_is_no_teacher() -> None:
    roles = Roles((f"{MEMBERSHIP}#Learner", f"{MEMBERSHIP}/Instructor#TeachingAssistant"))
    assert answered(roles) == {"student", "teaching_assistant"}


def test_roles_are_a_collection_of_the_names_as_they_came() -> None:
    roles = Roles(["b", "a", "a"])
    assert roles.names == ("b", "a", "a")
    assert (list(roles), len(roles), "a" in roles, "c" in roles) == (["b", "a", "a"], 3, True, False)
    assert not Roles()
    assert Roles("Learner").names == ("Learner",)
    assert {Roles(("a",)), Roles(["a"])} == {Roles("a")}


def test_explaining_says_what_each_role_is_and_what_follows() -> None:
    told = Roles((f"{MEMBERSHIP}/Instructor#TeachingAssistant", "Learner", "x", f"{LIS}person#Guest")).explain()
    assert [(role.meaning, role.questions) for role in told] == [
        ("context sub-role Instructor#TeachingAssistant", ("teaching_assistant",)),
        ("context role Learner, as a short name", ("student",)),
        ("not a role of the LTI vocabularies", ()),
        ("institution role Guest", ()),
    ]


def test_a_question_is_asked_by_its_name() -> None:
    assert Roles("Instructor").answers("teacher")
    assert not Roles("Instructor").answers("student")


def test_a_question_that_nobody_knows_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ConfigurationError) as mistake:
        Roles("Instructor").answers("instructor")
    assert mistake.value.code == "config.role_unknown"
    assert "teaching_assistant" in mistake.value.message


@given(st.lists(st.text() | st.sampled_from([*ANSWERS, *KNOWN_BUT_NOBODY])))
def test_whatever_a_platform_names_only_known_names_answer(names: list[str]) -> None:
    roles = Roles(names)
    assert answered(roles) == {ANSWERS[name] for name in names if name in ANSWERS}
    assert [role.name for role in roles.explain()] == names
    assert answered(roles) == {question for role in roles.explain() for question in role.questions}
