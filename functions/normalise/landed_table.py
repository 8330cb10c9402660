"""One landed table, from its object in S3 to the normalised and the quarantined one.

Everything streams: memory stays flat whatever the file's size; Lambda's `/tmp` holds the two results until
they are uploaded. Keys are fixed by the caller, so a second run overwrites what the first one wrote.
"""

import csv
import gzip
import io
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from csv_rows import BrokenRecord, Row, read_rows
from row_contract import Accepted, Contract, Rejected

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

COMPRESSION_LEVEL = 1  # a vCPU of Lambda costs more than the bytes it would still save


class RequestError(ValueError):
    """The event is not a request to normalise a table."""


@dataclass(frozen=True, slots=True)
class NormaliseRequest:
    """What to normalise and where to put it.

    Attributes:
        bucket: the bucket of all three keys.
        source_key: the landed CSV file, gzipped if it ends in `.gz`.
        normalised_key: where accepted rows go, as gzipped CSV in the contract's column order.
        quarantine_key: where rejected rows go, as gzipped JSON lines with their reasons.
        contract: what each row must be.
    """

    bucket: str
    source_key: str
    normalised_key: str
    quarantine_key: str
    contract: Contract

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> Self:
        """Read a Lambda event.

        Raises:
            RequestError: a member is missing or the contract cannot be used; the message names it.
        """
        try:
            return cls(
                bucket=event["bucket"],
                source_key=event["source_key"],
                normalised_key=event["normalised_key"],
                quarantine_key=event["quarantine_key"],
                contract=Contract.from_document(event["contract"]),
            )
        except KeyError as error:
            message = f"the event lacks {error}"
            raise RequestError(message) from error
        except (TypeError, ValueError) as error:
            message = f"the event cannot be used: {error}"
            raise RequestError(message) from error


def normalise(request: NormaliseRequest, s3: "S3Client", workspace: Path) -> dict[str, Any]:
    """Split the landed rows into accepted and rejected ones and upload both.

    Args:
        request: what to normalise.
        s3: a client for the request's bucket.
        workspace: an empty directory with room for both results.

    Returns:
        The counts, as `handler.handle` documents them.
    """
    accepted, rejected = workspace / "accepted.csv.gz", workspace / "rejected.jsonl.gz"
    body = s3.get_object(Bucket=request.bucket, Key=request.source_key)["Body"]
    source: Any = gzip.GzipFile(fileobj=body) if request.source_key.endswith(".gz") else body  # type: ignore[call-overload]
    with _writer(accepted) as accepted_file, _writer(rejected) as rejected_file:
        tally = _split(read_rows(source, request.contract), request.contract, accepted_file, rejected_file)
    s3.upload_file(str(accepted), request.bucket, request.normalised_key)
    s3.upload_file(str(rejected), request.bucket, request.quarantine_key)
    return {
        "table": request.contract.table,
        **tally,
        "normalised_key": request.normalised_key,
        "quarantine_key": request.quarantine_key,
    }


def _split(rows: Any, contract: Contract, accepted_file: IO[str], rejected_file: IO[str]) -> dict[str, Any]:  # noqa: ANN401
    accepted, reasons, rejected = 0, Counter[str](), 0
    writer = csv.writer(accepted_file, lineterminator="\n")
    writer.writerow(contract.column_names)
    for row in rows.records:
        verdict = contract.judge(row.fields) if isinstance(row, Row) else Rejected((row.reason,))
        match verdict:
            case Accepted(values):
                writer.writerow(values)
                accepted += 1
            case Rejected(found):
                rejected_file.write(_quarantine_line(row, found))
                reasons.update(reason.partition(": ")[0] for reason in found)
                rejected += 1
    return {
        "read": accepted + rejected,
        "accepted": accepted,
        "rejected": rejected,
        "reasons": dict(sorted(reasons.items())),
        "ignored_columns": list(rows.ignored_columns),
    }


def _quarantine_line(row: Row | BrokenRecord, reasons: tuple[str, ...]) -> str:
    return json.dumps({"line": row.line, "reasons": reasons, "row": row.original}) + "\n"


def _writer(path: Path) -> IO[str]:
    return io.TextIOWrapper(
        gzip.GzipFile(path, "wb", compresslevel=COMPRESSION_LEVEL, mtime=0), encoding="utf-8", newline=""
    )
