"""The addresses of EventBridge, where moto looks for those of a backend: beside its module."""

from moto.events.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
