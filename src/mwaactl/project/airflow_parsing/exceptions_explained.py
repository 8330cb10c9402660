"""What an exception during an import means on MWAA, and the remedy."""

import re
from dataclasses import dataclass

from mwaactl.project.airflow_parsing.sources import Sources
from mwaactl.project.airflow_parsing.traces import exception_of, sentence_of
from mwaactl.project.airflow_parsing.variables import Exports
from mwaactl.project.checks.finding import Severity

RULE = "dag-import-error"
_MODULE = re.compile(r"No module named '([\w.]+)'")
_FAMILIES = "apache|atlassian|cncf|common|dbt|microsoft"
_PROVIDER = re.compile(rf"airflow\.providers\.((?:{_FAMILIES})\.\w+|\w+)")
_ON_MWAA = "/usr/local/airflow/"
# How Airflow 3 says so, in its several versions.
_NO_DATABASE = re.compile(r"Direct database access|Access to the Airflow Metadatabase|db-not-allowed")
_AFTER = re.compile(r"after ([\d.]+?)(?:\.0)?s")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is said about an exception.

    Attributes:
        words: Completes the sentence that begins with the file.
        hint: The remedy.
        severity: A warning where the check cannot know whether it happens on MWAA.
        rule: Name of the rule.
    """

    words: str
    hint: str | None = None
    severity: Severity = "error"
    rule: str = RULE


def explain(text: str, exports: Exports, sources: Sources) -> Explanation:
    """Explains the exception that a traceback ends with.

    Args:
        text: The traceback.
        exports: What startup.sh exports.
        sources: The project's files.
    """
    name, message = exception_of(text)
    found = _of_airflow(name, message, text) or _of_place(name, message, text, exports)
    if found:
        return found
    words = f"cannot be imported: {sentence_of(text)}"
    missing = name in {"ModuleNotFoundError", "ImportError"}
    return Explanation(words, _import_hint(message, sources) if missing else None)


def refuses_database(text: str) -> bool:
    """Says whether a traceback is Airflow 3's refusal of its database."""
    return _NO_DATABASE.search(text) is not None


def _of_airflow(name: str, message: str, text: str) -> Explanation | None:
    if refuses_database(text):
        words = "uses Airflow's metadata database while it is imported, which Airflow 3 refuses"
        return Explanation(words, "ask Airflow's REST API in a task", rule="dag-database")
    if name == "AirflowTaskTimeout":
        after = _AFTER.search(message)
        return Explanation(
            f"is still being imported after {after[1] if after else 30} s, when Airflow gives up"
        )
    if name == "MemoryError":
        return Explanation("takes more than 2 GB of memory while it is imported")
    return None


def _of_place(name: str, message: str, text: str, exports: Exports) -> Explanation | None:
    """What MWAA has and this machine has not."""
    if _ON_MWAA in message:
        words = f"needs a file that is on MWAA only, so it was not checked: {sentence_of(text)}"
        return Explanation(words, "name files beside the module: `Path(__file__).parent / …`", "warning")
    if name == "KeyError" and message.strip("'\"") in exports.computed:
        words = f"needs the variable {message}, which startup.sh computes; the rest was not checked"
        return Explanation(words, severity="warning")
    return None


def _import_hint(message: str, sources: Sources) -> str | None:
    module = _MODULE.search(message)
    if not module:
        return None
    if provider := _PROVIDER.match(module[1]):
        package = f"apache-airflow-providers-{provider[1].replace('.', '-')}"
        return f"add `{package}` to requirements.in and run `mwaactl requirements lock`"
    top = module[1].partition(".")[0]
    if top == "airflow":
        return "import it from where this version of Airflow has it"
    left_out = {f"{folder}/{name}" for folder in ("dags", "plugins") for name in (top, f"{top}.py")}
    if skipped := next((each for each in sources.bundle.skipped if each.path in left_out), None):
        return f"`{skipped.path}` is not shipped: it {skipped.reason}"
    return "add its package to requirements.in and run `mwaactl requirements lock`"
