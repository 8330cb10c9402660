import pytest

from mwaactl.executor.cdk_progress import progress_of
from mwaactl.executor.events import Detail, Tick


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("✨  Synthesis time: 5.52s", Detail("stacks synthesised in 5.5 s")),
        ("flights-local-network: deploying... [2/4]", Detail("stack flights-local-network: deploying")),
        (
            "flights-local-network |  3/36 | 8:53:01 AM | CREATE_COMPLETE | AWS::EC2::EIP    | Vpc/EIP (E1)",
            Tick("flights-local-network 3/36: AWS::EC2::EIP Vpc/EIP (E1)"),
        ),
        (
            "a-storage | 2/9 | 8:52:56 AM | CREATE_FAILED        | AWS::S3::Bucket | Source (S1) it is taken",
            Detail("a-storage: CREATE_FAILED AWS::S3::Bucket Source (S1) it is taken"),
        ),
        (
            "a-env | 9/12 | 8:53:13 AM | CREATE_IN_PROGRESS | AWS::MWAA::Environment | Environment (E)",
            Detail("a-env: AWS::MWAA::Environment is being made, on AWS that takes 20 to 40 minutes"),
        ),
        ("✅  flights-local-network", Detail("stack flights-local-network: complete")),
        ("✅  flights-local-network (no changes)", Detail("stack flights-local-network: no changes")),
        ("flights-local-storage: success: Published flights-local-storage Template", None),
        ("Outputs:", None),
    ],
)
def test_a_line_of_the_cdk_tells_what_matters(line: str, told: Detail | Tick | None) -> None:
    assert progress_of(line) == told
