"""Where the modules of the tree are known, less of a file is looked at, and as much is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from mwaactl.project.needs import Kind, Moment, Need
from mwaactl.project.source_facts import facts_of
from tests.fakes.examples import examples
from tests.fakes.generated_trees import Folder, changes, sources

ROOTS = frozenset({"lib", "p", "n", "r0", "r1", "r2", "dags"})


def of_the_tree(needs: tuple[Need, ...]) -> list[Need]:
    """Needs of modules of the tree; of others only what an import statement names, whenever that is."""
    by_import = (Kind.MODULE, Kind.NAME)
    kept = (each for each in needs if each.kind in by_import or is_of_the_tree(each))
    return [each if is_of_the_tree(each) else replace(each, moment=Moment.LATER) for each in kept]


def is_of_the_tree(need: Need) -> bool:
    return need.module.partition(".")[0] in ROOTS


@pytest.mark.parametrize(
    "source",
    [
        "from lib import x",
        "from lib import x\nx.load()",
        "from lib import x\nx . load()",
        "from lib import x\nx \\\n  .load()",
        "from lib import x\n(x\n.load)()",
        "import lib.x",
        "import lib.x\nlib.x.load()",
        "import lib.x as y\ny.load()",
        "import other as y\ny.load()\nfrom lib import x",
        "from lib import x\ngetattr(x, 'load')()",
        "from lib import *\nload()",
        "from other import *\nload()\nfrom lib import x",
        "def f():\n    from lib import x\nf()",
        "def f():\n    import pandas\nf()\nfrom lib import x",
        "class C:\n    from lib import x\n    y = x.load",
        "import importlib\ny = importlib.import_module('lib.x')\ny.load()",
        "try:\n    from lib import x\nexcept ImportError:\n    x = None",
        "if TYPE_CHECKING:\n    from lib import x\nelse:\n    import lib.x",
        "from .lib import x",
        "from . import x\nx.load()",
        "from dags.lib import x",
        "match a:\n    case 1:\n        from lib import x",
    ],
)
def test_the_same_is_found_by_looking_at_less(source: str) -> None:
    whole = facts_of("dags/lib/a.py", source.encode())
    assert of_the_tree(facts_of("dags/lib/a.py", source.encode(), ROOTS).needs) == of_the_tree(whole.needs)


@settings(max_examples=examples(40), deadline=None)
@given(changes())
def test_the_same_is_found_in_generated_trees(change: tuple[Folder, Folder]) -> None:
    for name, source in sources(change[0]).items():
        whole = facts_of(f"dags/{name}", source.encode())
        less = facts_of(f"dags/{name}", source.encode(), ROOTS)
        assert of_the_tree(less.needs) == of_the_tree(whole.needs)
        assert (less.names, less.defines_dag) == (whole.names, whole.defines_dag)


def test_what_is_taken_of_other_modules_is_not_looked_for() -> None:
    source = b"import pandas as pd\npd.DataFrame()\nfrom lib import x"
    assert [str(each.name) for each in facts_of("dags/a.py", source).needs] == ["x", "", "DataFrame"]
    assert [str(each.name) for each in facts_of("dags/a.py", source, {"lib"}).needs] == ["x", ""]
