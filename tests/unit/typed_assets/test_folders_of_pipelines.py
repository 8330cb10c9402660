"""One pipeline of a folder is found without reading the others, and mistakes are found once."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.pipeline_files import END, KnownOperators
from typed_assets.beside import files_below, path_from, place_beside
from typed_assets.pipeline_folders import PipelineFolder, files_at, only
from typed_assets.pipeline_mistakes import keep, kept, read_all
from typed_assets.yaml.reading import is_pipeline

STEPS = f"steps: [{{id: end, operator: {END}}}]\n"


def folder_of(place: Path, files: dict[str, str]) -> PipelineFolder:
    """Return the folder `pipelines` with files in it."""
    for name, text in files.items():
        path = place / "pipelines" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return PipelineFolder(place, "pipelines", files_at(place), KnownOperators())


def noting_reads(folder: PipelineFolder) -> tuple[PipelineFolder, list[str]]:
    """Return the folder, and a list of the files that are read from now on."""
    read: list[str] = []

    def noted(file: str) -> bytes | None:
        read.append(file)
        return folder.files.read(file)

    return replace(folder, files=replace(folder.files, read=noted)), read


@pytest.mark.parametrize(
    ("file", "text", "wanted"),
    [
        ("b.yaml", STEPS, "b"),
        ("b.yml", STEPS, "b"),
        ("team/b.yaml", STEPS, "b"),
        ("other.yaml", f"id: b\n{STEPS}", "b"),
        ("other.yaml", 'id: "\\x62b"\n' + STEPS, "bb"),
        ("other.yaml", f"id: b_${{{{ n }}}}\nmatrix: {{n: [one, two]}}\n{STEPS}", "b_two"),
        ("b.more.yaml", STEPS, "b"),
    ],
)
def test_one_pipeline_is_found_wherever_it_stands(tmp_path: Path, file: str, text: str, wanted: str) -> None:
    folder = folder_of(tmp_path, {"a.yaml": STEPS, file: text, "bad.yaml": "schedul: x"})

    found = only(wanted, folder)

    assert ([each.id for each in found.pipelines], found.mistakes) == ([wanted], ())


def test_of_a_file_with_the_pipelines_name_no_other_is_read(tmp_path: Path) -> None:
    folder, read = noting_reads(folder_of(tmp_path, {"a.yaml": STEPS, "b.yaml": STEPS, "team/b.yaml": STEPS}))

    assert [each.id for each in only("b", folder).pipelines] == ["b"]
    assert sorted(read) == ["pipelines/_defaults.yaml", "pipelines/b.yaml"]


def test_a_file_with_a_pipelines_name_may_make_another(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"a.yaml": f"id: b\n{STEPS}", "b.yaml": f"id: a\n{STEPS}"})

    (found,) = only("b", folder).pipelines

    assert found.place is not None
    assert (found.id, found.place.file) == ("b", "pipelines/a.yaml")


def test_a_pipeline_that_is_nowhere_is_not_found(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"a.yaml": STEPS})

    assert (only("b", folder).pipelines, only("../a", folder).pipelines) == ((), ())


@pytest.mark.parametrize(
    ("file", "root", "read"),
    [
        ("pipelines/a.yaml", "pipelines", True),
        ("pipelines/team/a.yml", "pipelines/", True),
        ("a.yaml", ".", True),
        ("./a.yaml", ".", True),
        ("pipelines/a.yaml.txt", "pipelines", False),
        ("pipelines/_defaults.yaml", "pipelines", False),
        ("pipelines/_parts/a.yaml", "pipelines", False),
        ("pipelines/team/.a.yaml", "pipelines", False),
        ("pipelines/.yaml", "pipelines", False),
        ("pipelines_of_others/a.yaml", "pipelines", False),
        ("_pipelines/a.yaml", "_pipelines", True),
    ],
)
def test_names_say_which_files_hold_pipelines(file: str, root: str, read: bool) -> None:  # noqa: FBT001
    assert is_pipeline(file, root) is read


def test_mistakes_are_kept_for_one_who_asks_where_nothing_has_changed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"a.yaml": f"schedul: '@daily'\n{STEPS}", "b.yaml": STEPS})

    reading, seen = read_all(folder)
    keep(folder, seen, reading.mistakes)

    assert [each.id for each in reading.pipelines] == ["b"]
    assert [each.message for each in reading.mistakes] == ["there is no key `schedul` here"]
    assert kept(replace(folder, root="others")) is None
    assert kept(folder) == reading.mistakes
    assert kept(folder) is None


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.yaml", STEPS),
        ("b.yaml", f"# the same\n{STEPS}"),
        ("c.yaml", STEPS),
        ("_defaults.yaml", "tags: [a]"),
        ("read_me.md", "was missing, and its name is a hint"),
        ("parts/text.md", "is not a pipeline, but what one refers to"),
    ],
)
def test_mistakes_are_not_kept_where_anything_has_changed(tmp_path: Path, file: str, text: str) -> None:
    refer = "documentation: {$ref: %s}\n" + STEPS
    files = {"a.yaml": refer % "red_me.md", "b.yaml": refer % "parts/text.md", "parts/text.md": "a text"}
    folder = folder_of(tmp_path, files)
    reading, seen = read_all(folder)
    assert [each.message for each in reading.mistakes] == ["there is no file `red_me.md`"]
    keep(folder, seen, reading.mistakes)

    folder_of(tmp_path, {file: text})

    assert kept(folder) is None


def test_a_pipeline_that_was_removed_is_a_change(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"a.yaml": STEPS, "b.yaml": STEPS})
    reading, seen = read_all(folder)
    keep(folder, seen, reading.mistakes)

    (tmp_path / "pipelines" / "b.yaml").unlink()

    assert kept(folder) is None


@pytest.mark.parametrize("written", ["pipelines", "./pipelines", "../{own}/pipelines", "{place}/pipelines"])
def test_files_are_named_alike_however_the_path_of_their_folder_is_written(
    tmp_path: Path, written: str
) -> None:
    folder_of(tmp_path, {"a.yaml": STEPS})
    beside = place_beside(str(tmp_path / "dag.py"))

    root = path_from(beside, written.format(own=tmp_path.name, place=tmp_path))

    assert (root, list(files_below(beside, root))) == ("pipelines", ["pipelines/a.yaml"])


def test_the_folder_of_an_archive_is_found_however_its_path_is_written(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "dags.zip", "w") as archive:
        archive.writestr("team/pipelines/a.yaml", STEPS)
    beside = place_beside(str(tmp_path / "dags.zip" / "team" / "dag.py"))

    root = path_from(beside, "../team/pipelines")

    assert (root, list(files_below(beside, root))) == ("pipelines", ["pipelines/a.yaml"])
