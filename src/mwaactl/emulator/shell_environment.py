"""The variables with which the AWS CLI, the CDK and boto3 in a shell talk to the emulator."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from mwaactl.aws.session import past_proxies
from mwaactl.emulator.loopback import ACCESS_KEY, SECRET_KEY

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings


@dataclass(frozen=True, slots=True)
class Export:
    """Set a variable."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Unset:
    """Remove a variable."""

    name: str


# What requests, boto3 and the AWS CLI, OpenSSL and Node read to know whom to trust.
_TRUST = ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")

type ShellAction = Export | Unset


def shell_environment(
    settings: EmulatorSettings, *, environment: str = "local", path: str | None = None
) -> tuple[ShellAction, ...]:
    """Return what a shell must set, and forget, to talk to the emulator and to nothing else.

    Args:
        settings: The emulator's settings.
        environment: The environment of mwaactl.toml that the emulator stands in for.
        path: The shell's present PATH; the process's own if absent.
    """
    present = os.environ.get("PATH", os.defpath) if path is None else path
    own = str(settings.project_root / ".venv" / "bin")
    search = os.pathsep.join([own, *(part for part in present.split(os.pathsep) if part != own)])
    variables = {
        "AWS_ENDPOINT_URL": settings.endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        # MWAA's operations carry host prefixes (api., env.), which make no sense before a loopback address.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        **past_proxies(os.environ),
        "MWAACTL_ENVIRONMENT": environment,
        # The CDK CLI otherwise asks the npm registry for a newer version and GitHub for notices.
        "CDK_DISABLE_VERSION_CHECK": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        # Clients build https addresses from an environment's WebServerHostname themselves.
        **dict.fromkeys(_TRUST, str(settings.state_dir / "ca-bundle.pem")),
        "PATH": search,
    }
    forgotten = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
    return (*(Unset(name) for name in forgotten), *(Export(*pair) for pair in variables.items()))


def render_exports(actions: tuple[ShellAction, ...]) -> str:
    """Return lines that a POSIX shell can `eval`."""
    return "".join(f"{_line(action)}\n" for action in actions)


def apply_to(environ: dict[str, str], actions: tuple[ShellAction, ...]) -> dict[str, str]:
    """Return a copy of a process environment with the actions applied."""
    result = dict(environ)
    for action in actions:
        match action:
            case Export(name, value):
                result[name] = value
            case Unset(name):
                result.pop(name, None)
            case _:
                assert_never(action)
    return result


def _line(action: ShellAction) -> str:
    match action:
        case Export(name, value):
            return f"export {name}={shlex.quote(value)}"
        case Unset(name):
            return f"unset {name}"
        case _:
            assert_never(action)
