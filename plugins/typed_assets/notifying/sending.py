"""Sends a message: to an SNS topic, a Slack webhook, an SMTP server. Errors never hold a secret."""

import json
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from typed_assets.notifying.message import Message

SUBMISSION_PORT = 587
_SECONDS = 10
_ENCRYPTIONS = ("starttls", "tls", "none")
_SLACK_TEXT = 2900
"""Characters of a section; Slack takes 3000: https://docs.slack.dev/reference/block-kit/blocks/section-block"""


class NotSentError(Exception):
    """A message could not be sent; says who refused it, and no address or password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """An SMTP server.

    Attributes:
        host: its name.
        port: 587 for STARTTLS, 465 for TLS from the start.
        login: None where it wants none.
        password: goes with the login.
        encryption: `starttls`, `tls` or `none`.
    """

    host: str
    port: int = SUBMISSION_PORT
    login: str | None = None
    password: str | None = field(default=None, repr=False)
    encryption: str = "starttls"


def send_to_sns(client: Any, topic_arn: str, message: Message) -> None:  # noqa: ANN401 - boto3's
    """Publish a message, with attributes that subscriptions can filter by.

    Raises:
        ClientError: AWS refuses it.
    """
    known = {"dag_id": message.dag_id, "asset": message.asset, "partition": message.partition}
    attributes = {
        name: {"DataType": "String", "StringValue": value} for name, value in known.items() if value
    }
    client.publish(
        TopicArn=topic_arn, Subject=message.subject, Message=message.text, MessageAttributes=attributes
    )


def send_to_slack(webhook: str, message: Message) -> None:
    """Post a message to an incoming webhook, whose address is a secret.

    Raises:
        NotSentError: Slack refuses it, or cannot be reached.
    """
    if not webhook.startswith(("https://", "http://")):
        problem = "the Slack webhook is no address of http; it is the password of the connection"
        raise NotSentError(problem)
    body, kind = json.dumps(slack_body(message)).encode(), {"Content-Type": "application/json"}
    try:
        request = Request(webhook, data=body, headers=kind, method="POST")  # noqa: S310 - see above
        with urlopen(request, timeout=_SECONDS):  # noqa: S310 - see above
            pass
    except HTTPError as error:
        error.close()  # it is the answer, too
        problem = f"Slack answered {error.code} to a notification"
        raise NotSentError(problem) from None  # the error holds the address
    except (URLError, OSError, HTTPException, ValueError) as error:  # one of an address holds the address
        problem = f"Slack could not be reached: {type(getattr(error, 'reason', error)).__name__}"
        raise NotSentError(problem) from None


def slack_body(message: Message) -> dict[str, Any]:
    """Return a message as Slack's blocks, with its text for notifications."""
    lines = "\n".join(f"• {_escaped(line)}" for line in message.findings) or _escaped(message.reason)
    if message.quarantined:
        lines += f"\n{message.quarantined} rows are in quarantine"
    where = f"DAG `{message.dag_id}`, run `{message.run_id}`, task `{message.task_id}`"
    link = f"\n<{message.link}|Open the run>" if message.link else ""
    body = f"*{_escaped(message.subject)}*\n{lines}"[:_SLACK_TEXT]
    return {
        "text": message.subject,
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": body}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": f"{_escaped(where)}{link}"}]},
        ],
    }


def send_mail(server: MailServer, sender: str, recipients: list[str], message: Message) -> None:
    """Send a message as mail.

    Raises:
        NotSentError: the server refuses it, or cannot be reached, or something of it is not known.
    """
    _check(server, sender)
    mail = EmailMessage()
    try:
        mail["From"], mail["To"], mail["Subject"] = sender, ", ".join(recipients), message.subject
        mail.set_content(message.text)
        with _connected(server) as connection:
            if server.login:
                connection.login(server.login, server.password or "")
            connection.send_message(mail)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        problem = (
            f"the mail server {server.host}:{server.port} did not take a notification: {type(error).__name__}"
        )
        raise NotSentError(problem) from None  # an answer of the server may hold what was sent


def _check(server: MailServer, sender: str) -> None:
    if not server.host:
        problem = "the connection names no mail server: set its host"
        raise NotSentError(problem)
    if not sender:
        problem = "a mail needs a sender: give `sender`, or `from_email` in the extra of the connection"
        raise NotSentError(problem)
    if server.encryption not in _ENCRYPTIONS:  # a misspelt one would send in the clear
        problem = f"`encryption` is one of {', '.join(_ENCRYPTIONS)}, and not `{server.encryption}`"
        raise NotSentError(problem)


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.encryption == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    if server.encryption == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection


def _escaped(text: str) -> str:
    """Return a text without what Slack takes for its own.

    https://docs.slack.dev/messaging/formatting-message-text
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
