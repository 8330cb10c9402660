"""Tells whether a file's statements alone say what it takes of the DAG folder.

Most files take names by `from … import …` and use them as they are. Then no expression has to be looked at,
which is most of the work in a folder of many files.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from mwaactl.project.module_names import base_of
from mwaactl.project.syntax_tree import statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# What imports, or takes an attribute, without a statement or a dot.
_HIDING = (b"import_module", b"__import__", b"getattr")
# A dot that stands apart from the name before it, on the next line perhaps; in `from .lib` it takes nothing.
_SPACED_DOT = re.compile(rb"(?<=\w)(?<!from)(?<!import)[\s\\]+\.(?=[\s\\]*[A-Za-z_])")


def says_all(tree: ast.Module, key: str, content: bytes, roots: Collection[str]) -> bool:
    """Tells whether import statements are all that a file takes of modules with these roots.

    It is not so where one stands in a function, where it takes everything, or where an attribute is taken of
    what it bound.

    Args:
        tree: The file.
        key: Its place, from which relative imports start.
        content: Its text.
        roots: The top-level modules of the DAG folder.
    """
    if any(each in content for each in _HIDING):
        return False
    outside = {id(node) for node in statements(tree.body, in_functions=False) if _is_import(node)}
    bound: list[str] = []
    for node in statements(tree.body, in_functions=True):
        if isinstance(node, ast.Import | ast.ImportFrom):
            ours = list(_bound(node, key, roots))
            if ours and (id(node) not in outside or "*" in ours):
                return False
            bound += ours
    return not bound or not _takes_attribute(bound, content)


def root_of(dotted: str) -> str:
    """Returns the first part of a dotted name."""
    return dotted.partition(".")[0]


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _bound(node: ast.Import | ast.ImportFrom, key: str, roots: Collection[str]) -> Iterator[str]:
    """Yields the names that an import statement binds to what may be of the tree."""
    if isinstance(node, ast.Import):
        names = (each.asname or root_of(each.name) for each in node.names if root_of(each.name) in roots)
        yield from names
    elif not (base := root_of(base_of(key, node))) or base in roots:
        yield from (each.asname or each.name for each in node.names)


def _takes_attribute(names: list[str], content: bytes) -> bool:
    return any(f"{name}.".encode() in content for name in names) or _SPACED_DOT.search(content) is not None
