"""Which Python files define a DAG, so that Airflow lists one for them."""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from mwaactl.project.syntax_tree import children, last_name, statements

type Functions = Mapping[str, ast.FunctionDef]

_LIBRARY = "typed_assets"
_LIBRARY_MAKERS = frozenset({"build", "load_pipelines"})
"""Functions of the library for DAGs that make DAGs of pipelines."""


def defines_dag(tree: ast.Module) -> bool:
    """Tell whether importing Python source makes a DAG, by `DAG(…)` or by calling what `@dag` decorates.

    Or by `build(…)` or `load_pipelines(…)` of `typed_assets`.

    What stands in a function counts where the file itself uses the function: a module that only offers a
    factory makes no DAG, and Airflow lists none for it.
    """
    if any(_is_plain(node) for node in tree.body):
        return True
    functions = {
        node.name: node
        for node in statements(tree.body, in_functions=True)
        if isinstance(node, ast.FunctionDef)
    }
    makers = {"DAG"} | (_LIBRARY_MAKERS if _imports_library(tree) else frozenset())
    return any(_makes_dag(node, functions, makers) for node in _executed(tree.body, functions))


def _imports_library(tree: ast.Module) -> bool:
    modules = [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
    modules += [name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names]
    return any(module.partition(".")[0] == _LIBRARY for module in modules)


def _is_plain(node: ast.stmt) -> bool:
    """Tell whether a statement makes a DAG at first sight: `with DAG(…):` or `dag = DAG(…)`."""
    match node:
        case ast.With(items=[ast.withitem(context_expr=ast.Call(func=called)), *_]):
            return last_name(called) == "DAG"
        case ast.Assign(value=ast.Call(func=called)) | ast.Expr(value=ast.Call(func=called)):
            return last_name(called) == "DAG"
        case _:
            return False


def _executed(body: Iterable[ast.AST], functions: Functions) -> Iterator[ast.AST]:
    """Walk what an import runs: the body of a function only once something names the function."""
    waiting, entered = list(body), set[str]()
    while waiting:
        node = waiting.pop()
        yield node
        name = last_name(node)
        if name in functions and name not in entered:
            entered.add(name)
            waiting.extend(functions[name].body)
        waiting.extend(node.decorator_list if isinstance(node, ast.FunctionDef) else children(node))


def _makes_dag(node: ast.AST, functions: Functions, makers: Collection[str]) -> bool:
    if isinstance(node, ast.Call) and last_name(node.func) in makers:
        return True
    named = functions.get(last_name(node))
    return named is not None and any(_is_dag_decorator(each) for each in named.decorator_list)


def _is_dag_decorator(node: ast.expr) -> bool:
    return last_name(node.func if isinstance(node, ast.Call) else node) == "dag"
