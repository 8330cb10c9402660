from mwaactl.project.found_file import Skipped
from mwaactl.report.skipped import skipped_data, skipped_text

SKIPPED = (
    *(Skipped(f"dags/{letter}/__pycache__", "is a cache") for letter in "edcba"),
    Skipped("plugins/.git", "belongs to version control"),
    Skipped("dags/link.py", "is a link that leaves the folder"),
    Skipped("dags/.env", "may hold secrets"),
    Skipped("dags/id_rsa", "may hold secrets"),
)


def test_nothing_left_out_is_nothing_to_say() -> None:
    assert skipped_text(()) == ""
    assert skipped_data(()) == []


def test_one_is_one() -> None:
    assert skipped_text(SKIPPED[-1:]) == "left out 1 file or folder\n  may hold secrets: dags/id_rsa"


def test_each_reason_is_one_line_and_what_every_tree_holds_comes_last() -> None:
    assert skipped_text(SKIPPED).splitlines() == [
        "left out 9 files or folders",
        "  is a link that leaves the folder: dags/link.py",
        "  may hold secrets: dags/.env, dags/id_rsa",
        "  belongs to version control: plugins/.git",
        "  is a cache: dags/a/__pycache__, dags/b/__pycache__, dags/c/__pycache__ and 2 more",
    ]


def test_json_names_every_path() -> None:
    data = skipped_data(SKIPPED)
    assert [each["reason"] for each in data] == [
        "is a link that leaves the folder",
        "may hold secrets",
        "belongs to version control",
        "is a cache",
    ]
    assert data[3]["paths"] == [f"dags/{letter}/__pycache__" for letter in "abcde"]
    assert sum(len(each["paths"]) for each in data) == len(SKIPPED)
