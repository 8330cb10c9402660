"""Writes and reads one graph of objects, identities and all; the bodies of S3 objects lie beside it."""

from __future__ import annotations

import copyreg
import io
import pickle
from collections import defaultdict
from threading import Lock
from types import MethodType
from typing import TYPE_CHECKING, Any, get_args

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from moto.s3.models import FakeKey

from mwaactl.emulator.functions.models import ProcessFunction, ProcessLambdaBackend
from mwaactl.emulator.state import reductions
from mwaactl.emulator.state.reductions import BY_TYPE, RESTORERS, reduce_defaults, reduce_private_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mwaactl.emulator.state.bodies import BodyStore
    from mwaactl.emulator.state.reductions import Reduction

_PROTOCOL = 5
# What the bodies of keys are moto's and ours: built anew, not written.
_PER_PROCESS = ("_value_buffer", "lock")
_PRIVATE_KEYS = get_args(PrivateKeyTypes)
_EXECUTIONS = "moto.stepfunctions.parser.backend.execution"

# From which modules a graph may name classes; functions only those that reductions name.
_MODULES = (
    "moto.",
    "mwaactl.emulator.",
    "builtins",
    "collections",
    "copyreg",
    "datetime",
    "dateutil.",
    "decimal",
    "enum",
    "functools",
    "ipaddress",
    "re",
    "threading",
    "types",
    "uuid",
    "weakref",
    "werkzeug.",
    "zoneinfo",
)
_FUNCTIONS = (
    ("copyreg", "_reconstructor"),
    ("copyreg", "__newobj__"),
    ("copyreg", "__newobj_ex__"),
    ("copy", "deepcopy"),
    ("re", "_compile"),
    ("threading", "Lock"),
    ("_thread", "allocate_lock"),
    ("_thread", "lock"),
    ("threading", "RLock"),
    ("_thread", "RLock"),
    ("_operator", "getitem"),
)
_FORBIDDEN = {"eval", "exec", "compile", "open", "__import__", "getattr", "input", "breakpoint"}


class GraphError(Exception):
    """Something in the graph cannot be written, or must not be read."""


class GraphWriter(pickle.Pickler):
    """Writes one graph.

    Args:
        file: Where it goes.
        bodies: Which bodies are kept already; one that is not becomes part of the graph.
        left_out: Objects that are written as None.
    """

    def __init__(self, file: io.BytesIO, bodies: BodyStore, left_out: Collection[object] = ()) -> None:
        super().__init__(file, _PROTOCOL)
        self._bodies = bodies
        self._left_out = {id(each) for each in left_out}
        self._by_type: dict[type, Callable[[Any], Reduction]] = {**BY_TYPE, FakeKey: self._reduce_key}
        self.digests: set[str] = set()

    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401 - pickle's own signature
        """Return how an object is written, or NotImplemented where pickle knows best."""
        if id(obj) in self._left_out:
            return type(None), ()
        kind = type(obj)
        rule = self._by_type.get(kind)
        if rule is None:
            rule = self._by_type[kind] = self._rule_for(kind)
        return rule(obj)

    def _rule_for(self, kind: type) -> Callable[[Any], Any]:
        if issubclass(kind, defaultdict):
            return reduce_defaults
        if issubclass(kind, type):
            return _reduce_class
        if issubclass(kind, _PRIVATE_KEYS):
            return reduce_private_key
        if kind.__module__ == _EXECUTIONS:
            # Loaded with the interpreter of state machines, or not at all.
            from mwaactl.emulator.state_machines.running.kept_executions import reduce_execution

            return reduce_execution
        return _as_usual

    def _reduce_key(self, key: FakeKey) -> Reduction:
        state = {name: value for name, value in key.__dict__.items() if name not in _PER_PROCESS}
        digest = self._bodies.digest_of(key)
        if digest is not None:
            self.digests.add(digest)
        body = b"" if key.disposed else digest or key.value
        return copyreg.__newobj__, (FakeKey,), (state, body), None, None, restore_key  # type: ignore[attr-defined]


