"""A requirements.txt that takes its wheels from plugins/, and back."""

from mwaactl.project.shipped_paths import HOME

HOUSE = "plugins/wheels"
_NOTE = "# Nothing is asked of an index: `mwaactl requirements package` put the wheels into plugins/wheels.\n"
_OPTIONS = ("--no-index\n", f"--find-links {HOME}/{HOUSE}\n")


def packaged_text(text: str) -> str:
    """Returns a requirements.txt with the options that make pip take wheels from plugins/wheels only.

    Its lines are kept, hashes included. What is packaged already comes out as it is.
    """
    lines = [f"{line}\n" for line in text.splitlines()]
    own = [line for line in lines if line not in (_NOTE, *_OPTIONS)]
    head = next((at for at, line in enumerate(own) if not line.startswith("#")), len(own))
    return "".join([*own[:head], _NOTE, *_OPTIONS, *own[head:]])
