"""Really imports the files of a DAG folder that lies in memory, with Python's own import system."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# As much of Airflow as a generated file asks for.
AIRFLOW = {"airflow.py": "class DAG:\n    def __init__(self, dag_id):\n        self.dag_id = dag_id\n"}


@cache
def _compiled(path: str, source: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


@dataclass(frozen=True, slots=True)
class _SourceLoader(Loader):
    path: str
    source: str

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python."""

    def exec_module(self, module: ModuleType) -> None:
        exec(_compiled(self.path, self.source), module.__dict__)  # noqa: S102 - what is generated is run


@dataclass(slots=True)
class FolderInMemory(MetaPathFinder):
    """Stands on Python's path like a folder: packages before modules before folders without `__init__.py`."""

    files: Mapping[str, str]
    loaded: list[str] = field(default_factory=list)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        place = fullname.replace(".", "/")
        package, module = f"{place}/__init__.py", f"{place}.py"
        for name in (package, module):
            if name in self.files:
                self.loaded.append(fullname)
                loader = _SourceLoader(name, self.files[name])
                return _spec(fullname, loader, place if name == package else None)
        if any(name.startswith(f"{place}/") for name in self.files):
            self.loaded.append(fullname)
            return _spec(fullname, None, place)
        return None

    def forget(self) -> None:
        """Takes what was loaded out of Python again."""
        for name in self.loaded:
            sys.modules.pop(name, None)
        self.loaded.clear()


def _spec(name: str, loader: Loader | None, folder: str | None) -> ModuleSpec:
    spec = ModuleSpec(name, loader, is_package=folder is not None)
    if folder is not None:
        spec.submodule_search_locations = [f"<memory>/{folder}"]
    return spec


def failures(files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Parses every file with a DAG as Airflow does, each in a fresh set of modules, then runs its tasks.

    Args:
        files: Path below the DAG folder to source. A task is a function whose name begins with `run`.

    Yields:
        Path and error of each file that fails.
    """
    for name, source in files.items():
        if "DAG(" not in source:
            continue
        folder = FolderInMemory({**files, **AIRFLOW})
        sys.meta_path.insert(0, folder)
        try:
            _parse(name, source)
        except Exception as error:  # noqa: BLE001 - a file may fail in any way
            yield name, f"{type(error).__name__}: {error}"
        finally:
            sys.meta_path.remove(folder)
            folder.forget()


def _parse(name: str, source: str) -> None:
    module = ModuleType(f"unusual_prefix_{name.removesuffix('.py').replace('/', '_')}")
    exec(_compiled(name, source), module.__dict__)  # noqa: S102 - what is generated is run
    for key, value in list(module.__dict__.items()):
        if key.startswith("run"):
            value()