class GraphReader(pickle.Unpickler):
    """Reads a graph back; it makes nothing but what a writer writes.

    Args:
        file: Where it is.
        bodies: Where the bodies are.
    """

    def __init__(self, file: io.BytesIO, bodies: BodyStore) -> None:
        super().__init__(file)
        self._bodies = bodies
        self._functions = {(each.__module__, each.__name__): each for each in RESTORERS}

    def find_class(self, module_name: str, global_name: str) -> Any:  # noqa: ANN401 - pickle's own signature
        """Return a class or function of a graph.

        Raises:
            GraphError: If no graph of ours would name it.
        """
        if (module_name, global_name) == (restore_key.__module__, restore_key.__name__):
            return self._restore_key
        if (module_name, global_name) == ("builtins", "getattr"):
            return _bound_method
        if own := self._functions.get((module_name, global_name)):
            return own
        found = super().find_class(module_name, global_name)
        expected = isinstance(found, type) and module_name.startswith(_MODULES)
        if global_name in _FORBIDDEN or not (expected or (module_name, global_name) in _FUNCTIONS):
            message = f"it names `{module_name}.{global_name}`"
            raise GraphError(message)
        return found

    def _restore_key(self, key: FakeKey, state: tuple[dict[str, Any], str | bytes]) -> None:
        fields, body = state
        if isinstance(body, bytes):
            restore_key(key, state)
            return
        key.__dict__.update(fields)
        key.lock = Lock()
        self._bodies.attach(key, body)


def restore_key(key: FakeKey, state: tuple[dict[str, Any], str | bytes]) -> None:
    """Fill an object version whose body is part of the graph; where it is a digest, the reader does it."""
    fields, body = state
    key.__setstate__({**fields, "value": body})


def write_graph(root: object, bodies: BodyStore, left_out: Collection[object] = ()) -> tuple[bytes, set[str]]:
    """Return a graph as bytes, and the digests of the bodies that it needs.

    Raises:
        GraphError: If something in it can't be written.
    """
    file = io.BytesIO()
    writer = GraphWriter(file, bodies, left_out)
    try:
        writer.dump(root)
    except (pickle.PicklingError, TypeError, AttributeError, ValueError, RuntimeError) as error:
        # A RuntimeError is a nesting that is too deep, or a dictionary that somebody changed meanwhile.
        raise GraphError(str(error)) from error
    return file.getvalue(), writer.digests


def read_graph(written: bytes, bodies: BodyStore) -> Any:  # noqa: ANN401 - what was written
    """Return the graph.

    Raises:
        GraphError: If it can't be read.
    """
    try:
        return GraphReader(io.BytesIO(written), bodies).load()
    except GraphError:
        raise
    except Exception as error:
        # Whatever a class of another version raises while it is filled means the same to the user.
        message = f"{type(error).__name__}: {error}"
        raise GraphError(message) from error


def _bound_method(owner: object, name: str) -> MethodType:
    """Return a method, which is what pickle writes as `getattr` and its arguments."""
    method = getattr(owner, name)
    if not isinstance(method, MethodType):
        message = f"it names `{name}` of {type(owner).__name__}, which is no method"
        raise GraphError(message)
    return method


def _as_usual(_: object) -> Any:  # noqa: ANN401 - NotImplemented is what pickle asks for
    return NotImplemented


def _reduce_class(kind: type) -> Any:  # noqa: ANN401 - NotImplemented is what pickle asks for
    if kind.__name__ == "BoundFunction" and issubclass(kind, ProcessFunction):
        return reductions.function_class, ()
    if kind.__name__ == "BoundBackend" and issubclass(kind, ProcessLambdaBackend):
        return reductions.backend_class, ()
    return NotImplemented
