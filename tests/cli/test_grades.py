"""`lti grades export` and `lti grades import`, against a platform on loopback."""

import json
import os
import pty
import signal
import stat
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.cli.command_group import Stopped
from lti_adapters.cli.score_rows import Refusal, read_rows, score_of
from lti_adapters.cli.score_rows import Row as CsvRow
from lti_adapters.simulator.courses import BIOLOGY
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.errors import InvalidValue
from tests.cli.conftest import PROGRAM
from tests.cli.served import Run, Served, rows_of, served_in

HEAD = "user_id,score,maximum,comment\n"


def learners(platform: SimulatedPlatform, count: int) -> list[str]:
    return [f"u-{number:06}" for number in range(1, count + 1)]


@pytest.fixture
def served(run: Run, tmp_path: Path) -> object:
    """A platform with 50 generated learners, and one kept grant."""
    with served_in(tmp_path, run, roster=50) as scene:
        scene.keep()
        yield scene


def file_with(served: Served, text: str, name: str = "grades.csv") -> Path:
    path = served.config.parent / name
    path.write_text(text, encoding="utf-8")
    return path


def imported(served: Served, text: str, *options: object, name: str = "grades.csv") -> Result:
    return served.lti("grades", "import", file_with(served, text, name), *options)


def sent(served: Served) -> list[str]:
    return [score.user_id for score in served.platform.gradebook.history]


def test_what_is_imported_stands_in_the_gradebook(served: Served) -> None:
    result = imported(served, HEAD + "u-learner,8.5,10,Well done\nu-000001,3,4,\n")
    assert (result.exit_code, result.stdout) == (0, f"{served.config.parent}/grades.csv: 2 taken.\n")
    grade = served.platform.gradebook["quiz-1"]["u-learner"]
    assert (grade.score, grade.comment) == (8.5, "Well done")
    assert served.platform.gradebook["quiz-1"]["u-000001"].score == 7.5


@pytest.mark.parametrize("name", ["grades.csv", "grades.json"])
def test_what_was_exported_can_be_imported(served: Served, name: str) -> None:
    imported(served, HEAD + 'u-learner,8.5,10,=1+1\nu-000001,3,4,"\'tis,\r\n\u2028 ""good"" \r"\n')
    before = dict(served.platform.gradebook["quiz-1"])
    path = served.config.parent / f"out-{name}"
    assert served.lti("grades", "export", "--output", path).exit_code == 0
    served.platform.gradebook.clear()
    result = served.lti("grades", "import", path)
    assert (result.exit_code, "2 taken." in result.stdout) == (0, True)
    assert "Columns that are not read: timestamp, scoring_user_id" in result.stderr
    after = served.platform.gradebook["quiz-1"]
    assert {user: (one.score, one.comment) for user, one in after.items()} == {
        user: (one.score, one.comment) for user, one in before.items()
    }


def test_a_comment_that_looks_like_a_formula_is_written_safely(served: Served) -> None:
    imported(served, HEAD + "u-learner,8,10,=1+1\n")
    [row] = rows_of(served.lti("grades", "export").stdout)
    assert (row["user_id"], row["comment"]) == ("u-learner", "'=1+1")
    assert (Decimal(row["score"]), Decimal(row["maximum"])) == (8, 10)


