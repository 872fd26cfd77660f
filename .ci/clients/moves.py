"""Moves to Penstock as docs/move.md tells it: runs what is moved from, then Penstock with the same input, and compares.

    FLUENT_BIT=/opt/fluent-bit/bin/fluent-bit KINESIS_AGENT=/opt/kinesis-agent python3 .ci/clients/moves.py [NAME...]

NAME is fluent-bit, kinesis-agent, kinesalite or kinesis-mock; all unless told. The configurations are those of the page, with
ports and folders of this machine. KINESIS_AGENT is its source tree, built: `mvn -Dmaven.test.skip package
dependency:copy-dependencies -DoutputDirectory=lib` in github.com/awslabs/amazon-kinesis-agent; kinesalite and kinesis-local come from npm. Ports 4567, 4568, 9890, 24224 and above
28560 must be free.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from harness import DUMMY, PENSTOCK, ROOT, agent, await_records, await_true, check, finish, kinesis, read_stream, run

PAGE = (ROOT / "docs/move.md").read_text(encoding="utf-8")
LINES = [f'line {n} "Grüße"' for n in range(500)]
EMBEDDED = "kinesis: {endpoint: embedded}\nmqtt: {listen: []}\nlog4j: {listen: []}\nhttp: {listen: []}\n"


def block(section, kind, which=0):
    """The fenced text of a section of the page."""
    text = re.search(rf"^## {re.escape(section)}$(.*?)(?=^## |\Z)", PAGE, re.M | re.S).group(1)
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)[which]


def here(text):
    """The configuration of the page with the embedded engine for its target."""
    return text.replace("kinesis: {endpoint: aws, region: us-east-1}\n", EMBEDDED)


@contextlib.contextmanager
def process(*command, env=None, cwd=None, log):
    running = subprocess.Popen(list(map(str, command)), env={**os.environ, **(env or {})}, cwd=cwd,
                               stdout=open(log, "wb"), stderr=subprocess.STDOUT)
    try:
        yield running
    except BaseException:
        print(pathlib.Path(log).read_text(errors="replace")[-3000:], file=sys.stderr)
        raise
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()


def answers(client):
    try:
        client.list_streams()
        return True
    except Exception:
        return False


def fluent_bit(folder):
    source = folder / "app.log"
    source.write_text("".join(line + "\n" for line in LINES), encoding="utf-8")

    def fluent_bit_with(output, name):
        config = folder / f"{name}.conf"
        config.write_text(f"[SERVICE]\n    Flush 0.2\n[INPUT]\n    Name tail\n    Path {source}\n    Read_from_Head true\n"
                          + output)
        return process(os.environ.get("FLUENT_BIT", "fluent-bit"), "-c", config, log=folder / f"{name}.log")

    with agent(EMBEDDED) as running:
        authority = running.folder / "data/engine/tls/ca.pem"
        # Beside what the page has: this endpoint in place of Amazon's.
        before = block("From Fluent Bit's kinesis output", "ini") + (
            f"    endpoint     localhost\n    port         4567\n    tls.ca_file  {authority}\n")
        kinesis().create_stream(StreamName="app", ShardCount=1)
        with fluent_bit_with(before, "before"):
            wanted = await_records("app", len(LINES))
    with agent(here(block("From Fluent Bit's kinesis output", "yaml"))):
        with fluent_bit_with(block("From Fluent Bit's kinesis output", "ini", 1), "after"):
            found = await_records("app", len(LINES))
    assert sorted(found) == sorted(wanted), (found[:2], wanted[:2])


def kinesis_agent(folder):
    jars = os.environ["KINESIS_AGENT"]
    logs = folder / "logs"
    logs.mkdir()
    config = json.loads(block("From the Kinesis Agent", "json", 1))
    config["flows"][0].update(filePattern=f"{logs}/*.log", initialPosition="START_OF_FILE")
    config.update(awsAccessKeyId="any", awsSecretAccessKey="any", checkpointFile=str(folder / "checkpoints"))
    (folder / "agent.json").write_text(json.dumps(config))
    (logs / "app.log").write_text("".join(line + "\n" for line in LINES), encoding="utf-8")
    with agent(here(block("From the Kinesis Agent", "yaml"))):
        with process("java", "-cp", ":".join(f"{jars}/{part}" for part in ("*", "lib/*", "target/*", "src")),
                     "com.amazon.kinesis.streaming.agent.Agent", "-c", folder / "agent.json",
                     log=folder / "output.log"):
            found = await_records("app", len(LINES))
    assert sorted(data.decode().rstrip("\n") for data in found) == sorted(LINES), found[:2]


def exported_and_seeded(folder, client, endpoint):
    """Records of another engine in ours, by the lines of the page."""
    for n in range(200):
        client.put_record(StreamName="orders", PartitionKey=f"key {n}", Data=LINES[n].encode())
    export = block("From kinesalite", "sh", 2).replace("http://127.0.0.1:4567", endpoint)
    lines = run("bash", "-c", export.replace("penstock", PENSTOCK, 1).replace("> orders.ndjson", ""))
    (folder / "orders.ndjson").write_bytes(lines)
    command = block("From kinesalite", "sh", 3).replace("penstock", f"exec {PENSTOCK}", 1)
    with process("bash", "-c", command, cwd=folder, log=folder / "engine.log"):
        ours = kinesis()
        await_true("the engine", lambda: answers(ours))
        await_true("the records", lambda: len(read_stream("orders", ours)) == 200)
        assert sorted(records(ours)) == sorted((f"key {n}", LINES[n].encode()) for n in range(200))


def records(client):
    found = []
    for shard in client.list_shards(StreamName="orders")["Shards"]:
        iterator = client.get_shard_iterator(StreamName="orders", ShardId=shard["ShardId"],
                                             ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        found += [(r["PartitionKey"], r["Data"]) for r in client.get_records(ShardIterator=iterator)["Records"]]
    return found


def npm(package):
    folder = pathlib.Path(os.environ.get("MOVES_NPM", "/tmp/penstock-moves-npm"))
    if not (folder / "node_modules" / package.split("@")[0]).exists():
        run("npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error", package)
    return folder / "node_modules"


def kinesalite(folder):
    modules = npm("kinesalite@3.3.3")
    command = block("From kinesalite", "sh", 0).replace("--port 4567", "--port 28567").split()
    with process(modules / ".bin" / command[0], *command[1:], log=folder / "kinesalite.log"):
        client = kinesis("http://127.0.0.1:28567")
        await_true("kinesalite", lambda: answers(client))
        client.create_stream(StreamName="orders", ShardCount=1)
        client.get_waiter("stream_exists").wait(StreamName="orders")
        exported_and_seeded(folder, client, "http://127.0.0.1:28567")


def kinesis_mock(folder):
    modules = npm("kinesis-local@0.6.2")
    variable = block("From kinesis-mock", "sh", 0).split()[0].split("=", 1)
    # It reads its certificate from the folder that it runs in.
    with process("node", "main.js", cwd=modules / "kinesis-local", log=folder / "mock.log",
                 env={variable[0]: variable[1], "KINESIS_MOCK_PLAIN_PORT": "28569", "KINESIS_MOCK_TLS_PORT": "28570"}):
        client = kinesis("http://127.0.0.1:28569")
        await_true("kinesis-mock has its stream",
                   lambda: answers(client) and "orders" in client.list_streams()["StreamNames"])
        time.sleep(1)
        exported_and_seeded(folder, client, "http://127.0.0.1:28569")
    command = block("From kinesis-mock", "sh", 1).replace("penstock", f"exec {PENSTOCK}", 1)
    with process("bash", "-c", command, log=folder / "engine2.log"):
        ours = kinesis()
        await_true("the engine", lambda: answers(ours))
        assert len(ours.list_shards(StreamName="orders")["Shards"]) == 4
        listed = run("aws", "kinesis", "list-streams", env={
            **DUMMY, "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_KINESIS": "http://127.0.0.1:4567"})
        assert "orders" in json.loads(listed)["StreamNames"]


if __name__ == "__main__":
    every = {"fluent-bit": fluent_bit, "kinesis-agent": kinesis_agent, "kinesalite": kinesalite,
             "kinesis-mock": kinesis_mock}
    for name in sys.argv[1:] or every:
        @check(f"from {name}")
        def move(scenario=every[name]):
            with tempfile.TemporaryDirectory(prefix="penstock-move-") as folder:
                scenario(pathlib.Path(folder))
    finish()
