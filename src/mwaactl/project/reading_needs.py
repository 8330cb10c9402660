"""Reads the needs of a Python file from its syntax tree, in one walk."""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from dataclasses import dataclass, field, replace
from sys import intern
from typing import TYPE_CHECKING, Any

from mwaactl.project.handled_failures import handled_by, suppressed_by
from mwaactl.project.import_statements import root_of, says_all
from mwaactl.project.module_names import absolute, base_of, is_foreign
from mwaactl.project.needs import Failure, Kind, Moment, Need
from mwaactl.project.syntax_tree import blocks, children, last_name
from mwaactl.project.top_level import checking_types

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

_BUILTINS = frozenset(dir(builtins))
# A chain such as `lib.tables.NAMES.first.upper` is followed as far as modules may reach.
_LONGEST_CHAIN = 3
_BY_IMPORT = (Kind.MODULE, Kind.NAME)


def needs_of(
    tree: ast.Module, key: str, content: bytes, roots: Collection[str] | None = None
) -> tuple[Need, ...]:
    """Reads what a file takes from modules that may be of the tree, sorted.

    A function counts as run on import where the file's top level calls it; what else stands in functions is
    needed later. A function that Airflow runs as a task never counts as run.

    Args:
        tree: The file.
        key: Its place, from which relative imports start.
        content: Its text.
        roots: Top-level modules of the DAG folder, where they are known: what is taken of others is not
            looked for beyond the import.
    """
    walk = _Walk(key, shallow=roots is not None and says_all(tree, key, content, roots))
    walk.run(tree)
    found = {*walk.needs, *walk.attribute_needs(), *walk.star_needs()}
    kept = (
        need for need in found if roots is None or need.kind in _BY_IMPORT or root_of(need.module) in roots
    )
    return tuple(sorted(kept, key=lambda need: need.order))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the file a node stands."""

    moment: Moment = Moment.AT_IMPORT
    handled: Failure = Failure.NOTHING
    instead: tuple[Need, ...] = ()
    in_class: bool = False

    def in_function(self, moment: Moment) -> _Place:
        # Whoever calls the function handles its failures, not what stands around its definition.
        return _Place(self.moment if self.moment is Moment.NEVER else moment)


@dataclass(slots=True)
class _Walk:
    """One walk over one file; without recursion, because expressions nest deeper than Python's stack.

    Attributes:
        key: The file's place.
        shallow: Whether statements say all, so that expressions need no visit.
        needs: What was found.
    """

    key: str
    shallow: bool
    needs: list[Need] = field(default_factory=list)
    _stack: list[tuple[ast.AST, _Place]] = field(default_factory=list)
    _called: set[str] = field(default_factory=set)
    _waiting: dict[str, list[tuple[ast.AST, _Place]]] = field(default_factory=lambda: defaultdict(list))
    _aliases: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _imported: set[str] = field(default_factory=set)
    _chains: list[tuple[str, tuple[str, ...], _Place]] = field(default_factory=list)
    _loaded: list[tuple[str, int, _Place]] = field(default_factory=list)
    _bound: dict[str, int] = field(default_factory=dict)
    _local: set[str] = field(default_factory=set)
    _below: Callable[[ast.AST], list[ast.AST]] = field(init=False)
    # What is done with each kind of node; of the others the children are visited.
    _visits: Mapping[type[ast.AST], Callable[[Any, _Place], None]] = field(init=False)

    def run(self, tree: ast.Module) -> None:
        """Walks what an import runs, then the functions that nothing called."""
        self._push(tree.body, _Place())
        self._empty_stack()
        for waiting in self._waiting.values():
            for node, place in waiting:
                self._stack.append((node, place.in_function(Moment.LATER)))
        self._waiting.clear()
        self._empty_stack()

    def attribute_needs(self) -> Iterator[Need]:
        """Yields what is taken as `module.name`, where an import statement bound the module's name."""
        for root, attributes, place in self._chains:
            for module, name in self._aliases.get(root, ()):
                base, parts = module, (*([name] if name else []), *attributes)
                while parts and f"{base}.{parts[0]}" in self._imported:
                    base, parts = f"{base}.{parts[0]}", parts[1:]
                if parts and parts != (name,):
                    kind = Kind.MEMBER if name and base == module else Kind.ATTRIBUTE
                    yield self._need(base, ".".join(parts[:_LONGEST_CHAIN]), kind, place)

    def star_needs(self) -> Iterator[Need]:
        """Yields what the file uses and has not bound itself: it may come from `from … import *`."""
        stars = {need.module for need in self.needs if need.name == "*"}
        for name, line, place in self._loaded if stars else ():
            if name not in _BUILTINS and not self._is_bound(name, line, place):
                yield from (self._need(module, name, Kind.STAR, place) for module in stars)

    def _is_bound(self, name: str, line: int, place: _Place) -> bool:
        """Tells whether the file binds a name itself before a line, or before its functions run."""
        if place.moment is Moment.AT_IMPORT:
            return self._bound.get(name, line) < line
        return name in self._bound or name in self._local

    def _need(self, module: str, name: str, kind: Kind, place: _Place) -> Need:
        return Need(intern(module), intern(name), kind, place.moment, place.handled, place.instead)

    def _push(self, nodes: Iterable[ast.AST | None], place: _Place) -> None:
        self._stack += [(each, place) for each in nodes if each is not None]

    def _push_children(self, node: ast.AST, place: _Place) -> None:
        self._stack += [(each, place) for each in self._below(node)]

    def _empty_stack(self) -> None:
        visits, stack, below = self._visits, self._stack, self._below
        while stack:
            node, place = stack.pop()
            if (visit := visits.get(type(node))) is not None:
                visit(node, place)
            else:
                stack += [(each, place) for each in below(node)]

    def __post_init__(self) -> None:
        self._below = blocks if self.shallow else children
        self._visits = {
            ast.Import: self._import,
            ast.ImportFrom: self._import,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.Lambda: self._lambda,
            ast.ClassDef: self._class,
            ast.If: self._condition,
            ast.Try: self._try,
            ast.TryStar: self._try,
            ast.With: self._with,
            ast.AsyncWith: self._with,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
            ast.Assign: self._assign,
            ast.Name: self._name,
            ast.arg: self._argument,
        }

    def _lambda(self, node: ast.Lambda, place: _Place) -> None:
        self._push([node.args], place)
        self._push([node.body], place.in_function(Moment.LATER))

    def _class(self, node: ast.ClassDef, place: _Place) -> None:
        self._note_bound(node.name, node, place)
        self._push_children(node, replace(place, in_class=True))

    def _with(self, node: ast.With | ast.AsyncWith, place: _Place) -> None:
        handled = suppressed_by(node)
        self._push(node.items, place)
        self._push(node.body, replace(place, handled=place.handled | handled) if handled else place)

    def _name(self, node: ast.Name, place: _Place) -> None:
        if isinstance(node.ctx, ast.Load):
            self._loaded.append((node.id, node.lineno, place))
        else:
            self._note_bound(node.id, node, place)

    def _note_bound(self, name: str, node: ast.stmt | ast.expr, place: _Place) -> None:
        if place.moment is Moment.AT_IMPORT and not place.in_class:
            self._bound[name] = min(node.lineno, self._bound.get(name, node.lineno))
        else:
            self._local.add(name)

    def _argument(self, node: ast.arg, place: _Place) -> None:
        self._local.add(node.arg)
        self._push_children(node, place)

    def _import(self, node: ast.Import | ast.ImportFrom, place: _Place) -> None:
        self.needs.extend(_needs_by(node, self.key, place))
        for each in node.names:
            self._note_bound(each.asname or each.name.partition(".")[0], node, place)
        if isinstance(node, ast.Import):
            for each in node.names:
                self._bind(each.asname or each.name.partition(".")[0], each.name, whole=bool(each.asname))
        else:
            base = base_of(self.key, node)
            for each in node.names:
                if each.name != "*" and not is_foreign(base):
                    self._aliases[each.asname or each.name].add((base, each.name))

    def _bind(self, name: str, module: str, *, whole: bool) -> None:
        if not is_foreign(module):
            self._aliases[name].add((module if whole else name, ""))
            self._imported.add(module)
            parts = module.split(".")
            self._imported.update(".".join(parts[:end]) for end in range(1, len(parts)))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, place: _Place) -> None:
        self._note_bound(node.name, node, place)
        self._push([*node.decorator_list, node.args, node.returns], place)
        if place.moment is not Moment.AT_IMPORT or place.in_class or _is_task(node):
            self._push(node.body, place.in_function(Moment.LATER))
        elif node.name in self._called:
            self._push(node.body, place.in_function(Moment.AT_IMPORT))
        else:
            self._waiting[node.name].extend((each, place) for each in node.body)

    def _call(self, node: ast.Call, place: _Place) -> None:
        match node.func:
            case ast.Name(id=name) if place.moment is Moment.AT_IMPORT:
                self._called.add(name)
                for each, where in self._waiting.pop(name, ()):
                    self._stack.append((each, where.in_function(Moment.AT_IMPORT)))
            case _:
                pass
        if module := _imported_by_call(node, self.key):
            self.needs.append(self._need(module, "", Kind.MODULE, place))
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[looked_at, ast.Constant(value=str(name))]):
                self._attribute(looked_at, place, (name,))
            case _:
                self._push_children(node, place)

    def _assign(self, node: ast.Assign, place: _Place) -> None:
        """Follows `m = import_module("lib.tables")`."""
        self._push_children(node, place)
        module = _imported_by_call(node.value, self.key) if isinstance(node.value, ast.Call) else None
        match node.targets:
            case [ast.Name(id=name)] if module:
                self._bind(name, module, whole=True)
            case _:
                pass

    def _attribute(self, node: ast.expr, place: _Place, behind: tuple[str, ...] = ()) -> None:
        attributes = behind
        while isinstance(node, ast.Attribute):
            attributes = (node.attr, *attributes)
            node = node.value
        if isinstance(node, ast.Name):
            self._chains.append((node.id, attributes, place))
            self._loaded.append((node.id, node.lineno, place))
        else:
            self._push([node], place)

    def _condition(self, node: ast.If, place: _Place) -> None:
        never = replace(place, moment=Moment.NEVER)
        only_checked = True if _is_main(node.test) else checking_types(node.test)
        self._push([node.test], place)
        self._push(node.body, never if only_checked is True else place)
        self._push(node.orelse, never if only_checked is False else place)

    def _try(self, node: ast.Try | ast.TryStar, place: _Place) -> None:
        handled = Failure.NOTHING
        for each in node.handlers:
            if not any(isinstance(inner, ast.Raise) for inner in ast.walk(each)):
                handled |= handled_by(each.type)
        self._push([*node.orelse, *node.finalbody], place)
        self._push(node.body, replace(place, handled=place.handled | handled))
        tried = tuple(need for each in node.body for need in self._tried(each, place)) if handled else ()
        for each in node.handlers:
            fallback = handled_by(each.type) & (Failure.ABSENT_MODULE | Failure.ABSENT_NAME)
            inside = replace(place, instead=(*place.instead, *tried)) if fallback and tried else place
            self._push(each.body, inside)

    def _tried(self, statement: ast.stmt, place: _Place) -> Iterator[Need]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield from _needs_by(node, self.key, replace(place, instead=()))