def test_every_refused_row_is_told_with_its_line_and_why(served: Served) -> None:
    text = (
        'user_id,score,maximum,comment,activity_progress\n'
        'u-learner,8,10,"two\nlines",\n'  # lines 2 and 3
        "u-nobody,8,10,,\n"
        "u-000001,eight,10,,\n"
        "u-000002,8,,,\n"
        "u-000003,-1,10,,\n"
        ",8,10,,\n"
        "u-000004,8,10\n"
        "u-learner,9,10,,\n"
        "u-000005,8,10,,Finished\n"
        "\n"
        "u-000006,,10,,\n"
        "u-000007,8,10,,Submitted\n"
    )  # fmt: skip
    result = imported(served, text)
    assert result.exit_code == 1
    path = served.config.parent / "grades.csv"
    assert result.stdout == f"{path}: 2 taken, 8 refused, 1 without a score.\n"
    told = {
        int(line.removeprefix(f"{path}:").partition(":")[0]): line.rpartition("[")[2].rstrip("]")
        for line in result.stderr.splitlines()
    }
    assert told == {
        4: "service.ags.user_not_gradable",
        5: "not-a-number",
        6: "service.ags.score_maximum_missing",
        7: "service.ags.score_given_invalid",
        8: "service.ags.user_missing",
        9: "columns-missing",
        10: "user-twice",
        11: "service.ags.activity_progress_invalid",
    }
    assert f"{path}:10: This user stands at {path}:2 already." in result.stderr
    assert set(served.platform.gradebook["quiz-1"]) == {"u-learner", "u-000007"}


def test_json_rows_are_told_by_their_number_and_keep_all_digits(served: Served) -> None:
    rows = (
        '[{"user_id": "u-learner", "score": 1.10, "maximum": 3}, {"user_id": "u-000001", "score": true, "maximum": 1}]'
    )
    result = imported(served, rows, name="grades.json")
    assert result.exit_code == 1
    assert "grades.json: row 2: score must be a number" in result.stderr
    [taken] = served.platform.gradebook.history
    assert Decimal(str(taken.sent["scoreGiven"])) == Decimal("1.1")


def test_a_file_can_be_sent_again_after_a_break(served: Served) -> None:
    people = learners(served.platform, 12)
    text = HEAD + "".join(f"{user},8,10,\n" for user in people)
    served.platform.misbehave("status", at="POST scores", status=400)
    assert imported(served, text).exit_code == 1
    served.platform.behave()
    path = served.config.parent / "grades.csv"
    served.platform.gradebook.clear()
    first = imported(served, HEAD + f"{people[0]},8,10,\n")
    assert "1 taken." in first.stdout
    result = imported(served, text)
    assert (result.exit_code, result.stdout) == (0, f"{path}: 11 taken, 1 taken before.\n")
    again = imported(served, text)
    assert (again.exit_code, again.stdout) == (0, f"{path}: 0 taken, 12 taken before.\n")
    assert sent(served) == people


def test_a_row_that_was_changed_is_sent_and_so_is_one_that_was_changed_back(served: Served) -> None:
    for score in ("8", "9", "8", "8"):
        assert imported(served, HEAD + f"u-learner,{score},10,\n").exit_code == 0
    assert [score.sent["scoreGiven"] for score in served.platform.gradebook.history] == [8, 9, 8]


def test_what_was_taken_of_one_line_item_counts_for_no_other(served: Served) -> None:
    text = HEAD + "u-learner,8,10,\n"
    assert "1 taken." in imported(served, text).stdout
    assert "1 taken." in imported(served, text, "--tag", "essay").stdout
    assert "1 taken before" in imported(served, text, "--tag", "essay").stdout
    assert served.platform.gradebook["essay"]["u-learner"].score == 8


def test_the_journal_tells_nobody_whose_grades_they_are(served: Served) -> None:
    imported(served, HEAD + "u-learner,8,10,Well done\n")
    journal = served.config.parent / "grades.csv.taken"
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert "u-learner" not in journal.read_text()
    assert [len(line) for line in journal.read_text().splitlines()] == [129]


@pytest.mark.parametrize("damage", ["{line}", "half a li", "\x00\x01", "é\n", "\n\n"])
def test_half_a_line_of_a_process_that_was_ended_loses_one_row_at_most(served: Served, damage: str) -> None:
    text = HEAD + "u-learner,8,10,\nu-000001,8,10,\n"
    imported(served, HEAD + "u-learner,8,10,\n")
    journal = served.config.parent / "grades.csv.taken"
    line = journal.read_text()
    journal.write_text(line + damage.format(line=line[:77]))
    assert "1 taken, 1 taken before." in imported(served, text).stdout
    assert "0 taken, 2 taken before." in imported(served, text).stdout


