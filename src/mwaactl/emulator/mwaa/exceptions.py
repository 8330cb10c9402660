"""MWAA's own errors; moto's serialiser gives each the status and members of botocore's service model."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class ValidationError(ServiceException):
    """The request is refused as it is."""

    code = "ValidationException"


class EnvironmentNotFoundError(ServiceException):
    """No environment, or none that can answer."""

    code = "ResourceNotFoundException"


class AccessDeniedError(ServiceException):
    """The caller's policies do not allow the action."""

    code = "AccessDeniedException"


class ServiceUnavailableError(ServiceException):
    """The emulator itself lacks something, such as a free port."""

    code = "ServiceUnavailableException"


class RestApiError(ServiceException):
    """Airflow's REST API answered with an error; both kinds travel as HTTP 400.

    Attributes:
        RestApiStatusCode: The HTTP status that Airflow gave.
        RestApiResponse: Airflow's JSON, or an object with one `message`.
    """

    def __init__(self, status: int, response: object) -> None:
        super().__init__(f"Airflow's REST API answered {status}")
        self.RestApiStatusCode = status
        self.RestApiResponse = response


class RestApiClientError(RestApiError):
    """Airflow answered 4xx."""

    code = "RestApiClientException"


class RestApiServerError(RestApiError):
    """Airflow answered 5xx, too late, too much, or not at all."""

    code = "RestApiServerException"
