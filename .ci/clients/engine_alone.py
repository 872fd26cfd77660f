"""The stream engine alone, started for a check, and the streams in it."""

import contextlib
import pathlib
import re
import subprocess
import tempfile

import boto3
from botocore.config import Config

from harness import PENSTOCK, await_true


@contextlib.contextmanager
def engine(*options):
    """A running `penstock engine --ephemeral`: its endpoints over HTTP and TLS, and the authority to trust."""
    with tempfile.NamedTemporaryFile("r+") as output:
        process = subprocess.Popen([PENSTOCK, "engine", "--ephemeral", "--listen", "127.0.0.1:0", *options],
                                   stdout=output, stderr=subprocess.STDOUT)

        def text():
            return pathlib.Path(output.name).read_text()

        try:
            await_true("engine ready", lambda: process.poll() is not None or "ready in" in text(), 60)
            assert process.poll() is None, text()
            port = re.search(r"http://127.0.0.1:(\d+)", text()).group(1)
            authority = re.search(r"trust (\S+)", text()).group(1)
            yield f"http://127.0.0.1:{port}", f"https://localhost:{port}", authority
            process.terminate()
            assert process.wait(30) == 0, text()
            assert not pathlib.Path(authority).exists(), "an ephemeral engine leaves nothing"
        finally:
            process.kill()


def client(endpoint, **more):
    return boto3.client("kinesis", endpoint_url=endpoint, region_name="us-east-1",
                        config=Config(retries={"max_attempts": 0}), **more)


def active(kinesis, stream):
    def status():
        return kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]

    return await_true(f"{stream} ACTIVE", lambda: status()["StreamStatus"] == "ACTIVE" and status())
