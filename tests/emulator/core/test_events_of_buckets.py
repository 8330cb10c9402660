"""What a bucket tells functions, queues and topics, and whom it may not tell."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"


def let_s3_send(unique: str, action: str, arn: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": action,
        "Resource": arn,
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{unique}"},
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Inbox:
    """A queue, and the records that came to it."""

    def __init__(self, sqs: Any, name: str) -> None:
        self._sqs = sqs
        self.url = sqs.create_queue(QueueName=name)["QueueUrl"]
        self.arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{name}"

    def admit(self, policy: str) -> None:
        self._sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": policy})

    def take(self) -> dict[str, Any]:
        found = self._sqs.receive_message(QueueUrl=self.url, WaitTimeSeconds=10)["Messages"][0]
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=found["ReceiptHandle"])
        body: dict[str, Any] = json.loads(found["Body"])
        return body

    def record(self) -> tuple[str, str]:
        (record,) = self.take()["Records"]
        return record["eventName"], record["s3"]["object"]["key"]

    def is_empty(self) -> bool:
        return "Messages" not in self._sqs.receive_message(QueueUrl=self.url)


@pytest.fixture
def inbox(aws: Any, unique: str) -> Inbox:
    aws("s3").create_bucket(Bucket=unique)
    made = Inbox(aws("sqs"), unique)
    made.admit(let_s3_send(unique, "sqs:SendMessage", made.arn))
    return made


def notify(aws: Any, bucket: str, arn: str, *events: str, **filters: str) -> None:
    rules = [{"Name": name, "Value": value} for name, value in filters.items()]
    rule = {"QueueArn": arn, "Events": list(events), "Filter": {"Key": {"FilterRules": rules}}}
    aws("s3").put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={"QueueConfigurations": [rule if rules else rule | {"Filter": {}}]},
    )


def test_queue_gets_a_test_and_then_each_event_once(aws: Any, unique: str, inbox: Inbox) -> None:
    s3 = aws("s3")
    notify(aws, unique, inbox.arn, "s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*")
    assert inbox.take()["Event"] == "s3:TestEvent"

    s3.put_object(Bucket=unique, Key="in/a b.csv", Body=b"1", Tagging="k=v")
    assert inbox.record() == ("ObjectCreated:Put", "in/a+b.csv")
    s3.copy_object(Bucket=unique, Key="copy", CopySource={"Bucket": unique, "Key": "in/a b.csv"})
    assert inbox.record() == ("ObjectCreated:Copy", "copy")
    upload = s3.create_multipart_upload(Bucket=unique, Key="parts")["UploadId"]
    part = s3.upload_part(Bucket=unique, Key="parts", UploadId=upload, PartNumber=1, Body=b"1")
    s3.complete_multipart_upload(
        Bucket=unique,
        Key="parts",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    assert inbox.record() == ("ObjectCreated:CompleteMultipartUpload", "parts")
    s3.put_object_tagging(Bucket=unique, Key="copy", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
    assert inbox.record() == ("ObjectTagging:Put", "copy")
    s3.delete_object(Bucket=unique, Key="copy")
    assert inbox.record() == ("ObjectRemoved:Delete", "copy")
    assert inbox.is_empty()


def test_bucket_with_versions_tells_markers_from_deletions(aws: Any, unique: str, inbox: Inbox) -> None:
    s3 = aws("s3")
    s3.put_bucket_versioning(Bucket=unique, VersioningConfiguration={"Status": "Enabled"})
    notify(aws, unique, inbox.arn, "s3:ObjectRemoved:*", prefix="in/", suffix=".csv")
    inbox.take()
    version = s3.put_object(Bucket=unique, Key="in/a.csv", Body=b"1")["VersionId"]
    for key in ("in/a.txt", "out/a.csv"):
        s3.put_object(Bucket=unique, Key=key, Body=b"1")
        s3.delete_object(Bucket=unique, Key=key)

    marker = s3.delete_object(Bucket=unique, Key="in/a.csv")["VersionId"]
    (record,) = inbox.take()["Records"]
    s3.delete_object(Bucket=unique, Key="in/a.csv", VersionId=version)
    (deleted,) = inbox.take()["Records"]

    assert record["eventName"] == "ObjectRemoved:DeleteMarkerCreated"
    assert record["s3"]["object"]["versionId"] == marker
    assert (deleted["eventName"], deleted["s3"]["object"]["versionId"]) == ("ObjectRemoved:Delete", version)
    assert inbox.is_empty()


def test_topic_passes_the_record_on(aws: Any, unique: str, inbox: Inbox) -> None:
    sns, s3 = aws("sns"), aws("s3")
    topic = sns.create_topic(Name=unique)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=inbox.arn)
    policy = let_s3_send(unique, "sns:Publish", topic)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    rule = {"TopicArn": topic, "Events": ["s3:ObjectCreated:Put"]}
    s3.put_bucket_notification_configuration(
        Bucket=unique, NotificationConfiguration={"TopicConfigurations": [rule]}
    )
    assert json.loads(inbox.take()["Message"])["Event"] == "s3:TestEvent"

    s3.put_object(Bucket=unique, Key="a", Body=b"1")

    found = inbox.take()
    assert found["Subject"] == "Amazon S3 Notification"
    assert json.loads(found["Message"])["Records"][0]["s3"]["object"]["key"] == "a"


@pytest.mark.parametrize("events", [("s3:ObjectCreated:Put",), ("s3:ObjectCreated:*", "s3:ObjectRemoved:*")])
def test_queue_that_does_not_let_s3_send_is_refused(aws: Any, unique: str, events: tuple[str, ...]) -> None:
    aws("s3").create_bucket(Bucket=unique)
    closed = Inbox(aws("sqs"), unique)

    for arn in (closed.arn, f"{closed.arn}-absent"):
        with pytest.raises(ClientError, match="Unable to validate the following destination configurations"):
            notify(aws, unique, arn, *events)
    closed.admit(let_s3_send("another", "sqs:SendMessage", closed.arn))
    with pytest.raises(ClientError, match="InvalidArgument"):
        notify(aws, unique, closed.arn, *events)
    found = aws("s3").get_bucket_notification_configuration(Bucket=unique)
    assert "QueueConfigurations" not in found


def test_queue_that_closes_later_gets_nothing_more(aws: Any, unique: str, inbox: Inbox) -> None:
    notify(aws, unique, inbox.arn, "s3:ObjectCreated:Put")
    inbox.take()
    inbox.admit("")
    aws("s3").put_object(Bucket=unique, Key="a", Body=b"1")
    time.sleep(0.3)

    assert inbox.is_empty()


def test_rules_that_want_the_same_object_are_refused(aws: Any, unique: str, inbox: Inbox) -> None:
    rules = [
        {"QueueArn": inbox.arn, "Events": [event]} for event in ("s3:ObjectCreated:*", "s3:ObjectCreated:Put")
    ]
    with pytest.raises(ClientError, match="Configuration is ambiguously defined"):
        aws("s3").put_bucket_notification_configuration(
            Bucket=unique, NotificationConfiguration={"QueueConfigurations": rules}
        )
