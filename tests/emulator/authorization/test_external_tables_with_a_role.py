"""External tables of Redshift are read with the rights of their schema's role, before and after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.authorization.conftest import Roles, allow, document
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.workgroups import wait_available

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERDE = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
GLUE = allow(["glue:CreateDatabase", "glue:GetTable", "glue:GetPartitions"])
S3 = allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::lake-files", "arn:aws:s3:::lake-files/open/*"])


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path)
    process.up()
    yield process
    process.down()


def run(emulator: EmulatorProcess, sql: str) -> Any:
    """Run a statement; returns the first value of its result, or its error."""
    data = emulator.aws("redshift-data")
    made = data.execute_statement(WorkgroupName="lake", Database="warehouse", Sql=sql)["Id"]
    found: dict[str, Any] = {"Status": "SUBMITTED"}
    while found["Status"] not in {"FINISHED", "FAILED", "ABORTED"}:
        found = data.describe_statement(Id=made, WaitTimeSeconds=30)
    if not found["HasResultSet"]:
        return found.get("Error")
    return next(iter(data.get_statement_result(Id=made)["Records"][0][0].values()))


def make_warehouse(emulator: EmulatorProcess) -> str:
    """Make a workgroup and a role that it may take; returns the role's ARN."""
    trusts = {"Service": "redshift-serverless.amazonaws.com"}
    role = Roles(emulator).role(trusts=trusts)
    serverless = emulator.aws("redshift-serverless")
    serverless.create_namespace(namespaceName="lake", dbName="warehouse", iamRoles=[role])
    serverless.create_workgroup(workgroupName="lake", namespaceName="lake", baseCapacity=8)
    wait_available(serverless, "lake")
    return role


@pytest.mark.whole
def test_role_decides_what_an_external_table_gives(emulator: EmulatorProcess) -> None:
    role = make_warehouse(emulator)
    iam, s3, glue = (emulator.aws(name) for name in ("iam", "s3", "glue"))

    def may(*statements: dict[str, Any]) -> None:
        name = role.rpartition("/")[2]
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))

    s3.create_bucket(Bucket="lake-files")
    s3.put_object(Bucket="lake-files", Key="open/a.csv", Body=b"7\n")
    s3.put_object(Bucket="lake-files", Key="shut/a.csv", Body=b"8\n")
    create = f"CREATE EXTERNAL SCHEMA lake FROM DATA CATALOG DATABASE 'lake' IAM_ROLE '{role}'"
    may(S3)
    denied = run(emulator, f"{create} CREATE EXTERNAL DATABASE IF NOT EXISTS")
    may(GLUE)
    assert run(emulator, f"{create} CREATE EXTERNAL DATABASE IF NOT EXISTS") is None
    for name in ("open", "shut"):
        storage = {
            "Columns": [{"Name": "id", "Type": "int"}],
            "Location": f"s3://lake-files/{name}/",
            "SerdeInfo": {"SerializationLibrary": SERDE},
        }
        glue.create_table(DatabaseName="lake", TableInput={"Name": name, "StorageDescriptor": storage})
    unlisted = run(emulator, 'SELECT id FROM lake."open"')
    may(GLUE, S3)
    rows, unread = run(emulator, 'SELECT id FROM lake."open"'), run(emulator, "SELECT id FROM lake.shut")
    missing = run(emulator, "SELECT id FROM lake.nothing")
    emulator.down()
    emulator.up()
    after = run(emulator, 'SELECT id FROM lake."open"')
    may(S3)
    unknown = run(emulator, 'SELECT id FROM lake."open"')

    assert denied.startswith(
        "ERROR: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/role-"
    )
    assert "is not authorized to perform: glue:CreateDatabase on resource" in denied
    assert "is not authorized to perform: s3:ListBucket" in unlisted
    assert (rows, after) == (7, 7)
    assert "is not authorized to perform: s3:GetObject" in unread
    assert missing == 'ERROR: relation "lake.nothing" does not exist'
    assert "is not authorized to perform: glue:GetTable on resource" in unknown