def _needs_by(node: ast.Import | ast.ImportFrom, key: str, place: _Place) -> Iterator[Need]:
    if isinstance(node, ast.Import):
        taken = [(each.name, "", Kind.MODULE) for each in node.names]
    else:
        base = base_of(key, node)
        taken = [(base, each.name, Kind.STAR if each.name == "*" else Kind.NAME) for each in node.names]
    for module, name, kind in taken:
        if not is_foreign(module):
            yield Need(intern(module), intern(name), kind, place.moment, place.handled, place.instead)


def _imported_by_call(node: ast.Call, key: str) -> str | None:
    """Reads `import_module("lib.tables")`, `import_module(".tables", "lib")` and `__import__("lib")`."""
    if last_name(node.func) not in ("import_module", "__import__"):
        return None
    match node.args:
        case [ast.Constant(value=str(module)), *_] if not module.startswith("."):
            return None if is_foreign(module) else module
        case [ast.Constant(value=str(module)), ast.Constant(value=str(package)), *_]:
            level = len(module) - len(module.lstrip("."))
            anchor = f"dags/{package.replace('.', '/')}/x.py"
            return absolute(anchor, module.lstrip("."), level)
        case [ast.Constant(value=str(module)), *_]:
            level = len(module) - len(module.lstrip("."))
            return absolute(key, module.lstrip("."), level) or None
        case _:
            return None


def _is_task(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any("task" in name for each in node.decorator_list for name in _names_in(each))


def _names_in(decorator: ast.expr) -> Iterator[str]:
    node = decorator.func if isinstance(decorator, ast.Call) else decorator
    while isinstance(node, ast.Attribute):
        yield node.attr
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _is_main(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
            return True
        case _:
            return False
