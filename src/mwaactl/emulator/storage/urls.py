"""The addresses of S3, where moto looks for those of a backend: beside its module."""

from moto.s3.urls import url_bases
from moto.s3.urls import url_paths as moto_paths

from mwaactl.emulator.storage.responses import ListingS3Response

__all__ = ["url_bases", "url_paths"]

url_paths = {path: getattr(ListingS3Response, handler.__name__) for path, handler in moto_paths.items()}
