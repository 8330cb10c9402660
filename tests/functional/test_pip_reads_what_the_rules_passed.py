"""The rules read lines as pip does: what they pass holds nothing for pip but pins from where they say.

pip's own reader is asked, the one that comes with this Python, about files made of everything that may hide
an index, an address or another file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mwaactl.catalog.versions import airflow_version
from mwaactl.project.bundle import read_bundle
from mwaactl.project.checks.requirements_rules import REQUIREMENTS_RULES
from mwaactl.project.shipped_paths import shipped_path
from tests.fakes.examples import examples
from tests.fakes.requirements_project import bundled_pip_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READER = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pip._internal.index.collector import LinkCollector
from pip._internal.index.package_finder import PackageFinder
from pip._internal.models.search_scope import SearchScope
from pip._internal.models.selection_prefs import SelectionPreferences
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements

session = PipSession()
for path in sys.stdin:
    scope = SearchScope.create([], [], no_index=False)
    finder = PackageFinder.create(LinkCollector(session, scope), SelectionPreferences(allow_yanked=True))
    try:
        parsed = list(parse_requirements(path.strip(), session, finder))
        made = [install_req_from_parsed_requirement(each) for each in parsed]
        found = {
            "requirements": [[str(each.req), str(each.link or ""), each.editable] for each in made],
            "indexes": finder.index_urls, "links": finder.find_links,
            "hosts": list(finder.trusted_hosts), "pre": finder.allow_all_prereleases,
            "hashed": [bool(each.hash_options) for each in made],
        }
    except BaseException as error:
        found = {"failed": f"{type(error).__name__}: {error}"}
    print(json.dumps(found), flush=True)
"""

PIECES = [
    *("solo==1.0", "pair==2.0", "Solo == 1.0", "solo>=1", "solo", "=", "==", "1.0", "a", "[x]", ";", "*"),
    *("python_version<'4'", "sys_platform=='linux'", ",", "(", ")", ".", "~", "-", "--", "'", '"', "@"),
    *("--extra-index-url", "--index-url", "-i", "--extra-i", "--pre", "--trusted-host", "-f", "--find-links"),
    *("-e", "--no-index", "-r", "-c", "--constraint", "other.txt", "evil.example", "x.whl", "./x", "+AC0-"),
    *("https://evil.example/", "git+https://evil.example/a.git", "file:///tmp/a-1-py3-none-any.whl"),
    *("/usr/local/airflow/plugins", "/usr/local/airflow/plugins/..", "${EVIL}", "${evil}", "$EVIL"),
    *(f"--hash=sha256:{'a' * 64}", f" --hash=sha256:{'c' * 64}", "--hash", f"sha256:{'b' * 64}"),
    *("#", "# ", " #", "# coding: utf-7", "\\", "\\\n", "\n", "\n", "\n", "\r\n", "\r", " ", " ", " ", "\t"),
    *("\x0c", "\x1c", "\u2028", "\x85"),
]


LINES = [
    "solo==1.0\n",
    f"solo==1.0 \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n",
    f"pair[x]==2.0.post1 ; python_version < '4' --hash=sha256:{'a' * 64}\n",
    "Third (== 3.0rc1)  # because\n",
    "# a comment\n",
    "--find-links /usr/local/airflow/plugins\n",
    "--only-binary :all:\n",
    "\n",
]


@st.composite
def tampered_files(draw: st.DrawFn) -> str:
    """Good lines, into which some pieces were put."""
    text = "".join(draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=3, unique=True)))
    for piece in draw(st.lists(st.sampled_from(PIECES), max_size=3)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at:]
    return text


class PipReader:
    """A process that reads files as pip does."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", READER, str(bundled_pip_path())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={"EVIL": "--extra-index-url https://evil.example/", "PIP_CONFIG_FILE": "/dev/null"},
        )

    def __call__(self, path: Path) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def pip() -> Iterator[PipReader]:
    reader = PipReader()
    yield reader
    reader.close()


def _passes(root: Path) -> bool:
    bundle, version = read_bundle(root), airflow_version("3.3.1")
    found = (each for rule in REQUIREMENTS_RULES for each in rule(bundle, version))
    return not any(each.severity == "error" for each in found)


@settings(
    max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.one_of(tampered_files(), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
def test_pip_sees_only_pins_in_what_passes(tmp_path: Path, pip: PipReader, text: str) -> None:
    file = tmp_path / "requirements" / "requirements.txt"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())
    if not _passes(tmp_path):
        return

    seen = pip(file)

    assert "failed" not in seen, seen
    assert all(link == "" and not editable and "==" in text for text, link, editable in seen["requirements"])
    assert all(shipped_path(link) for link in seen["links"])
    assert not any(".." in link.split("/") for link in seen["links"])
    assert (seen["indexes"], seen["hosts"], seen["pre"]) == ([], [], False)
    assert all(seen["hashed"]) or not any(seen["hashed"])


def test_the_reader_sees_what_hides(tmp_path: Path, pip: PipReader) -> None:
    file = tmp_path / "r.txt"
    file.write_text("${EVIL}\nsolo==1.0\n")
    assert pip(file)["indexes"] == ["https://evil.example/"]
