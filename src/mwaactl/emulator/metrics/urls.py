"""The addresses of CloudWatch, where moto looks for those of a backend: beside its module."""

from moto.cloudwatch.urls import url_bases
from moto.cloudwatch.urls import url_paths as cloudwatch_paths

from mwaactl.emulator.metrics.responses import MetricsResponse

url_paths = dict.fromkeys(cloudwatch_paths, MetricsResponse.dispatch)

__all__ = ["url_bases", "url_paths"]
