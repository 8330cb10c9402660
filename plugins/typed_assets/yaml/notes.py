"""Mistakes as they are found in one file, each with its place and once only."""

from dataclasses import dataclass, field

from typed_assets.spec.asset_rules import SQL, check_names_a_function
from typed_assets.spec.errors import Place, SpecError
from typed_assets.yaml.documents import Document, Path
from typed_assets.yaml.references import References


@dataclass(slots=True)
class Notes:
    """Takes mistakes.

    Attributes:
        document: the pipeline's file.
        references: what it refers to.
        defaults: documents of defaults, the nearest last.
        errors: what was found, by sentence.
    """

    document: Document
    references: References
    defaults: tuple[Document, ...] = ()
    errors: dict[str, SpecError] = field(default_factory=dict)

    def add(self, path: Path, message: str, hint: str | None = None, *, word: str | None = None) -> None:
        """Note a mistake.

        Args:
            path: keys that lead to it.
            message: one sentence.
            hint: what to do about it.
            word: a scalar below the path that the mistake is about.
        """
        self.put(SpecError(message, hint=hint, place=self.place(path, word)))

    def put(self, error: SpecError) -> None:
        """Note a mistake that has its place."""
        self.errors.setdefault(error.sentence, error)

    def place(self, path: Path, word: str | None = None) -> Place:
        """Return where a path leads: in the file, or in the defaults where only they go so far."""
        depth = self.document.depth(path)
        for other in reversed(self.defaults):
            if other.depth(path) > depth and path[0] != "steps":
                return other.place(path, word)
        return self.references.place(self.document, path, word)

    def named(self, name: str, path: Path) -> str:
        """Return what names a function as it is, and the path of a SQL file that is there.

        Raises:
            SpecError: it names neither, or the file is not there.
        """
        place = self.place(path)
        if not name.endswith(SQL):
            try:
                check_names_a_function(name)
            except SpecError as error:
                raise SpecError(error.message, hint=error.hint, place=place) from None
            return name
        file, _ = self.references.look_up(self.document.file, name, place)
        return self.references.folder.at(file)
