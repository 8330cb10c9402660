"""Writes the page that shows what is deployed: `python -m infra.diagram PAGE`."""

import dataclasses
import sys
import tempfile
from pathlib import Path

from infra.app import add_stacks, new_app
from infra.diagram.assembly import Assembly
from infra.diagram.page import page
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.load import load_config
from mwaactl.config.location import find_config


def synthesised(config: EnvironmentConfig) -> Assembly:
    """Synthesise one environment, and read its templates."""
    with tempfile.TemporaryDirectory() as folder:
        app = new_app(Path(folder))
        add_stacks(app, config)
        app.synth()
        return Assembly.read(Path(folder))


def main() -> None:
    """Write the page that the command line names."""
    environments = load_config(find_config(Path(__file__).parent)).environments
    prod, dev = environments["prod"], environments["dev"]
    private = dataclasses.replace(dev, network=dataclasses.replace(dev.network, nat="none"))
    title = f"account {prod.account}, {prod.region}"
    Path(sys.argv[1]).write_text(page(synthesised(prod), synthesised(private), title), encoding="utf-8")


if __name__ == "__main__":
    main()
