"""Clients that others wrote, against the real agent: each event is found again in its stream.

Called by .ci/run, which installs mosquitto and its clients, Eclipse Paho for Python, strace, systemd, the AWS CLI,
boto3, Chromium, wget, nghttp and the packages of package.json.
"""

import base64
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from harness import PENSTOCK, ROOT, agent, await_records, await_true, check, finish, kinesis, read_stream, run

CLIENTS = pathlib.Path(__file__).parent
# On ports of their own, so that they go on beside those of the agent.
engine_checks = subprocess.Popen([sys.executable, CLIENTS / "engine.py"])
RAW = """
routes:
  - {match: "mqtt:raw/#", stream: raw, format: raw}
  - {match: "http:raw", stream: raw, format: raw}
"""
ENDPOINT = ["--endpoint-url", "http://127.0.0.1:4567", "--region", "us-east-1"]


def aws(*arguments, status=0):
    output = run("aws", "kinesis", *ENDPOINT, "--output", "json", *arguments, status=status)
    return json.loads(output) if output.strip() else None


def aws_version():
    return int(re.match(r"aws-cli/(\d+)", run("aws", "--version").decode()).group(1))


@check("mosquitto_pub: 3.1.1 and 5, QoS 0, 1, 2, JSON format")
def mosquitto_json():
    with agent():
        expected = set()
        for version in ("mqttv311", "mqttv5"):
            for qos in "012":
                text = f"{version} qos {qos} Grüße ☂"
                expected.add((f"t/{version}/{qos}", int(qos), text))
                run("mosquitto_pub", "-V", version, "-q", qos, "-t", f"t/{version}/{qos}", "-m", text,
                    "-i", f"mosq-{version}-{qos}")
        found = {(e["topic"], e["qos"], e["payload"]) for e in map(json.loads, await_records("mqtt", 6))}
        assert found == expected, found


@check("mosquitto_pub: raw format byte for byte, binary and empty payloads")
def mosquitto_raw():
    with agent(RAW):
        payloads = [bytes(range(256)) * 4, b"", b"\xff\xfe\x00", b'{"a":1}']
        for payload in payloads:
            if payload:
                run("mosquitto_pub", "-q", "1", "-t", "raw/x", "-s", stdin=payload)
            else:
                run("mosquitto_pub", "-q", "1", "-t", "raw/x", "-n")
        assert sorted(await_records("raw", len(payloads))) == sorted(payloads)


@check("mosquitto_pub -l: 500 lines at QoS 0, 1, 2 in order")
def mosquitto_lines():
    routes = "".join(f'  - {{match: "mqtt:lines/{qos}", stream: lines-{qos}, format: raw}}\n' for qos in "012")
    with agent("routes:\n" + routes):
        for qos in "012":
            lines = [f"line {number:03d} at qos {qos}".encode() for number in range(500)]
            run("mosquitto_pub", "-q", qos, "-t", f"lines/{qos}", "-i", "liner", "-l", stdin=b"\n".join(lines) + b"\n")
            assert await_records(f"lines-{qos}", 500) == lines


@check("mosquitto_sub is refused legally and publishes go on")
def mosquitto_sub():
    with agent():
        for version in ("mqttv311", "mqttv5"):
            done = subprocess.run(["mosquitto_sub", "-V", version, "-t", "#", "-W", "3"], capture_output=True, timeout=30)
            assert b"denied" in done.stdout + done.stderr, done
        run("mosquitto_pub", "-q", "1", "-t", "still", "-m", "alive")
        assert json.loads(await_records("mqtt", 1)[0])["payload"] == "alive"


@check("MQTT.js: 3.1.1 and 5, QoS 0, 1, 2")
def mqtt_js():
    with agent(RAW):
        sent = json.loads(run("node", CLIENTS / "mqtt.mjs", "mqtt://127.0.0.1:1883"))
        assert len(sent) == 60
        assert sorted(record.decode() for record in await_records("raw", 60)) == sorted(sent)


def send_with_fluent_js(*login):
    """In each mode, and finds each acknowledged event again."""
    sent = json.loads(run("node", CLIENTS / "forward.mjs", "127.0.0.1:24224", *login))
    assert len(sent) == 200
    found = []
    for record in map(json.loads, await_records("forward", 200)):
        tag, time = record.pop("@tag"), record.pop("@timestamp")
        assert record.pop("@id")
        assert time == f"2023-11-14T22:13:20.{record['n']:03d}000000Z", time
        found.append({"tag": tag, "event": record})
    order = lambda row: (row["event"]["mode"], row["event"]["n"])
    assert sorted(found, key=order) == sorted(sent, key=order)


