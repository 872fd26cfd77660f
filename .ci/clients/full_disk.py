"""Clients of other authors while the agent's disk is full, with kill -9 of the agent: what was acknowledged is in the
stream, what was refused is there whole or not at all, and input goes on when there is room.

    FLUENT_BIT=/opt/fluent-bit/bin/fluent-bit FLUENTD=fluentd python3 .ci/clients/full_disk.py [NAME...]

NAME is curl, boto3, fluent-bit or fluentd (both with their forward outputs); all unless told. They run at once. The data
folder is a tmpfs of 24 MiB, so this runs as root. Two minutes; ports 4568, 4577, 9880, 9891 and 24224.
"""

import collections
import contextlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from harness import PENSTOCK, Agent, await_true, check, finish, kinesis, read_stream

ENGINE, ADMIN = "http://127.0.0.1:4577", "http://127.0.0.1:9891"
CONFIG = f"""
kinesis: {{endpoint: "{ENGINE}", region: us-east-1}}
mqtt: {{listen: []}}
log4j: {{listen: []}}
forward: {{listen: ["127.0.0.1:24224"]}}
http: {{listen: ["127.0.0.1:9880"]}}
kinesis-api: {{listen: ["127.0.0.1:4568"]}}
admin: {{listen: "127.0.0.1:9891"}}
spool: {{reserve: 0}}
routes:
  - {{match: "forward:fluent-bit", stream: fluent-bit}}
  - {{match: "forward:fluentd", stream: fluentd}}
"""
LINES = [f"line {n} Grüße {'x' * 900}" for n in range(12_000)]


class Puts:
    """Calls of `put(identity, number of records)` in several threads; it returns what the client was told."""

    def __init__(self, name, put, threads=3):
        self.name, self.put, self.ended = name, put, threading.Event()
        self.acknowledged, self.refused, self.unanswered = {}, {}, {}
        self.told = collections.Counter()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(threads)]
        for thread in self.threads:
            thread.start()

    def run(self, thread):
        choice = random.Random(thread)
        call = 0
        while not self.ended.is_set():
            call += 1
            identity, records = f"{thread}-{call}", choice.choice([1, 5, 20, 60])
            answer, text = self.put(identity, records)
            with self.lock:
                self.told[text] += 1
                kept = {True: self.acknowledged, False: self.refused, None: self.unanswered}[answer]
                kept[identity] = records
            if not answer:
                time.sleep(0.05)

    def compare(self):
        self.ended.set()
        for thread in self.threads:
            thread.join(120)

        def missing():
            found = collections.Counter()
            for data in set(read_stream(self.name, kinesis(ENGINE))):
                record = json.loads(data)
                found[record["call"]] += 1
            lost = [call for call, records in self.acknowledged.items() if found[call] < records]
            return None if lost else found

        found = await_true(f"all that {self.name} was told is stored", missing, 120)
        partly = [call for call, records in self.refused.items() if 0 < found[call] < records]
        assert not partly, f"refused and stored in part: {partly[:5]}"
        whole = sum(found[call] > 0 for call in self.refused)
        torn = sum(0 < found[call] < records for call, records in self.unanswered.items())
        print(f"     {self.name}: {len(self.acknowledged)} calls acknowledged, none missing; {len(self.refused)} refused, "
              f"{whole} of them stored; {len(self.unanswered)} without an answer, {torn} of them in part; {dict(self.told)}", flush=True)


def curl(folder):
    def put(identity, records):
        body = "".join(json.dumps({"call": identity, "n": n, "text": "x" * 2000}) + "\n" for n in range(records))
        done = subprocess.run(
            ["curl", "-s", "-m", "90", "-o", "/dev/null", "-w", "%{http_code}", "-H", "content-type: application/x-ndjson",
             "--data-binary", "@-", "http://127.0.0.1:9880/v1/streams/curl/records"], input=body.encode(), capture_output=True)
        status = done.stdout.decode()
        return (None, "no answer") if status == "000" else (status == "200", status)

    return Puts("curl", put)


def boto(folder):
    client = boto3.client("kinesis", endpoint_url="http://127.0.0.1:4568", region_name="us-east-1",
                          config=Config(retries={"max_attempts": 0}, read_timeout=90))

    def put(identity, records):
        entries = [{"Data": json.dumps({"call": identity, "n": n, "text": "x" * 2000}), "PartitionKey": f"{identity}-{n}"}
                   for n in range(records)]
        try:
            answer = client.put_records(StreamName="boto3", Records=entries)
            assert answer["FailedRecordCount"] == 0, answer
            return True, "stored"
        except ClientError as error:
            return False, error.response["Error"]["Code"]
        except BotoCoreError:
            return None, "no answer"

    return Puts("boto3", put)


