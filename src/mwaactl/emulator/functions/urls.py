"""Where moto looks for the addresses of the backend in `models.py`: they are Lambda's own."""

from moto.awslambda.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
