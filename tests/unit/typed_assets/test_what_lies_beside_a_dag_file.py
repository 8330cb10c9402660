"""Files beside a DAG file are found in a folder and in an archive alike."""

import zipfile
from pathlib import Path

from typed_assets.beside import files_below, place_beside

FILES = ("pipelines/a.yaml", "pipelines/more/b.yaml", "other.py")


def test_a_folder_and_an_archive_hold_the_same(tmp_path: Path) -> None:
    folder, archive = tmp_path / "dags", tmp_path / "dags.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name in FILES:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(name)
            packed.writestr(name, name)

    for place in (place_beside(f"{folder}/load.py"), place_beside(f"{archive}/load.py")):
        found = sorted(files_below(place, "pipelines"))
        assert found == ["pipelines/a.yaml", "pipelines/more/b.yaml"]
        assert [(place / each).read_text() for each in found] == found
        assert not (place / "absent").is_dir()


def test_a_dag_file_in_a_folder_of_an_archive_lies_in_that_folder(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "dags.zip", "w") as packed:
        packed.writestr("team/pipelines/a.yaml", "a")

    place = place_beside(f"{tmp_path}/dags.zip/team/load.py")

    assert list(files_below(place, "pipelines")) == ["pipelines/a.yaml"]
