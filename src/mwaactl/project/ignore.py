"""What never leaves the machine, by name: version control, caches, editors' files, and keys."""

from fnmatch import fnmatchcase

_REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "belongs to version control",
        (".git", ".gitignore", ".gitattributes", ".gitmodules", ".gitkeep", ".hg", ".svn", ".jj"),
    ),
    (
        "may hold secrets",
        (
            ".env", ".env.*", "*.env", ".envrc", ".netrc", ".pypirc", ".npmrc", ".pgpass", ".git-credentials",
            ".aws", ".ssh", ".gnupg", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx",
            "*.ppk", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*.tfstate", "*.tfstate.*",
        ),
    ),
    (
        "is a cache",
        (
            "__pycache__", "*.pyc", "*.pyo", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
            ".ipynb_checkpoints", ".tox", ".nox", ".venv", "venv", "node_modules", "*.egg-info", ".eggs",
            ".coverage", ".coverage.*", "*.log",
        ),
    ),
    (
        "belongs to an editor or the desktop",
        (
            ".idea", ".vscode", ".editorconfig", "*.swp", "*.swo", "*~", "#*#", ".#*", "*.orig", "*.rej",
            "*.tmp", ".ds_store", "._*", "thumbs.db", "desktop.ini",
        ),
    ),
)  # fmt: skip


def ignored_because(name: str) -> str | None:
    """Says why a file or folder of this name is left out, or None if it is not.

    Case does not matter: `.ENV` holds what `.env` holds.
    """
    folded = name.casefold()
    for reason, patterns in _REASONS:
        if any(fnmatchcase(folded, pattern) for pattern in patterns):
            return reason
    return None