def test_a_process_that_is_ended_goes_on_where_it_was(served: Served) -> None:
    people = learners(served.platform, 40)
    path = file_with(served, HEAD + "".join(f"{user},8,10,\n" for user in people))
    arguments = [*PROGRAM, "grades", "import", str(path), "--config", str(served.config)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    journal = served.config.parent / "grades.csv.taken"
    while not journal.exists() or journal.read_text().count("\n") < 3:
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "taken before." in done.stdout
    assert set(sent(served)) == set(people)
    assert len(sent(served)) <= len(people) + 1  # the one whose answer nobody heard


def test_a_platform_that_is_down_ends_the_import_and_the_rest_is_sent_later(served: Served) -> None:
    people = learners(served.platform, 12)
    text = HEAD + "".join(f"{user},8,10,\n" for user in people)
    served.platform.misbehave("status", at="POST scores", status=500)
    result = imported(served, text)
    assert result.exit_code == 1
    assert result.stdout.endswith(": 0 taken, 5 refused, 7 not tried.\n")
    assert "Run the same command again later" in result.stderr
    served.platform.behave()
    assert imported(served, text).stdout.endswith(": 12 taken.\n")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429])
def test_a_line_item_that_is_gone_or_closed_ends_the_import(served: Served, status: int) -> None:
    served.platform.misbehave("status", at="POST scores", status=status)
    result = imported(served, HEAD + "".join(f"{user},8,10,\n" for user in learners(served.platform, 12)))
    assert (result.exit_code, result.stdout.partition(": ")[2]) == (1, "0 taken, 5 refused, 7 not tried.\n")


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_what_a_platform_says_to_a_row_does_not_end_the_import(served: Served, status: int) -> None:
    served.platform.misbehave("status", at="POST scores", status=status)
    result = imported(served, HEAD + "".join(f"{user},8,10,\n" for user in learners(served.platform, 8)))
    assert "8 refused.\n" in result.stdout


def test_a_line_item_that_was_deleted_ends_the_import(served: Served) -> None:
    [item] = json.loads(served.lti("lineitems", "--format", "json").stdout)
    gone = f"{item['id']}9"
    text = HEAD + "".join(f"{user},8,10,\n" for user in learners(served.platform, 30))
    result = imported(served, text, "--line-item", gone)
    assert (result.exit_code, "5 refused, 25 not tried." in result.stdout) == (1, True)
    assert "[service.not_found]" in result.stderr


def test_no_token_ends_the_import_at_once(served: Served) -> None:
    served.platform.misbehave("status", at="token", status=401)
    result = imported(served, HEAD + "u-learner,8,10,\nu-000001,8,10,\n")
    assert (result.exit_code, result.stdout[-32:]) == (1, "0 taken, 1 refused, 1 not tried.\n"[-32:])
    assert "[token." in result.stderr


