import pytest

from mwaactl.project.source_facts import facts_of


@pytest.mark.parametrize(
    "source",
    [
        "DAG('a')",
        "with models.DAG('a') as d: pass",
        "for n in names:\n    globals()[n] = DAG(n)",
        "if True:\n    DAG('a')",
        "def make(n):\n    return DAG(n)\nfor n in names: globals()[n] = make(n)",
        "def inner(): return DAG('a')\ndef outer(): return inner()\nouter()",
        "def make(n): return DAG(n)\ndags = list(map(make, names))",
        "class Factory:\n    def build(self): return DAG('a')\nd = Factory().build()",
        "@dag\ndef flow(): pass\nflow()",
        "@sdk.dag(schedule=None)\ndef flow(): pass\nx = flow()",
        "from typed_assets import build, pipeline\nbuild(flights)",
        "import typed_assets as ta\nfor each in pipelines: ta.build(each)",
        "from typed_assets.loading import load_pipelines\nload_pipelines(globals(), 'pipelines')",
        "def again(): again()\nagain()\nDAG('a')",
    ],
)
def test_a_file_whose_import_makes_a_dag_defines_one(source: str) -> None:
    assert facts_of("dags/a.py", source.encode()).defines_dag


@pytest.mark.parametrize(
    "source",
    [
        "dag = 1  # a dag of airflow",
        "def make(n):\n    return DAG(n)",
        "class Factory:\n    def build(self): return DAG('a')",
        "def outer(): return inner()\ndef inner(): return DAG('a')",
        "@dag\ndef flow(): pass",
        "from factory import make\nmake('a')",
        "from docker import build\nbuild('dag')",
        "from typed_assets import asset, build",
        "def (",
        "\0",
    ],
)
def test_a_file_that_only_could_make_a_dag_defines_none(source: str) -> None:
    assert not facts_of("dags/a.py", source.encode()).defines_dag