class Tailing:
    """A program that sends the lines of a file and keeps them until they are acknowledged."""

    def __init__(self, name, field, command, configuration, folder):
        self.name, self.field, self.log = name, field, folder / f"{name}.log"
        lines = folder / f"{name}.lines"
        lines.write_text("".join(line + "\n" for line in LINES), encoding="utf-8")
        file = folder / f"{name}.conf"
        file.write_text(configuration.format(file=lines, folder=folder))
        self.program = subprocess.Popen([*command, "-c", str(file)], stdout=open(self.log, "wb"), stderr=subprocess.STDOUT)

    def compare(self):
        def all_there():
            found = [json.loads(data)[self.field] for data in read_stream(self.name, kinesis(ENGINE))]
            return found if set(LINES) <= set(found) else None

        found = await_true(f"all lines of {self.name} are stored", all_there, 240)
        self.program.terminate()
        self.program.wait(60)
        print(f"     {self.name}: {len(LINES)} lines, none missing; {len(found) - len(LINES)} twice", flush=True)


def fluent_bit(folder):
    return Tailing("fluent-bit", "log", [os.environ.get("FLUENT_BIT", "fluent-bit")], """
[SERVICE]
    flush 0.2
    scheduler.base 1
    scheduler.cap 2
[INPUT]
    name tail
    path {file}
    tag fluent-bit
    read_from_head true
    mem_buf_limit 4M
[OUTPUT]
    name forward
    match *
    host 127.0.0.1
    port 24224
    require_ack_response true
    retry_limit no_limits
""", folder)


def fluentd(folder):
    return Tailing("fluentd", "message", [*os.environ.get("FLUENTD", "fluentd").split(), "--no-supervisor"], """
<source>
  @type tail
  path {file}
  pos_file {folder}/pos
  tag fluentd
  encoding utf-8
  read_from_head true
  <parse>
    @type none
  </parse>
</source>
<match fluentd>
  @type forward
  require_ack_response true
  compress gzip
  heartbeat_type none
  <server>
    host 127.0.0.1
  </server>
  <buffer>
    @type file
    path {folder}/buffer
    chunk_limit_size 1m
    flush_interval 1s
    flush_thread_count 2
    retry_forever true
    retry_type periodic
    retry_wait 1s
  </buffer>
</match>
""", folder)


CLIENTS = {"curl": curl, "boto3": boto, "fluent-bit": fluent_bit, "fluentd": fluentd}


def ask(path):
    try:
        with urllib.request.urlopen(ADMIN + path, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


@contextlib.contextmanager
def small_disk(folder):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def kill(agent):
    agent.process.kill()
    agent.process.wait()


def full_disk(names):
    with tempfile.TemporaryDirectory() as name, small_disk(pathlib.Path(name) / "data"):
        folder = pathlib.Path(name)
        agent, engine, clients = Agent(folder, CONFIG).await_ready(), None, []
        try:
            clients = [CLIENTS[each](folder) for each in names]
            await_true("the disk is full", lambda: ask("/readyz")[0] == 503 and "disk-full" in ask("/readyz")[1], 120)
            for seconds in (8, 3):
                time.sleep(seconds)  # the clients go on while there is no room
                kill(agent)
                agent = Agent(folder, CONFIG).await_ready()
                assert ask("/livez")[0] == 200, "the agent does not live on a full disk"
            time.sleep(5)
            streams = [option for each in names for option in ("--stream", f"{each}:1")]
            engine = subprocess.Popen([PENSTOCK, "engine", "--listen", "127.0.0.1:4577", "--ephemeral", *streams],
                                      stdout=open(folder / "engine.log", "wb"), stderr=subprocess.STDOUT)
            await_true("there is room again", lambda: ask("/readyz")[0] == 200, 120)
            for client in clients:
                if isinstance(client, Puts):
                    before = len(client.acknowledged)
                    await_true(f"{client.name} goes on", lambda: len(client.acknowledged) > before + 20)
            kill(agent)
            agent = Agent(folder, CONFIG).await_ready()
            time.sleep(3)
            for client in clients:
                client.compare()
            agent.stop()
        except BaseException:
            print(agent.output[-4000:], file=sys.stderr)
            for client in clients:
                if isinstance(client, Tailing):
                    print(client.log.read_text(errors="replace")[-3000:], file=sys.stderr)
            raise
        finally:
            for client in clients:
                client.ended.set() if isinstance(client, Puts) else client.program.kill()
            kill(agent)
            if engine:
                engine.kill()
                engine.wait()


if __name__ == "__main__":
    chosen = sys.argv[1:] or list(CLIENTS)
    check(f"{', '.join(chosen)}: a full disk and kill -9 lose nothing that was acknowledged")(lambda: full_disk(chosen))
    finish()
