from mwaactl.project.airflow_parsing.source_lines import SourceLines

SOURCE = SourceLines(b"""from airflow.sdk import DAG, dag, task

with DAG("plain", schedule=None):
    BashOperator(task_id="load")

DAG(
    schedule=None,
    dag_id="by_name",
)

for table in TABLES:
    with DAG(f"table_{table}_daily"):
        BashOperator(task_id=f"copy_{table}")


@dag(schedule=None)
def decorated():
    @task
    def extract(): ...

    @task.short_circuit(task_id="other_name")
    def gate(): ...


@dag("explicit")
def with_id(): ...


make("from_factory")
decorated()
""")


def test_dags_are_found_by_id_however_it_is_given() -> None:
    ids = ["plain", "by_name", "table_planes_daily", "decorated", "explicit", "from_factory"]
    assert [SOURCE.dag(each) for each in ids] == [3, 6, 12, 17, 26, 29]


def test_a_dag_of_another_id_has_no_line_where_there_are_several() -> None:
    assert SOURCE.dag("elsewhere") is None


def test_the_only_dag_is_meant_whatever_its_id_is() -> None:
    assert SourceLines(b"NAME = make()\n\nDAG(NAME)\n").dag("computed") == 3


def test_tasks_are_found_by_id_or_function() -> None:
    ids = ["load", "copy_planes", "extract", "group.extract", "other_name", "nowhere"]
    assert [SOURCE.task(each) for each in ids] == [4, 13, 19, 19, 21, None]


def test_decorated_functions_that_nobody_calls_are_told() -> None:
    assert SOURCE.uncalled_dags() == (("with_id", 26),)


def test_a_function_that_is_exported_by_name_is_called_elsewhere() -> None:
    assert SourceLines(b"__all__ = ['made']\n@dag\ndef made(): ...\n").uncalled_dags() == ()


def test_two_dags_of_one_id_have_both_lines() -> None:
    assert SourceLines(b"DAG('a')\nDAG('b')\nDAG('a')\n").dags("a") == (1, 3)


def test_a_file_that_is_not_python_has_no_lines() -> None:
    broken = SourceLines(b"DAG('a'\n")
    assert (broken.dag("a"), broken.task("b"), broken.first_dag(), broken.uncalled_dags()) == (
        None,
        None,
        None,
        (),
    )
    assert broken.text(1) == "DAG('a'"
    assert broken.text(9) == ""


def test_an_asset_is_where_it_is_named_and_not_where_it_is_read() -> None:
    source = SourceLines(b"""READ = "lake.carriers"

@asset(
    uri="s3://b/c/",
)
def lake__carriers(context):
    return READ

@asset(name="mart.names", upstream=["lake.carriers"])
def names(context):
    return context.read("lake.carriers")

FLIGHTS = Asset(
    name="lake.flights")
PLANES = made("lake.planes")
""")
    assert [source.asset(name) for name in ("lake.carriers", "mart.names", "lake.flights")] == [3, 9, 13]
    assert (source.asset("lake.planes"), source.asset("lake.none")) == (15, None)
