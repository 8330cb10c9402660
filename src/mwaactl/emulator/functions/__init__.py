"""AWS Lambda of the emulator: handlers from the deployed zip in warm processes of their own.

moto keeps the API and the functions' configuration; its backend class is replaced by one whose functions run
(`models.py`). An invocation becomes a `FunctionDefinition`, gets a warm process from the pool or a new one,
and ends as an `Outcome`; START, END and REPORT lines and what the handler wrote go to CloudWatch Logs.
"""

from mwaactl.emulator.functions.installation import install

__all__ = ["install"]