@check("@fluent-org/logger: Message, Forward, PackedForward, gzip, with acks")
def fluent_js():
    with agent():
        send_with_fluent_js()


@contextlib.contextmanager
def certificate_folder():
    """A folder with a certificate of this machine, cert.pem, and its key.pem."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "key.pem", "-out",
            folder / "cert.pem")
        yield folder


@check("@fluent-org/logger: the same over TLS with shared key, user and password")
def fluent_js_guarded():
    with certificate_folder() as folder:
        with agent(f"""
forward:
  listen: ["127.0.0.1:24224"]
  tls: {{certificate: {folder}/cert.pem, key: {folder}/key.pem}}
  shared-key: a key of three words
  users: [{{name: web, password: a word, tags: ["js.**"]}}]
"""):
            send_with_fluent_js(folder / "cert.pem", "a key of three words", "web", "a word")


@contextlib.contextmanager
def guarded_agent():
    """Passwords and topic rules at every kind of listener; the folder has the certificate that clients trust."""
    with certificate_folder() as folder:
        run(PENSTOCK, "passwd", folder / "passwords", "joe", stdin=b"secret\n")
        with agent(RAW + f"""
mqtt:
  listen: ["mqtt://127.0.0.1:1883", "mqtts://127.0.0.1:8883", "ws://127.0.0.1:8083", "wss://127.0.0.1:8084"]
  tls: {{certificate: {folder}/cert.pem, key: {folder}/key.pem}}
  auth: {{password-file: {folder}/passwords}}
  acl:
    - {{user: joe, allow: "raw/#"}}
