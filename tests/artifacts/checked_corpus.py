"""DAG files with one fault each, and what the check must say about them when Airflow 3 parses them."""

from dataclasses import dataclass

from mwaactl.project.checks.finding import Severity

EMPTY = "from airflow.providers.standard.operators.empty import EmptyOperator\n"


@dataclass(frozen=True, slots=True)
class Case:
    """A file and one finding about it.

    Attributes:
        file: Its name below dags/.
        source: Its content.
        rule: Rule of the finding.
        severity: Its severity.
        line: Its line.
        words: Part of its message.
        at: Where it is, where that is another file.
    """

    file: str
    source: str
    rule: str
    severity: Severity
    line: int | None
    words: str
    at: str | None = None

    @property
    def path(self) -> str:
        return f"dags/{self.at or self.file}"


HELPER = "lib/helper.py"
HELPER_SOURCE = "def broken():\n    return nothing_here\n"

CASES = (
    Case(
        "missing_package.py",
        "from airflow.sdk import DAG\nimport not_a_package\n\nDAG('missing_package')\n",
        "dag-import-error",
        "error",
        2,
        "ModuleNotFoundError: No module named 'not_a_package'",
    ),
    Case(
        "fails_in_helper.py",
        "from airflow.sdk import DAG\nfrom lib.helper import broken\n\nDAG('x', tags=broken())\n",
        "dag-import-error",
        "error",
        2,
        "NameError: name 'nothing_here' is not defined (imported by `dags/fails_in_helper.py`)",
        HELPER,
    ),
    Case(
        "wrong_argument.py",
        "from airflow.sdk import DAG\n\n\nDAG('wrong_argument', schedule_interval='@daily')\n",
        "dag-import-error",
        "error",
        4,
        "schedule_interval",
    ),
    Case(
        "wrong_schedule.py",
        "from airflow.sdk import DAG\n\ndag = DAG('wrong_schedule', schedule='every day')\n",
        "dag-invalid",
        "error",
        3,
        "AirflowTimetableInvalid",
    ),
    Case(
        "cycle.py",
        f"from airflow.sdk import DAG\n{EMPTY}with DAG('cycle'):\n    a = EmptyOperator(task_id='a')\n"
        "    b = EmptyOperator(task_id='b')\n    a >> b >> a\n",
        "dag-cycle",
        "error",
        5,
        "Faulty task: b",
    ),
    Case(
        "twice_one.py",
        "from airflow.sdk import DAG\n\ndag = DAG('twice')\n",
        "dag-duplicate",
        "error",
        3,
        "`dags/twice_two.py:2`",
    ),
    Case(
        "twice_two.py",
        "from airflow.sdk import DAG\ndag = DAG('twice')\n",
        "dag-duplicate",
        "error",
        2,
        "`dags/twice_one.py:3`",
    ),
    Case(
        "alike.py",
        "from airflow.sdk import DAG\nfor n in range(2):\n    globals()[f'alike_{n}'] = DAG('alike')\n",
        "dag-duplicate",
        "error",
        3,
        "`dags/alike.py:3`",
    ),
    Case(
        "local_variable.py",
        "from airflow.sdk import DAG\n\ndef make():\n    dag = DAG('local_variable')\n\nmake()\n",
        "dag-missing",
        "warning",
        4,
        "defines a DAG, but Airflow finds none in it",
    ),
    Case(
        "never_called.py",
        "from airflow.sdk import dag\n\n@dag()\ndef never_called(): ...\n",
        "dag-missing",
        "warning",
        4,
        "`never_called` has the decorator `@dag` and is never called",
    ),
    Case(
        "leaves.py",
        "import os\nfrom airflow.sdk import DAG\nprint('noise')\nos._exit(3)\n",
        "dag-process",
        "error",
        4,
        "with exit code 3",
    ),
    Case(
        "kills.py",
        "import os\nfrom airflow.sdk import DAG\nos.kill(os.getppid(), 9)\n",
        "dag-process",
        "error",
        3,
        "ends the process of Airflow that parses all files",
    ),
    Case(
        "crashes.py",
        "import ctypes\nfrom airflow.sdk import DAG\nctypes.string_at(0)\n",
        "dag-process",
        "error",
        3,
        "SIGSEGV",
    ),
    Case(
        "is_greedy.py",
        "from airflow.sdk import DAG\n\nkept = bytearray(3_000_000_000)\n",
        "dag-import-error",
        "error",
        3,
        "more than 2 GB of memory",
    ),
    Case(
        "hangs.py",
        "from airflow.sdk import DAG\n\nwhile True:\n    pass\n",
        "dag-import-error",
        "error",
        None,
        "is still being imported after 6 s, when Airflow gives up",
    ),
    Case(
        "hangs_deaf.py",
        "import signal, time\nfrom airflow.sdk import DAG\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\ntime.sleep(300)\n",
        "dag-process",
        "error",
        4,
        "when Airflow kills the process",
    ),
    Case(
        "is_slow.py",
        "import time\nfrom airflow.sdk import DAG\n\ntime.sleep(3.5)\ndag = DAG('is_slow')\n",
        "dag-slow",
        "warning",
        4,
        " s in line 4 `time.sleep(3.5)`",
    ),
    Case(
        "asks_network.py",
        "from urllib.request import urlopen\nfrom airflow.sdk import DAG\nurlopen('https://example.com/x')\n",
        "dag-network",
        "warning",
        3,
        "reaches for `example.com:443` over the network while it is imported; the rest",
    ),
    Case(
        "minds_network.py",
        "import socket\nfrom airflow.sdk import DAG\ntry:\n"
        "    socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError:\n"
        "    dag = DAG('minds_network')\n",
        "dag-network",
        "warning",
        4,
        "reaches for `192.0.2.1:80` over the network while it is imported",
    ),
    Case(
        "asks_variable.py",
        "from airflow.sdk import DAG, Variable\n\nstage = Variable.get('stage', default='dev')\n"
        "dag = DAG('asks_variable')\n",
        "dag-variable",
        "warning",
        3,
        "reads the Airflow variable `stage` while it is imported",
    ),
    Case(
        "needs_variable.py",
        "from airflow.sdk import DAG, Variable\n\nstage = Variable.get('bucket')\n",
        "dag-variable",
        "warning",
        3,
        "`bucket` while it is imported; the rest of the file was not checked",
    ),
    Case(
        "asks_connection.py",
        "from airflow.sdk import DAG, Connection\n\nConnection.get('warehouse')\n",
        "dag-connection",
        "warning",
        3,
        "reads the Airflow connection `warehouse`",
    ),
    Case(
        "asks_database.py",
        "from airflow.sdk import DAG\nfrom airflow.utils.session import create_session\n\n"
        "with create_session() as session:\n    session.execute('SELECT 1')\n",
        "dag-database",
        "error",
        4,
        "uses Airflow's metadata database while it is imported, which Airflow 3 refuses",
    ),
    Case(
        "names_queue.py",
        f"from airflow.sdk import DAG\n{EMPTY}with DAG('names_queue'):\n"
        "    EmptyOperator(task_id='first')\n    EmptyOperator(task_id='second', queue='default')\n",
        "task-queue",
        "error",
        5,
        "task `second` of `names_queue` asks for the queue `default`",
    ),
    Case(
        "names_executor.py",
        f"from airflow.sdk import DAG\n{EMPTY}with DAG('names_executor'):\n"
        "    EmptyOperator(task_id='local', executor='LocalExecutor')\n",
        "task-executor",
        "error",
        4,
        "MWAA runs CeleryExecutor only",
    ),
    Case(
        "on_mwaa_only.py",
        "from airflow.sdk import DAG\n\nopen('/usr/local/airflow/dags/config.json')\n",
        "dag-import-error",
        "warning",
        3,
        "needs a file that is on MWAA only",
    ),
)

FINE = {
    "fine.py": (
        "from airflow.sdk import DAG, Variable, task\n\nwith DAG('fine', schedule=None) as dag:\n    @task\n"
        "    def load():\n        return Variable.get('stage')\n    load()\n"
    ),
    "takes_from_plugins.py": (
        "from airflow.sdk import DAG\nfrom own_names import NAME\n\ndag = DAG(NAME, schedule=None)\n"
    ),
    "forks.py": (
        "import os, subprocess\nfrom airflow.sdk import DAG\nos.fork()\n"
        "subprocess.Popen(['sleep', '86311'])\ndag = DAG('forks', schedule=None)\n"
    ),
}
