"""Rules about the objects that an environment takes from its source bucket."""

from collections.abc import Iterator

from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.values import is_absent

_KINDS = {
    "Plugins": f"{DOCS}/configuring-dag-import-plugins.html",
    "Requirements": f"{DOCS}/working-dags-dependencies.html",
    "StartupScript": f"{DOCS}/using-startup-script.html",
}


def _dags(subject: Subject) -> Iterator[Found]:
    stated, path = subject.properties.get("DagS3Path"), subject.text("DagS3Path")
    if is_absent(stated):
        yield (), "DagS3Path is missing"
    elif path is not None and not _is_folder(path):
        yield ("DagS3Path",), f"{path or 'an empty text'} is not the path of a folder in the bucket"


def _is_folder(path: str) -> bool:
    parts = path.split("/")
    return "" not in parts and ".." not in parts and "://" not in path


def _with_version(subject: Subject) -> Iterator[Found]:
    for kind in _KINDS:
        path, version = f"{kind}S3Path", f"{kind}S3ObjectVersion"
        if not is_absent(subject.properties.get(path)) and is_absent(subject.properties.get(version)):
            yield (path,), f"{path} comes without {version}"


def _with_path(subject: Subject) -> Iterator[Found]:
    for kind in _KINDS:
        path, version = f"{kind}S3Path", f"{kind}S3ObjectVersion"
        if not is_absent(subject.properties.get(version)) and is_absent(subject.properties.get(path)):
            yield (version,), f"{version} comes without {path}"


def _relative(subject: Subject) -> Iterator[Found]:
    for kind in _KINDS:
        path = subject.text(f"{kind}S3Path")
        if path is not None and (path.startswith("/") or "://" in path):
            yield (f"{kind}S3Path",), f"{path} is not a key in the source bucket"


ARTIFACT_RULES = (
    TemplateRule(
        "MW047",
        "error",
        "The folder with the DAGs is a path in the source bucket",
        "give a path without / at its ends, for example dags",
        f"{DOCS}/configuring-dag-folder.html",
        _dags,
    ),
    TemplateRule(
        "MW048",
        "error",
        "An artifact comes with the version of its object",
        "give the object version: without it an upload changes nothing, or nobody knows what runs",
        _KINDS["Requirements"],
        _with_version,
    ),
    TemplateRule(
        "MW049",
        "error",
        "The version of an object comes with its path",
        "give the path, or leave the version away",
        _KINDS["Plugins"],
        _with_path,
    ),
    TemplateRule(
        "MW050",
        "error",
        "Artifacts are keys in the source bucket",
        "give the key, without / at its beginning and without s3://",
        _KINDS["StartupScript"],
        _relative,
    ),
)
