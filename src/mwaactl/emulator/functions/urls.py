"""Where moto looks for the addresses of the backend in `models.py`: they are Lambda's own."""

from moto.awslambda.urls import url_bases
from moto.awslambda.urls import url_paths as lambda_paths

from mwaactl.emulator.functions.responses import FunctionResponse

url_paths = dict.fromkeys(lambda_paths, FunctionResponse.dispatch)

__all__ = ["url_bases", "url_paths"]
