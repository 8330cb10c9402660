import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaactl.project.import_graph import Modules, imports_of
from mwaactl.project.needs import Moment
from mwaactl.project.source_facts import facts_of
from mwaactl.project.stages import stages_of

DAG = "from airflow.sdk import DAG\nDAG('x')\n"


def stages(sources: dict[str, str]) -> dict[str, int]:
    code = {f"dags/{name}.py": source for name, source in sources.items()}
    facts = {key: facts_of(key, source.encode()) for key, source in code.items()}
    modules = Modules(facts)
    found = stages_of(
        {key: imports_of(key, each.needs, modules) for key, each in facts.items()},
        lambda key: imports_of(key, facts[key].needs, modules, frozenset({Moment.AT_IMPORT})),
        {key for key, each in facts.items() if each.defines_dag},
    )
    return {key.removeprefix("dags/").removesuffix(".py"): stage for key, stage in found.items()}


def test_modules_come_before_the_dags_that_import_them() -> None:
    assert stages(
        {
            "a_dag": DAG + "from z_lib import middle\n",
            "z_lib/__init__": "",
            "z_lib/middle": "from z_lib import base\n",
            "z_lib/base": "",
        }
    ) == {"z_lib/__init__": 1, "z_lib/base": 1, "z_lib/middle": 2, "a_dag": 3}


def test_modules_that_nothing_seems_to_import_still_come_before_the_dags() -> None:
    assert stages({"a": DAG, "b": DAG, "loaded_by_name": ""}) == {"loaded_by_name": 1, "a": 2, "b": 2}


def test_dags_at_different_depths_of_imports_are_written_together() -> None:
    assert stages({"a": DAG + "import low", "b": DAG + "import high", "low": "", "high": "import low"}) == {
        "low": 1,
        "high": 2,
        "a": 3,
        "b": 3,
    }


def test_what_imports_a_dag_s_file_comes_after_it_also_through_another_module() -> None:
    assert stages({"base": DAG, "between": "import base", "use": "import between", "lone": ""}) == {
        "lone": 1,
        "base": 2,
        "between": 3,
        "use": 4,
    }


def test_a_circle_is_written_one_by_one_in_the_order_of_names() -> None:
    assert stages({"a": "import b", "b": "import c", "c": "import a", "dag": DAG + "import b"}) == {
        "a": 1,
        "b": 2,
        "c": 3,
        "dag": 4,
    }


@pytest.mark.parametrize(
    "back",
    [
        "def f():\n    import a",
        "if TYPE_CHECKING:\n    import a",
        "@task\ndef f():\n    import a\nf()",
        "if __name__ == '__main__':\n    import a",
    ],
)
def test_in_a_circle_what_is_imported_at_once_comes_first(back: str) -> None:
    assert stages({"a": "import b", "b": back}) == {"b": 1, "a": 2}


def test_a_function_that_is_called_on_import_imports_at_once() -> None:
    assert stages({"a": "def f():\n    import b\nf()", "b": "def g():\n    import a"}) == {"b": 1, "a": 2}


def test_what_imports_a_circle_comes_after_all_of_it() -> None:
    assert stages({"a": "import c", "b": "import a", "c": "import a"}) == {"a": 1, "c": 2, "b": 2}


def test_a_chain_longer_than_the_stack_is_walked() -> None:
    found = stages({f"m{number}": f"import m{number + 1}" for number in range(3000)})
    assert found["m2999"] == 1
    assert found["m0"] == 3000


@given(
    edges=st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda edge: edge[0] != edge[1])),
    dags=st.sets(st.integers(0, 9)),
)
def test_in_any_graph_what_is_imported_is_written_first_unless_it_imports_back(
    edges: set[tuple[int, int]], dags: set[int]
) -> None:
    sources = {
        f"m{node}": "".join([DAG * (node in dags), *(f"import m{b}\n" for a, b in edges if a == node)])
        for node in range(10)
    }
    found = stages(sources)
    reached = _reached(edges)
    for importer, imported in edges:
        if importer not in reached[imported]:
            assert found[f"m{imported}"] < found[f"m{importer}"]
        else:
            assert found[f"m{imported}"] != found[f"m{importer}"]
    needs_a_dag = dags | {node for node in range(10) if reached[node] & dags}
    modules = [found[f"m{node}"] for node in range(10) if node not in needs_a_dag]
    assert max(modules, default=0) < min((found[f"m{node}"] for node in needs_a_dag), default=99)


def _reached(edges: set[tuple[int, int]]) -> dict[int, set[int]]:
    reached = {node: {b for a, b in edges if a == node} for node in range(10)}
    for _ in range(10):
        for node, others in reached.items():
            reached[node] = others.union(*(reached[each] for each in others))
    return reached
