"""The defaults of a folder of pipelines and of those below it, each file read once."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from typed_assets.spec.errors import Place, SpecError, nearest
from typed_assets.yaml.defaults import BASE_OPERATOR, NAME, files_above
from typed_assets.yaml.documents import Document, read_document
from typed_assets.yaml.models import DefaultsModel
from typed_assets.yaml.notes import Notes
from typed_assets.yaml.operator_arguments import Operators, faults_of_defaults
from typed_assets.yaml.problems import shown
from typed_assets.yaml.references import Folder, References
from typed_assets.yaml.steps import validated


@dataclass(slots=True)
class FolderDefaults:
    """Reads defaults when a pipeline's file asks for them.

    Attributes:
        folder: where files are.
        root: the folder's path, with `/`.
        operators: knows operators.
    """

    folder: Folder
    root: str
    operators: Operators
    _defaults: dict[str, Document | SpecError | None] = field(default_factory=dict)

    def above(self, file: str) -> Iterator[Document]:
        """Yield the defaults for a file, the outermost first.

        Raises:
            SpecError: there is a mistake in them.
        """
        for path in files_above(file, self.root):
            if path not in self._defaults:
                self._defaults[path] = self._read_defaults(path)
            found = self._defaults[path]
            if isinstance(found, SpecError):
                raise found
            if found is not None:
                yield found

    def _read_defaults(self, path: str) -> Document | SpecError | None:
        content = self.folder.read(path)
        if content is None:
            return None
        references = References(self.folder)
        try:
            document = read_document(content, path)
            value = {} if document.value is None else references.followed(document)
        except SpecError as error:
            return error
        notes = Notes(document, references)
        if not isinstance(value, dict):
            notes.add((), f"a file of defaults must be a mapping, not {shown(value)}")
        else:
            validated(DefaultsModel, value, (), notes)
        return next(iter(notes.errors.values()), replace(document, value=value))

    def faults(self, taken: frozenset[str], used: frozenset[str]) -> Iterator[SpecError]:
        """Yield what is wrong with defaults that have been asked for, beside what they say by themselves.

        Args:
            taken: arguments that some operator takes; `*` where one is not known.
            used: operators that steps have.
        """
        yield from self._misnamed()
        yield from self._unused(taken)
        yield from self._odd_operators(used)

    def _unused(self, taken: frozenset[str]) -> Iterator[SpecError]:
        base = self.operators.arguments_of(BASE_OPERATOR)
        if base is None or "*" in taken:
            return
        for document in self._documents():
            for name in document.value.get("default_arguments", {}):
                if name not in base.arguments and name not in taken:
                    place = document.place(("default_arguments", name))
                    message = f"no operator below takes the argument `{name}`"
                    yield SpecError(message, hint=nearest(name, {*base.arguments, *taken}), place=place)

    def _misnamed(self) -> Iterator[SpecError]:
        for path in self._defaults:
            if self.folder.read(other := path.removesuffix(".yaml") + ".yml") is not None:
                message = "nobody reads this file"
                yield SpecError(message, hint=f"call it `{NAME}`", place=Place(other))

    def _odd_operators(self, used: frozenset[str]) -> Iterator[SpecError]:
        """Yield what is wrong with defaults for operators that no pipeline has."""
        for document in self._documents():
            given = document.value.get("operators", {})
            for operator, fault in faults_of_defaults(self.operators, given, used):
                inner = () if fault.name is None else (fault.name,)
                place = document.place(("operators", operator, *inner))
                yield SpecError(fault.message, hint=fault.hint, place=place)

    def _documents(self) -> Iterator[Document]:
        """Yield the defaults that could be read."""
        return (found for found in self._defaults.values() if isinstance(found, Document))
