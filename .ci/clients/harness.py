"""Starts the real agent for a check, reads streams back with boto3, and counts what passed."""

import base64
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import boto3
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
PENSTOCK = os.environ.get("PENSTOCK", str(ROOT / "agent/bin/penstock"))  # or that of an installed package
DUMMY = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": "us-east-1",
         "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": ""}
os.environ.update(DUMMY)

passed, flaky, failed = [], [], []


def check(name):
    """Runs the decorated function at once as one check.

    One that fails runs once more, as Maven's tests do: passing then it is listed as flaky, a fault to be mended that says
    nothing about the change at hand.
    """

    def run(function):
        for attempt in (1, 2):
            started = time.monotonic()
            try:
                function()
                (passed if attempt == 1 else flaky).append(name)
                print(f"ok   {name} ({time.monotonic() - started:.1f} s)", flush=True)
                break
            except Exception:
                print(f"FAIL {name}", flush=True)
                traceback.print_exc()
        else:
            failed.append(name)
        return function

    return run


def finish(others=0):
    """Ends the process: with 0 when all checks passed, and those of another process that ended with `others`."""
    for name in flaky:
        print(f"FLAKY {name}", flush=True)
    print(f"{len(passed)} passed, {len(flaky)} flaky, {len(failed)} failed", flush=True)
    sys.exit(1 if failed or others else 0)


def await_true(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class Agent:
    """One running `penstock run`; what it printed is in `output`."""

    def __init__(self, folder, config=None, prefix=(), arguments=()):
        self.folder = pathlib.Path(folder)
        self.log = self.folder / f"agent-{time.monotonic_ns()}.log"
        command = [*prefix, PENSTOCK, "run", "--data", str(self.folder / "data"), *arguments]
        if config is not None:
            file = self.folder / "penstock.yaml"
            file.write_text(config)
            command += ["--config", str(file)]
        self.process = subprocess.Popen(command, stdout=open(self.log, "wb"), stderr=subprocess.STDOUT)

    @property
    def output(self):
        return self.log.read_text(errors="replace")

    def await_ready(self, seconds=120):
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"exited with {self.process.returncode}:\n{self.output}")
            return re.search(r"ready in ([\d,.]+) ms", self.output)

        await_true("ready\n" + self.output, ready, seconds)
        return self

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        assert status == 0, f"exit status {status}:\n{self.output}"


@contextlib.contextmanager
def agent(config=None, **options):
    folder = tempfile.mkdtemp(prefix="penstock-check-")
    running = Agent(folder, config, **options)
    try:
        yield running.await_ready()
        running.stop()
    except BaseException:
        print(running.output[-6000:], file=sys.stderr)
        raise
    finally:
        running.process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def kinesis(endpoint="http://127.0.0.1:4567"):
    return boto3.client("kinesis", endpoint_url=endpoint, region_name="us-east-1",
                        config=Config(retries={"max_attempts": 1}))


def read_stream(stream, client=None):
    """Every record's data, from every shard."""
    client = client or kinesis()
    try:
        return [data for shard in client.list_shards(StreamName=stream)["Shards"]
                for data in read_shard(stream, shard["ShardId"], client)]
    except (client.exceptions.ResourceNotFoundException, client.exceptions.ResourceInUseException):
        return []  # not made yet, or being made


def read_shard(stream, shard, client):
    data = []
    iterator = client.get_shard_iterator(StreamName=stream, ShardId=shard,
                                         ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    while iterator:
        page = client.get_records(ShardIterator=iterator)
        data += [record["Data"] for record in page["Records"]]
        if page["MillisBehindLatest"] == 0 and not page["Records"]:
            break
        iterator = page.get("NextShardIterator")
    return data


def await_records(stream, count, client=None):
    """All records of the stream once there are `count`; more than that is a mistake, too."""
    found = await_true(f"{count} records in {stream}",
                       lambda: (lambda records: records if len(records) >= count else None)(
                           read_stream(stream, client)))
    assert len(found) == count, f"{len(found)} records in {stream}, expected {count}"
    return found


def run(*command, stdin=None, env=None, status=0):
    """The standard output of a command that must end with `status`."""
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=120, env={**os.environ, **(env or {})})
    assert done.returncode == status, (
        f"{' '.join(map(str, command))}: exit status {done.returncode}\n{done.stdout.decode()}\n{done.stderr.decode()}")
    return done.stdout
