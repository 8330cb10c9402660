"""The addresses of Step Functions, where moto looks for those of a backend: beside its module."""

from moto.stepfunctions.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
