"""The notifiers, for `on_failure_callback` of tasks and for deadlines; on Airflow 3.0 to 3.3.

Secrets are read from Airflow's connections when something is sent. Nothing of them is an attribute, because
Airflow puts attributes that are templates into the context, and may show them.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, override

from airflow.sdk import BaseNotifier, Connection

from typed_assets.building.options import option
from typed_assets.building.services import airflow_services
from typed_assets.building.versions import name_of_airflow
from typed_assets.notifying.message import Message, message_of
from typed_assets.notifying.sending import SUBMISSION_PORT, MailServer, send_mail, send_to_slack, send_to_sns

type Context = Any
"""Airflow's, a mapping."""
SLACK_CONNECTION = "slack_default"
SMTP_CONNECTION = "smtp_default"


class AssetNotifier(BaseNotifier):
    """What the notifiers have in common: the message, and that it can be awaited."""

    @override
    def notify(self, context: Context) -> None:
        """Send what there is to say of a context.

        Raises:
            NotSentError, ClientError: whoever takes it refuses; Airflow logs that.
        """
        base_url = name_of_airflow("conf").get("api", "base_url", fallback=None) or ""
        self.send(message_of(context, base_url))

    async def async_notify(self, context: Context) -> None:
        """Do the same where the triggerer awaits it, as for deadlines from Airflow 3.1 on."""
        await asyncio.to_thread(self.notify, context)

    def send(self, message: Message) -> None:
        """Send a message."""
        raise NotImplementedError


class SnsNotifier(AssetNotifier):
    """Publishes to an SNS topic.

    Args:
        topic_arn: of the topic; without it, the option `pipelines.notification_topic_arn`.
    """

    def __init__(self, topic_arn: str | None = None) -> None:
        super().__init__()
        self.topic_arn = topic_arn

    @override
    def send(self, message: Message) -> None:
        """Send a message."""
        topic = self.topic_arn or option("notification_topic_arn")
        send_to_sns(airflow_services().client("sns"), topic, message)


class SlackNotifier(AssetNotifier):
    """Posts to an incoming webhook of Slack.

    Args:
        slack_conn_id: a connection whose password is the webhook's address.
    """

    def __init__(self, slack_conn_id: str = SLACK_CONNECTION) -> None:
        super().__init__()
        self.slack_conn_id = slack_conn_id

    @override
    def send(self, message: Message) -> None:
        """Send a message."""
        send_to_slack(Connection.get(self.slack_conn_id).password or "", message)


class EmailNotifier(AssetNotifier):
    """Sends mail.

    Args:
        to: addresses.
        sender: whom it is from; without it, `from_email` in the connection's extra.
        smtp_conn_id: a connection with host, port, login and password; `encryption` in its extra is
            `starttls` without it, or `tls` or `none`.
    """

    def __init__(
        self, to: str | Iterable[str], sender: str | None = None, smtp_conn_id: str = SMTP_CONNECTION
    ) -> None:
        super().__init__()
        self.to = [to] if isinstance(to, str) else list(to)
        self.sender = sender
        self.smtp_conn_id = smtp_conn_id

    @override
    def send(self, message: Message) -> None:
        """Send a message."""
        connection = Connection.get(self.smtp_conn_id)
        extra = connection.extra_dejson
        server = MailServer(
            host=connection.host or "",
            port=connection.port or SUBMISSION_PORT,
            login=connection.login,
            password=connection.password,
            encryption=extra.get("encryption", "starttls"),
        )
        send_mail(server, self.sender or extra.get("from_email", ""), self.to, message)
