"""The agent's Kinesis API with signed calls: boto3, the AWS CLI and the AWS SDK for JavaScript, plain and over TLS.

Called by check.py; by itself: python3 .ci/clients/kinesis_api.py
"""

import base64
import contextlib
import functools
import json
import pathlib
import tempfile
import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from harness import Agent, agent, await_records, await_true, check, finish, read_stream, run

CLIENTS = pathlib.Path(__file__).parent
KEY, SECRET = "PRESS17", "a/secret+of=signs and spaces"
PLAIN = "http://127.0.0.1:4568"
SECURE = "https://localhost:4568"


def configuration(folder, more=""):
    file = pathlib.Path(folder) / "clients.credentials"
    file.write_text(f"[press-17]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    file.chmod(0o600)
    return f"""
kinesis-api:
  listen: "127.0.0.1:4568"
  auth: sigv4
  credentials-file: {file}
{more}"""


def client(endpoint, ca=None, key=KEY, secret=SECRET):
    return boto3.client("kinesis", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id=key,
                        aws_secret_access_key=secret, verify=ca and str(ca),
                        config=Config(retries={"max_attempts": 0}, read_timeout=30))


def refused(kind, kinesis):
    try:
        kinesis.put_record(StreamName="refused", PartitionKey="k", Data=b"no")
    except ClientError as error:
        assert error.response["Error"]["Code"] == kind, error
        return
    raise AssertionError(f"not refused with {kind}")


def put_with_boto(endpoint, ca):
    kinesis = client(endpoint, ca)
    one = [bytes(range(256)) * 4, b"", b"\xff\xfe\x00", b'{"a":1}', b"\x00" * 200_000]
    for data in one:
        kinesis.put_record(StreamName="boto", PartitionKey="Schlüssel", Data=data)
    many = [bytes([n % 256]) * n for n in range(500)]
    answer = kinesis.put_records(StreamName="boto", Records=[
        {"PartitionKey": f"k{n}", "Data": data, **({"ExplicitHashKey": str(2 ** 128 - 1)} if n % 2 else {})}
        for n, data in enumerate(many)])
    assert answer["FailedRecordCount"] == 0, answer
    # Read through the agent, too, which passes the calls on and signs them anew.
    assert sorted(await_records("boto", 505, kinesis)) == sorted(one + many)


@functools.cache
def of_version_2():
    return b"aws-cli/2" in run("aws", "--version")


def put_with_cli(endpoint, ca, folder):
    def aws(*arguments, secret=SECRET, status=0):
        trust = ["--ca-bundle", ca] if ca else []
        return run("aws", "kinesis", "--endpoint-url", endpoint, "--region", "eu-central-1", "--output", "json", *trust,
                   *arguments, env={"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": secret,
                                    "AWS_MAX_ATTEMPTS": "1"}, status=status)

    blob = folder / "blob"
    blob.write_bytes(bytes(range(256)))
    one = ["put-record", "--stream-name", "cli", "--partition-key", "k", "--data", f"fileb://{blob}"]
    assert json.loads(aws(*one))["ShardId"].startswith("shardId-")
    both = folder / "records.json"
    records = ["Grüße ☂".encode(), b"[]"]
    # Version 2 takes Base64 here, version 1 the text.
    written = [base64.b64encode(data) if of_version_2() else data for data in records]
    both.write_text(json.dumps([{"Data": data.decode(), "PartitionKey": "k"} for data in written]))
    answer = json.loads(aws("put-records", "--stream-name", "cli", "--records", f"file://{both}"))
    assert answer["FailedRecordCount"] == 0, answer
    aws(*one, secret="a guess", status=254 if of_version_2() else 255)
    assert sorted(await_records("cli", 3)) == sorted([blob.read_bytes(), *records])


def put_with_javascript(endpoint, ca):
    sent = json.loads(run("node", CLIENTS / "kinesis-api.mjs", endpoint, "javascript", KEY, SECRET,
                          env={"NODE_EXTRA_CA_CERTS": str(ca)} if ca else None))
    assert len(sent) == 101
    assert sorted(await_records("javascript", 101)) == sorted(map(base64.b64decode, sent))


def put_with_all(endpoint, ca, folder):
    put_with_boto(endpoint, ca)
    put_with_cli(endpoint, ca, folder)
    put_with_javascript(endpoint, ca)
    refused("InvalidSignatureException", client(endpoint, ca, secret="a guess"))
    refused("UnrecognizedClientException", client(endpoint, ca, key="PRESS18"))
    assert read_stream("refused") == []


@check("the agent's Kinesis API, signed: boto3, AWS CLI, AWS SDK for JavaScript, byte for byte")
def plain():
    with tempfile.TemporaryDirectory() as folder, agent(configuration(folder)):
        put_with_all(PLAIN, None, pathlib.Path(folder))


@check("the agent's Kinesis API, signed, over TLS: the same clients")
def encrypted():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "key.pem", "-out",
            folder / "cert.pem")
        with agent(configuration(folder, f"  tls: {{certificate: {folder}/cert.pem, key: {folder}/key.pem}}\n")):
            put_with_all(SECURE, folder / "cert.pem", folder)


@contextlib.contextmanager
def putting():
    """Puts without a pause, also while the agent is away; yields the acknowledged data, which grows."""
    acknowledged, ending = [], threading.Event()

    def load():
        kinesis, call = client(PLAIN), 0
        while not ending.is_set():
            call += 1
            data = [f"call {call} record {n}".encode() for n in range(50)]
            try:
                answer = kinesis.put_records(StreamName="load", Records=[
                    {"PartitionKey": f"k{n}", "Data": each} for n, each in enumerate(data)])
            except (BotoCoreError, ClientError):
                time.sleep(0.05)  # the agent is away: no part of the call is acknowledged
                continue
            acknowledged.extend(each for each, entry in zip(data, answer["Records"]) if "ErrorCode" not in entry)

    thread = threading.Thread(target=load)
    thread.start()
    try:
        yield acknowledged
    finally:
        ending.set()
        thread.join()


@check("boto3 into the agent's Kinesis API: kill -9 loses nothing that was acknowledged")
def killed():
    with tempfile.TemporaryDirectory() as folder:
        config = configuration(folder)
        running = Agent(folder, config).await_ready()
        try:
            with putting() as acknowledged:
                await_true("records are acknowledged", lambda: len(acknowledged) > 1000)
                running.process.kill()
                running.process.wait()
                running = Agent(folder, config).await_ready()
                before = len(acknowledged)
                await_true("records are acknowledged after the restart", lambda: len(acknowledged) > before)
            wanted = set(acknowledged)
            await_true(f"all of {len(wanted)} acknowledged records", lambda: wanted <= set(read_stream("load")))
            running.stop()
        finally:
            running.process.kill()


if __name__ == "__main__":
    finish()
