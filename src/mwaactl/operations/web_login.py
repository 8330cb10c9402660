"""The address with which a browser signs in to Airflow's UI."""

from urllib.parse import urlsplit

# https://docs.aws.amazon.com/mwaa/latest/userguide/call-mwaa-apis-web.html
SIGN_IN = "/aws_mwaa/aws-console-sso?login=true"


def sign_in_url(hostname: str, token: str, endpoint_url: str | None) -> str:
    """Return the address that signs in; the token is good for 60 seconds.

    Args:
        hostname: The web server's host, with a port where it has one.
        token: A web login token.
        endpoint_url: The configured endpoint, whose scheme the web server shares; None means https.
    """
    return f"{web_address(hostname, endpoint_url)}{SIGN_IN}#{token}"


def web_address(hostname: str, endpoint_url: str | None) -> str:
    """Return the address of the web server."""
    scheme = urlsplit(endpoint_url).scheme if endpoint_url else "https"
    return f"{scheme}://{hostname}"
