"""What differs in the Airflow that runs behind an environment."""

from mwaactl.emulator.differences.difference import Difference

RUNTIME = (
    Difference(
        "executor",
        "CeleryExecutor: tasks run in worker containers and are handed over by SQS",
        "LocalExecutor: tasks run beside the scheduler, eight at once; the queue exists and stays empty",
    ),
    Difference(
        "containers",
        "Amazon Linux as user `airflow` under `/usr/local/airflow`, one per component",
        "processes of your user on this machine with folders under `.mwaactl/emulator`",
    ),
    Difference(
        "startup script",
        "runs in every container, may use `sudo` and install system packages",
        "runs once per kind of container as your user: what it changes besides variables, it changes on "
        "this machine",
    ),
    Difference(
        "pace",
        "DAGs are copied every 30 s; new files are looked for every 300 s",
        "DAGs are copied every second (`--sync-interval`), new files are looked for every second; what may "
        "use a changed module, or a deleted one, is parsed again 6 seconds later and not within 30",
    ),
    Difference(
        "a task's process",
        "is a new interpreter",
        "is a fork of the scheduler's, which starts sooner and shares its imported modules",
    ),
    Difference(
        "sign-in inside Airflow 3",
        "FabAuthManager: roles and their permissions can be changed in Airflow",
        "SimpleAuthManager: the five roles, with fixed permissions",
    ),
    Difference(
        "installation of requirements.txt",
        "pip, in every container",
        "uv, once for all components, with the same constraints and in pip's words; the two may choose "
        "different versions of what nothing pins",
    ),
    Difference(
        "packages of an Airflow version",
        "are those of MWAA's image",
        "are resolved from MWAA's pins and the image's date: at most two versions differ",
    ),
    Difference(
        "Python",
        "has the patch version of MWAA's image",
        "has the patch version of this machine's Python 3.12, or 3.11 for Airflow 2.10.3",
    ),
    Difference(
        "metadata database",
        "Aurora PostgreSQL",
        "a PostgreSQL of the emulator's own, or SQLite where that cannot run: `mwaactl emulator status` "
        "says; on SQLite, Airflow 2 runs one task at a time, and its scheduler parses the DAGs",
    ),
    Difference(
        "Worker log group",
        "holds what workers say",
        "holds the installation and the startup script; what tasks say is in the Task group, as on MWAA",
    ),
    Difference(
        "level of the Task log group",
        "keeps a task's lines below it out",
        "adds lines of DEBUG, and keeps nothing out: tasks log from INFO on",
    ),
    Difference(
        "metrics of AWS/MWAA",
        "are those of containers, queue, database, network and load balancer",
        "are CPUUtilization and MemoryUtilization of Scheduler, BaseWorker and WebServer, in parts of their "
        "class's size, QueuedTasks, RunningTasks and ApproximateAgeOfOldestTask, the time since tasks wait",
    ),
)
"""The rows about Airflow."""
