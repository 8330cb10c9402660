"""Sessions of boto3 that read the descriptions of services once in a process."""

from functools import cache
from typing import Any

import boto3
import botocore.session
from botocore.loaders import Loader, create_loader


class _SharingLoader(Loader):
    """A loader with a search path of its own, since boto3 appends to it, and with what others have read."""

    def __init__(self, like: Loader) -> None:
        paths = list(like.search_paths)
        super().__init__(extra_search_paths=paths, include_default_search_paths=False)
        self._cache = _read(*paths)  # what botocore's `instance_cache` keeps


@cache
def _read(*paths: str) -> dict[Any, Any]:
    """Return what has been read along a search path, to be added to."""
    del paths
    return {}


def new_session() -> Any:  # noqa: ANN401 - boto3's session
    """Return a new session, which finds descriptions of services where boto3's own sessions do.

    These are the folders of the option `data_path`, or of `AWS_DATA_PATH`, and botocore's.
    https://docs.aws.amazon.com/boto3/latest/guide/loaders.html
    """
    core: Any = botocore.session.get_session()
    loader = create_loader(core.get_config_variable("data_path"))
    core.register_component("data_loader", _SharingLoader(loader))
    return boto3.session.Session(botocore_session=core)
