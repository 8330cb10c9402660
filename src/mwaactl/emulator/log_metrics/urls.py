"""The addresses of CloudWatch Logs, where moto looks for those of a backend: beside its module."""

from moto.logs.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