"""):
            yield folder


@check("mosquitto_pub: TLS, user and password, topic rules")
def mosquitto_guarded():
    with guarded_agent() as folder:
        tls = ["--cafile", folder / "cert.pem", "-h", "localhost", "-p", "8883"]
        user = ["-u", "joe", "-P", "secret"]
        sent = []
        for version in ("mqttv311", "mqttv5"):
            for where in ([], tls):
                sent.append(f"{version} {len(where)}".encode())
                run("mosquitto_pub", "-V", version, "-q", "2", "-t", "raw/x", "-s", *where, *user, stdin=sent[-1])
        for wrong in (["-u", "joe", "-P", "guess"], ["-u", "ann", "-P", "secret"], []):
            done = subprocess.run(["mosquitto_pub", "-q", "1", "-t", "raw/x", "-m", "no", *map(str, tls), *wrong],
                                  capture_output=True, timeout=30)
            assert done.returncode != 0 and b"refused" in done.stdout + done.stderr.lower(), done
        done = subprocess.run(["mosquitto_pub", "-V", "mqttv5", "-q", "1", "-t", "other", "-m", "no", *user],
                              capture_output=True, timeout=30)
        assert b"authorized" in (done.stdout + done.stderr).lower(), done
        assert sorted(await_records("raw", len(sent))) == sorted(sent)


@check("MQTT.js: TLS, WebSocket, WebSocket over TLS, user and password")
def mqtt_js_guarded():
    with guarded_agent() as folder:
        sent = []
        for url in ("mqtt://127.0.0.1:1883", "mqtts://localhost:8883", "ws://127.0.0.1:8083/mqtt",
                    "wss://localhost:8084/mqtt"):
            sent += json.loads(run("node", CLIENTS / "mqtt.mjs", url, "joe", "secret", url.split(":")[0],
                                   env={"NODE_EXTRA_CA_CERTS": str(folder / "cert.pem")}))
        assert len(sent) == 240
        assert sorted(record.decode() for record in await_records("raw", 240)) == sorted(sent)


@check("curl: JSON object, array, NDJSON, raw, text")
def curl():
    base = "http://127.0.0.1:9880/v1/streams/"

    def post(stream, kind, body, *more):
        return json.loads(run("curl", "-sS", "--fail-with-body", "-H", f"content-type: {kind}", "--data-binary", "@-",
                              *more, f"{base}{stream}/records", stdin=body))

    with agent(RAW):
        assert post("one", "application/json", b'{"n": 1}')["records"] == 1
        assert post("many", "application/json", b'[{"n": 1}, {"n": 2}]')["records"] == 2
        assert post("lines", "application/x-ndjson", b'{"n": 1}\n{"n": 2}\n{"n": 3}\n')["records"] == 3
        blob = bytes(range(256))
        assert post("raw", "application/octet-stream", blob)["records"] == 1
        assert post("text", "text/plain", "Grüße".encode())["records"] == 1
        assert [json.loads(r)["n"] for r in await_records("one", 1)] == [1]
        assert sorted(json.loads(r)["n"] for r in await_records("many", 2)) == [1, 2]
        assert sorted(json.loads(r)["n"] for r in await_records("lines", 3)) == [1, 2, 3]
        assert await_records("raw", 1) == [blob]
        assert json.loads(await_records("text", 1)[0])["message"] == "Grüße"


@check("curl: a broken line is refused whole, with its number")
def curl_broken():
    with agent():
        body = run("curl", "-sS", "-w", "\n%{http_code}", "-H", "content-type: application/x-ndjson", "--data-binary",
                   "@-", "http://127.0.0.1:9880/v1/streams/broken/records", stdin=b'{"n":1}\n{"n":\n{"n":3}\n').decode()
        text, status = body.rsplit("\n", 1)
        assert status == "400" and "line 2" in text, body
        assert read_stream("broken") == []


@check("AWS CLI: the life of a stream")
def aws_cli():
    with agent():
        aws("create-stream", "--stream-name", "orders", "--shard-count", "2")
        run("aws", "kinesis", *ENDPOINT, "wait", "stream-exists", "--stream-name", "orders")
        assert "orders" in aws("list-streams")["StreamNames"]
        put = aws("put-record", "--stream-name", "orders", "--partition-key", "k", "--data", "aGVsbG8=",
                  "--cli-binary-format", "raw-in-base64-out") if aws_version() == 2 else aws(
            "put-record", "--stream-name", "orders", "--partition-key", "k", "--data", "hello")
        assert put["ShardId"].startswith("shardId-")
        both = aws("put-records", "--stream-name", "orders", "--records", "Data=YQ==,PartitionKey=a",
                   "Data=Yg==,PartitionKey=b")
        assert both["FailedRecordCount"] == 0
        summary = aws("describe-stream-summary", "--stream-name", "orders")["StreamDescriptionSummary"]
        assert summary["OpenShardCount"] == 2 and summary["StreamStatus"] == "ACTIVE"
        shards = aws("list-shards", "--stream-name", "orders")["Shards"]
        start = int(shards[0]["HashKeyRange"]["StartingHashKey"])
        end = int(shards[0]["HashKeyRange"]["EndingHashKey"])
        aws("split-shard", "--stream-name", "orders", "--shard-to-split", shards[0]["ShardId"],
            "--new-starting-hash-key", str((start + end) // 2))
        run("aws", "kinesis", *ENDPOINT, "wait", "stream-exists", "--stream-name", "orders")
        children = [s for s in aws("list-shards", "--stream-name", "orders")["Shards"]
                    if s.get("ParentShardId") == shards[0]["ShardId"]]
        assert len(children) == 2
        aws("merge-shards", "--stream-name", "orders", "--shard-to-merge", children[0]["ShardId"],
            "--adjacent-shard-to-merge", children[1]["ShardId"])
        run("aws", "kinesis", *ENDPOINT, "wait", "stream-exists", "--stream-name", "orders")
        aws("update-shard-count", "--stream-name", "orders", "--target-shard-count", "4", "--scaling-type",
            "UNIFORM_SCALING")
        await_true("4 open shards", lambda: aws("describe-stream-summary", "--stream-name", "orders")[
            "StreamDescriptionSummary"]["OpenShardCount"] == 4)
        assert len(await_records("orders", 3)) == 3
        aws("delete-stream", "--stream-name", "orders")
        run("aws", "kinesis", *ENDPOINT, "wait", "stream-not-exists", "--stream-name", "orders")


@check("boto3: puts and every kind of iterator")
def boto():
    with agent():
        client = kinesis()
        client.create_stream(StreamName="boto", ShardCount=1)
        client.get_waiter("stream_exists").wait(StreamName="boto", WaiterConfig={"Delay": 1})
        before = client.describe_stream(StreamName="boto")["StreamDescription"]["StreamCreationTimestamp"]
        first = client.put_record(StreamName="boto", PartitionKey="k", Data=b"first")
        answer = client.put_records(StreamName="boto", Records=[
            {"PartitionKey": f"k{n}", "Data": bytes([n % 256]) * n} for n in range(1, 400)])
        assert answer["FailedRecordCount"] == 0
        shard = first["ShardId"]

        def read(kind, **more):
            iterator = client.get_shard_iterator(StreamName="boto", ShardId=shard, ShardIteratorType=kind, **more)
            return [r["Data"] for r in client.get_records(ShardIterator=iterator["ShardIterator"])["Records"]]

        number = first["SequenceNumber"]
        assert len(read("TRIM_HORIZON")) == 400
        assert read("AT_SEQUENCE_NUMBER", StartingSequenceNumber=number)[0] == b"first"
        assert read("AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=number)[0] == b"\x01"
        assert len(read("AT_TIMESTAMP", Timestamp=before)) == 400
        assert read("LATEST") == []


@check("every event of a mixture of sources survives a restart")
def restart():
    from harness import Agent
    with tempfile.TemporaryDirectory() as folder:
        first = Agent(folder, RAW).await_ready()
        lines = [f"before {n}".encode() for n in range(200)]
        run("mosquitto_pub", "-q", "1", "-t", "raw/r", "-l", stdin=b"\n".join(lines) + b"\n")
        first.stop()
        second = Agent(folder, RAW).await_ready()
        assert sorted(await_records("raw", 200)) == sorted(lines)
        second.stop()


def decode_all(text):
    return " ".join(base64.b64decode(word).decode(errors="replace")
                    for word in re.findall(r"[A-Za-z0-9+/]{40,}={0,2}", text))


@check("the lines that the start prints can be pasted")
def banner():
    with agent() as running:
        lines = [line.strip() for line in running.output.splitlines()]
        assert 10 <= len(lines) <= 24, running.output
        pasted = [line for line in lines if re.match(r"(mosquitto_pub|curl) ", line)]
        assert len(pasted) == 2, running.output
        for line in pasted:
            run("bash", "-ec", line)
        tails = [line for line in lines if " tail " in line]
        assert len(tails) == 1, running.output
        await_records("mqtt", 2)
        text = run("bash", "-c", f"cd {ROOT}; timeout 60 {tails[0]} --records 2").decode()
        assert "celsius" in text and "order" in text, text
        command = "\n".join(line for line in lines if line.startswith(("kinesis()", "for shard in")))
        assert "celsius" in decode_all(run("env", "-i", "PATH=" + os.environ["PATH"], "HOME=/tmp",
                                           "bash", "-ec", command).decode()), command


def blocks(page, start):
    """The blocks of code of a page that begin with `start`."""
    text = (ROOT / "docs" / page).read_text()
    found = [block for block in re.findall(r"```[a-z]*\n(.*?)```", text, re.S) if block.startswith(start)]
    assert found, f"{page} has no lines that begin with {start}"
    return found


@check("the lines of the documents that post by hand can be pasted")
def documented():
    with agent(blocks("kinesis-api.md", "kinesis-api: {listen")[0]):
        for page, start, stream, records in (("http.md", "curl -s", "orders", 1), ("http.md", "curl -i", "forward", 2),
                                             ("otlp.md", "curl -H", "otlp", 1), ("kinesis-api.md", "export AWS", "orders", 2)):
            lines = re.sub(r"^\{.*\n", "", blocks(page, start)[0], flags=re.M)  # without the answer
            if b"aws-cli/2" not in run("aws", "--version"):
                lines = lines.replace("--cli-binary-format raw-in-base64-out ", "")
            answer = run("bash", "-ec", lines).decode()
            assert not re.search(r"^HTTP/1.1 [345]", answer, re.M), answer
            await_records(stream, records)


if __name__ == "__main__":
    import durability  # noqa: F401  its checks run on import
    import kinesis_api  # noqa: F401  as above
    import mqtt_field  # noqa: F401  as above
    import otlp  # noqa: F401  as above
    import service  # noqa: F401  as above
    import web  # noqa: F401  as above

    finish(engine_checks.wait())
