"""The addresses of S3, where moto looks for those of a backend: beside its module."""

from moto.s3.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
