"""What never leaves the machine, by name: version control, caches, editors' files, and keys."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache, lru_cache
from typing import Self

SECRET = "may hold secrets"  # noqa: S105 - a reason, not a secret
HIDDEN = "is hidden"
# Airflow and dbt read these at run time; no other hidden file is known to be needed there.
_WANTED = frozenset({".airflowignore", ".dbtignore"})
# Spelt in capitals by the tool; in small letters it is as good a name for a package as any.
_EXACT = {"CVS": "belongs to version control", "RCS": "belongs to version control"}

_REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "belongs to version control",
        (
            ".git", ".gitignore", ".gitattributes", ".gitmodules", ".gitkeep", ".github", ".gitlab", ".hg",
            ".hgignore", ".hgtags", ".svn", ".jj", ".bzr", ".bzrignore", ".fslckout", "_darcs", ".pijul",
            "_svn", ".cvsignore", ".gitlab-ci.yml", ".pre-commit-config.yaml",
        ),
    ),
    (
        SECRET,
        (
            # variables of processes
            ".env", ".env.*", ".env-*", ".env_*", "*.env", ".envrc", ".flaskenv",
            # logins of command lines
            ".netrc", "_netrc", ".pypirc", ".npmrc", ".yarnrc*", ".pgpass", "pgpass.conf", ".my.cnf",
            ".mylogin.cnf", ".git-credentials", ".aws", ".azure", ".gcloud", ".boto", ".s3cfg", ".ssh",
            ".gnupg", ".docker", ".dockercfg", ".dockerconfigjson", ".kube", "kubeconfig", "*.kubeconfig",
            ".databrickscfg", ".snowsql", ".kaggle", ".vault-token", ".vault_pass*", ".htpasswd",
            "*.htpasswd", ".pip", "pip.conf", ".condarc",
            # keys and key stores
            "*.key", "*.p8", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdb", "*.kdbx",
            "*.ppk", "*.keytab", "*.agekey", "*.ovpn", "id_rsa", "id_rsa[._-]*", "id_dsa", "id_dsa[._-]*",
            "id_ecdsa", "id_ecdsa[._-]*", "id_ed25519", "id_ed25519[._-]*", "*_rsa", "*_ed25519", "secring.*",
            # downloads of consoles
            "credentials", "credentials.json", "credentials.csv", "credentials.ini", "credentials.y*ml",
            "*_credentials.csv", "accesskeys.csv", "*_accesskeys.csv", "rootkey.csv", "client_secret*.json",
            "service-account*.json", "service_account*.json", "serviceaccount*.json",
            "*-service-account.json", "*_service_account.json", "application_default_credentials.json",
            "gcp-key*.json", "gcp_key*.json", "firebase-adminsdk*.json", "*.publishsettings",
            # collections of secrets
            "secret.y*ml", "secret.json", "secret.toml", "secrets.y*ml", "secrets.json", "secrets.toml",
            "secrets.ini", "secrets.env", ".secrets", ".secrets.*", "*.secrets", "passwords.txt",
            "passwords.csv", "airflow.cfg", "airflow.db", "*.tfstate", "*.tfstate.*", "*.tfvars",
            "*.tfvars.json", ".terraform", ".terraformrc", "terraform.rc", ".pulumi",
            "simple_auth_manager_passwords.json*",
            ".bash_history", ".zsh_history", ".python_history", ".psql_history", ".mysql_history",
        ),
    ),
    (
        "is a cache",
        (
            "__pycache__", "*.pyc", "*.pyo", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
            ".ipynb_checkpoints", ".tox", ".nox", ".venv", "venv", "node_modules", "bower_components",
            "*.egg-info", ".eggs", ".cache", ".coverage", ".coverage.*", ".dvc", ".gradle", ".serverless",
            ".aws-sam", "cdk.out", ".mwaactl", "__pypackages__", ".direnv", ".pixi",
        ),
    ),
    (
        "belongs to an editor or the desktop",
        (
            ".idea", ".vscode", ".vs", ".fleet", ".zed", ".editorconfig", ".project", ".pydevproject",
            ".settings", ".spyderproject", ".ropeproject", "*.iml", "*.sublime-project",
            "*.sublime-workspace",
            "*.swp", "*.swo", "*.swn", "*.swx", "*~", "#*#", ".#*", "*.orig", "*.rej", "*.bak", "*.tmp",
            ".ds_store", "._*", ".appledouble", ".spotlight-v100", ".trashes", ".fseventsd", "__macosx",
            "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", ".directory", ".nfs*", ".fuse_hidden*",
        ),
    ),
    ("is a log", ("*.log", "*.log.[0-9]", "nohup.out")),
)  # fmt: skip


@lru_cache(4096)
def ignored_because(name: str, *, folder: bool = False) -> str | None:
    """Says why a file or folder of this name is left out, or None if it is not.

    Case does not matter: `.ENV` holds what `.env` holds. A folder may be a package that is called
    `credentials`; of the names that speak for secrets only those with a dot count for folders.

    Args:
        name: Of the file or folder itself, without what stands above it.
        folder: Whether it is a folder.

    Returns:
        Completes the sentence "… is not shipped: it …"; `HIDDEN` where nothing but the dot at the beginning
        speaks against it.
    """
    folded, hidden = name.casefold(), name.startswith(".")
    if folded in _WANTED:
        return None
    known = _EXACT.get(name) or next((reason for reason, names in _names() if names.hold(folded)), None)
    if known == SECRET and folder and not hidden:
        return None
    return known or (HIDDEN if hidden else None)


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of one reason, by how they are compared: an expression for all takes longest for each file.

    Attributes:
        whole: Names without a wildcard.
        endings: What follows the `*` of those that have no other.
        others: Expression of all others; None where there are none.
    """

    whole: frozenset[str]
    endings: tuple[str, ...]
    others: re.Pattern[str] | None

    @classmethod
    def of(cls, names: Sequence[str]) -> Self:
        whole = frozenset(name for name in names if not _has_wildcard(name))
        endings = tuple(name[1:] for name in names if name[0] == "*" and not _has_wildcard(name[1:]))
        others = [name for name in names if name not in whole and name[1:] not in endings]
        return cls(whole, endings, re.compile("|".join(map(translate, others))) if others else None)

    def hold(self, name: str) -> bool:
        if name in self.whole or name.endswith(self.endings):
            return True
        return self.others is not None and self.others.match(name) is not None


@cache
def _names() -> tuple[tuple[str, _Names], ...]:
    return tuple((reason, _Names.of(names)) for reason, names in _REASONS)


def _has_wildcard(name: str) -> bool:
    return any(each in name for each in "*?[")
