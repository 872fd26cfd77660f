"""Logs of the OpenTelemetry SDK for Node over OTLP/HTTP, in JSON and in protobuf."""

import json
import pathlib
import subprocess
import tempfile
import threading

from harness import Agent, agent, await_records, await_true, check, read_stream, run

CLIENT = pathlib.Path(__file__).parent / "otlp.mjs"
URL = "http://127.0.0.1:9880/v1/logs"


def body(record):
    return record["body"]["stringValue"]


@check("OpenTelemetry for Node: JSON and protobuf, plain and gzip")
def encodings():
    with agent():
        sent = []
        for encoding in ("http", "proto"):
            for compression in ("none", "gzip"):
                sent += run("node", CLIENT, URL, encoding, compression, "120").decode().splitlines()
        assert len(sent) == 480, len(sent)
        records = [json.loads(data) for data in await_records("otlp", 480)]
        assert sorted(map(body, records)) == sorted(sent)
        first = {body(record): record for record in records}
        for encoding in ("http", "proto"):
            record = first[f"{encoding} gzip 7"]
            assert record["severityNumber"] == 13 and record["severityText"] == "WARN", record
            assert record["scope"] == {"name": "load", "version": "1.0"}, record
            assert {"key": "service.name", "value": {"stringValue": f"node-{encoding}"}} in \
                record["resource"]["attributes"], record
            assert record["attributes"] == [
                {"key": "n", "value": {"intValue": "7"}},
                {"key": "ratio", "value": {"doubleValue": 0.5}},
                {"key": "ok", "value": {"boolValue": True}},
                {"key": "list", "value": {"arrayValue": {"values": [{"stringValue": "a"}, {"stringValue": "b"}]}}},
                {"key": "nested", "value": {"kvlistValue": {"values": [
                    {"key": "text", "value": {"stringValue": "Grüße ☂"}}]}}}], record


def killed(encoding):
    with tempfile.TemporaryDirectory() as folder:
        running = Agent(folder).await_ready()
        load = subprocess.Popen(["node", CLIENT, URL, encoding, "none", "0"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        stored = []
        reader = threading.Thread(target=lambda: stored.extend(line.rstrip("\n") for line in iter(load.stdout.readline, "")))
        reader.start()
        try:
            for _ in range(2):
                before = len(stored)
                await_true("more log records are stored", lambda: len(stored) > before + 300)
                running.process.kill()
                running.process.wait()
                running = Agent(folder).await_ready()
            before = len(stored)
            await_true("log records are stored after the restart", lambda: len(stored) > before)
        finally:
            load.stdin.close()
            load.wait(60)
            reader.join()
        acknowledged = set(stored)
        await_true("every log record that the exporter reported as stored", lambda: acknowledged <= {
            body(json.loads(data)) for data in read_stream("otlp")})
        running.stop()


@check("OpenTelemetry for Node, JSON: kill -9 loses nothing that was acknowledged")
def killed_under_json():
    killed("http")


@check("OpenTelemetry for Node, protobuf: kill -9 loses nothing that was acknowledged")
def killed_under_protobuf():
    killed("proto")