def test_refused_rows_one_after_the_other_do_not_end_the_import(served: Served) -> None:
    text = HEAD + "".join(f"u-gone-{number},8,10,\n" for number in range(8)) + "u-learner,8,10,\n"
    assert imported(served, text).stdout.endswith(": 1 taken, 8 refused.\n")


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [
        ("", "grades.csv", "lacks the columns user_id, score, maximum"),
        ("user_id,scroe,maximum\n", "grades.csv", "lacks the columns score"),
        ("user_id,score,maximum,score\n", "grades.csv", "has a column twice: score"),
        ('user_id,score,maximum\n"' + "x" * 140_000 + '"', "grades.csv", "grades.csv:2 is not CSV"),
        ("{", "grades.json", "is not JSON"),
        ('{"user_id": "u"}', "grades.json", "must be a list of objects"),
        ('[["u", 8, 10]]', "grades.json", "must be a list of objects"),
        ("[" * 33 + "]" * 33, "grades.json", "grades.json is not JSON: more than 32 values inside one another."),
        ("[" * 50_000 + "]" * 50_000, "grades.json", "is not JSON: more than 32 values inside one another."),
        ("user_id,SCORE,maximum,score\n", "grades.csv", "has a column twice: score"),
        ("sep=;\n\n", "grades.csv", "lacks the columns user_id, score, maximum"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(served: Served, text: str, name: str, problem: str) -> None:
    result = imported(served, text, name=name)
    assert result.exit_code == 2
    assert problem in result.stderr
    assert served.platform.gradebook.history == ()


def test_a_file_that_is_no_text_or_missing_is_a_sentence(served: Served) -> None:
    path = served.config.parent / "grades.csv"
    assert "cannot be read: No such file" in served.lti("grades", "import", path).stderr
    path.write_bytes(b"user_id,score,maximum\nJos\xe9,8,10\n")
    result = served.lti("grades", "import", path)
    assert (result.exit_code, "not text in UTF-8" in result.stderr) == (2, True)


def test_a_spreadsheets_byte_order_mark_and_semicolons_are_understood(served: Served) -> None:
    result = imported(served, "\ufeffuser_id; score ;maximum;comment\r\nu-learner; 8 ;10;a, b\r\n")
    assert result.exit_code == 0
    assert served.platform.gradebook["quiz-1"]["u-learner"].comment == "a, b"


@pytest.mark.parametrize(
    "text",
    [
        "USER_ID,Score,Maximum\nu-learner,8,10\n",
        "\n\r\n ,,\nuser_id,score,maximum\nu-learner,8,10\n",
        "sep=;\r\nUser_ID;Score;maximum\r\nu-learner;8;10\r\n",
        "SEP=,\nuser_id,score,maximum\nu-learner,8,10\n",
        "sep=\t\nuser_id\tscore\tmaximum\nu-learner\t8\t10\n",
        "\ufeffsep=;\n\nuser_id;score;maximum;note, long\nu-learner;8;10;x\n",
    ],
)
def test_what_spreadsheets_put_before_the_rows_is_understood(served: Served, text: str) -> None:
    assert imported(served, text).exit_code == 0
    assert served.platform.gradebook["quiz-1"]["u-learner"].score == 8


def test_rows_after_such_lines_are_told_with_their_own_line(served: Served) -> None:
    result = imported(served, "sep=;\n\nuser_id;score;maximum\nu-learner;x;10\n")
    assert "grades.csv:4: score must be a number" in result.stderr


def test_a_file_without_rows_is_taken_whole(served: Served) -> None:
    result = imported(served, HEAD)
    assert (result.exit_code, result.stdout[-9:]) == (0, "0 taken.\n")
    assert served.platform.requests.of("token") == ()


@pytest.mark.parametrize("command", [("export",), ("import", "grades.csv")])
def test_one_line_item_is_named_in_one_way(served: Served, command: tuple[str, ...]) -> None:
    result = served.lti("grades", *command, "--tag", "a", "--line-item", "https://lms.example/1")
    assert (result.exit_code, "Give one of --line-item and --tag." in result.stderr) == (2, True)


def test_grades_of_a_tag_that_is_nowhere_are_not_exported(served: Served) -> None:
    result = served.lti("grades", "export", "--tag", "essay")
    assert (result.exit_code, "No line items have the tag 'essay'" in result.stderr) == (2, True)
    imported(served, HEAD + "u-learner,8,10,\n", "--tag", "essay")
    assert len(rows_of(served.lti("grades", "export", "--tag", "essay").stdout)) == 1


def test_of_two_line_items_with_one_tag_neither_is_taken(served: Served) -> None:
    for _ in range(2):
        served.platform.gradebook.add(BIOLOGY.id, {"label": "Essay", "scoreMaximum": 10, "tag": "essay"})
    result = imported(served, HEAD + "u-learner,8,10,\n", "--tag", "essay")
    assert (result.exit_code, "2 line items have the tag 'essay': give --line-item" in result.stderr) == (2, True)
    assert "2 line items have the tag" in served.lti("grades", "export", "--tag", "essay").stderr
    assert served.platform.gradebook.history == ()


@pytest.mark.parametrize("option", ["--tag", "--line-item"])
@pytest.mark.parametrize("command", [("export",), ("import", "grades.csv")])
def test_an_empty_option_was_not_meant(served: Served, command: tuple[str, ...], option: str) -> None:
    result = served.lti("grades", *command, option, "")
    assert (result.exit_code, f"Invalid value for '{option}': it is empty." in result.stderr) == (2, True)


def test_what_is_taken_can_be_noted_before_anything_is_made(served: Served) -> None:
    (served.config.parent / "grades.csv.taken").mkdir()
    result = imported(served, HEAD + "u-learner,8,10,\n", "--tag", "essay")
    assert (result.exit_code, "grades.csv.taken" in result.stderr) == (1, True)
    assert len(served.platform.gradebook.line_items) == 1


def test_large_and_small_numbers_come_back_from_an_export(served: Served) -> None:
    assert imported(served, HEAD + "u-learner,8E+16,1e17,\nu-000001,.5,1.0e1,\n").exit_code == 0
    path = served.config.parent / "out.csv"
    assert served.lti("grades", "export", "--output", path).exit_code == 0
    before = dict(served.platform.gradebook["quiz-1"])
    served.platform.gradebook.clear()
    result = served.lti("grades", "import", path)
    assert (result.exit_code, "2 taken." in result.stdout) == (0, True)
    after = served.platform.gradebook["quiz-1"]
    assert {user: one.score for user, one in after.items()} == {user: one.score for user, one in before.items()}


@pytest.mark.parametrize("number", ["1" * 1_000_000, "1e" + "1" * 1_000_000, "." * 1_000_000, "1e9999", "1e", "٥"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises((Refusal, InvalidValue)):
        score_of(CsvRow("grades.csv:2", {"user_id": "u", "score": number, "maximum": "10"}))


def test_a_line_item_can_be_named_by_its_address(served: Served) -> None:
    [item] = json.loads(served.lti("lineitems", "--format", "json").stdout)
    assert imported(served, HEAD + "u-learner,8,10,\n", "--line-item", item["id"]).exit_code == 0
    assert len(rows_of(served.lti("grades", "export", "--line-item", item["id"]).stdout)) == 1


def test_at_a_terminal_the_import_shows_how_far_it_is(served: Served) -> None:
    path = file_with(served, HEAD + "u-learner,8,10,\nu-nobody,8,10,\n")
    ours, theirs = pty.openpty()
    arguments = [*PROGRAM, "grades", "import", str(path), "--config", str(served.config)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=theirs, text=True)
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 65536):
            written += piece
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, f"{path}: 1 taken, 1 refused.\n")
    assert "/2" in written.decode()
    assert "user_not_gradable" in written.decode()


cells = st.text() | st.sampled_from(["u-1", "8", "10", "8,5", "NaN", "1e9", "'=1", "", "Submitted"])


@given(st.text() | st.lists(st.lists(cells, max_size=6).map(",".join)).map(lambda rows: HEAD + "\n".join(rows)))
def test_whatever_a_csv_file_holds_is_a_score_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        rows = read_rows(path, None)
    except Stopped:
        return
    for row in rows:
        try:
            score = score_of(row)
        except (Refusal, InvalidValue):
            continue
        assert score is None or score.given is not None


def test_blanks_around_a_user_id_are_the_spreadsheets() -> None:
    score = score_of(CsvRow("grades.csv:2", {"user_id": " u-1\t", "score": "8", "maximum": "10"}))
    assert score is not None
    assert score.user_id == "u-1"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["user_id", "score", "maximum", "x"]), inner),
    max_leaves=8,
)


@given(anything.map(json.dumps) | st.text())
def test_whatever_a_json_file_holds_is_a_score_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(text.encode("utf-8", "replace"))
    try:
        rows = read_rows(path, None)
    except Stopped:
        return
    for row in rows:
        try:
            score_of(row)
        except (Refusal, InvalidValue):
            continue
