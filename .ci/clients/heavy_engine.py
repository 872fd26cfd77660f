"""Clients that are too heavy for every check, each as its authors ship it, against the stream engine alone: every record
arrives, and the records of a key in order, through a split and a merge. The engine is an ordinary `penstock engine`.

    FLUENT_BIT=/opt/fluent-bit/bin/fluent-bit python3 .ci/clients/heavy_engine.py [NAME...]

NAME is cli, boto3, javascript, fluent-bit, signed, java, connectors, flink or replay; all unless told. `signed` has an
engine with `auth: sigv4` and changes calls on their way; `replay` sends the same calls once more when they are more than
five minutes old. `java` is the SDK for Java, the KPL, and the KCL 2 and 3; `connectors` the KCL 1 with the Connector Library;
`flink` Flink's connector with enhanced fan-out: these fetch from Maven Central and npm. What cannot run here is named as
skipped. About twenty minutes.
"""

import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import boto3
import botocore.session
from botocore.config import Config

from engine_alone import active, client, engine
from harness import PENSTOCK, ROOT, await_true, check, finish, run
from signed_proxy import CHANGES, SignedProxy, port_of

CLIENTS = pathlib.Path(__file__).parent
FLUENT_BIT = os.environ.get("FLUENT_BIT", shutil.which("fluent-bit"))
KEY, SECRET = "PRESS17", "a/secret+of=signs"
KEYS = 20
TOLD = []


def tell(text):
    TOLD.append(text)
    print(f"     {text}", flush=True)


def api_of_botocore(kind, group):
    """What the installed botocore knows, which the AWS CLI and boto3 share."""
    loader = botocore.session.get_session().get_component("data_loader")
    return set(loader.load_service_model("kinesis", kind)[group])


def shards_in_order(kinesis, stream):
    """Parents before their children."""
    return sorted((shard["ShardId"] for shard in kinesis.list_shards(StreamName=stream)["Shards"]))


def ordered(records, count):
    """Checks that there are records 0 to `count` - 1 of each key, in this order, each once."""
    found = collections.defaultdict(list)
    for record in records:
        key, number = record.split()
        found[int(key)].append(int(number))
    assert sorted(found) == list(range(KEYS)), sorted(found)
    for key, numbers in found.items():
        assert numbers == list(range(count)), f"key {key}: {numbers[:50]}... of {count}"


def batch(number):
    return [{"PartitionKey": f"key {key}", "Data": f"{key} {number}".encode()} for key in range(KEYS)]


def poll(kinesis, stream):
    for shard in shards_in_order(kinesis, stream):
        iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard,
                                              ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        while iterator:
            page = kinesis.get_records(ShardIterator=iterator)
            yield from (record["Data"].decode() for record in page["Records"])
            if not page["Records"] and not page["MillisBehindLatest"]:
                break
            iterator = page.get("NextShardIterator")


def push(kinesis, consumer, stream):
    for shard in shards_in_order(kinesis, stream):
        with contextlib.closing(kinesis.subscribe_to_shard(
                ConsumerARN=consumer, ShardId=shard, StartingPosition={"Type": "TRIM_HORIZON"})["EventStream"]) as events:
            for event in events:
                event = event["SubscribeToShardEvent"]
                yield from (record["Data"].decode() for record in event["Records"])
                if event.get("ChildShards") or not event["Records"] and not event["MillisBehindLatest"]:
                    break


def aws(endpoint, *arguments, status=0, env=None):
    return run("aws", "kinesis", "--endpoint-url", endpoint, "--region", "us-east-1", "--output", "json", *arguments,
               status=status, env=env)


def aws_pages(endpoint, operation, *arguments):
    """The answer of an operation that the CLI reads in pages, and how many calls that took."""
    done = subprocess.run(["aws", "--debug", "kinesis", "--endpoint-url", endpoint, "--region", "us-east-1", "--output",
                           "json", operation, *arguments], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout), done.stderr.count(b"Making request for OperationModel")


def cli():
    with engine("--transition", "300ms") as (http, https, authority):
        aws(http, "create-stream", "--stream-name", "orders", "--shard-count", "2")
        aws(http, "wait", "stream-exists", "--stream-name", "orders")
        version_2 = b"aws-cli/2" in run("aws", "--version")
        raw = ["--cli-binary-format", "raw-in-base64-out"] if version_2 else []
        count = 0

        def put(rounds):
            nonlocal count
            for _ in range(rounds):
                records = json.dumps([{**entry, "Data": entry["Data"].decode()} for entry in batch(count)])
                answer = json.loads(aws(http, "put-records", "--stream-name", "orders", "--records", records, *raw))
                assert answer["FailedRecordCount"] == 0
                count += 1

        def shard(number):
            return f"shardId-{number:012}"

        put(4)
        aws(http, "split-shard", "--stream-name", "orders", "--shard-to-split", shard(0), "--new-starting-hash-key",
            str(2 ** 126))
        aws(http, "wait", "stream-exists", "--stream-name", "orders")
        put(4)
        aws(http, "merge-shards", "--stream-name", "orders", "--shard-to-merge", shard(2), "--adjacent-shard-to-merge",
            shard(3))
        aws(http, "wait", "stream-exists", "--stream-name", "orders")
        put(4)
        found = []
        for number in range(5):
            iterator = json.loads(aws(http, "get-shard-iterator", "--stream-name", "orders", "--shard-id", shard(number),
                                      "--shard-iterator-type", "TRIM_HORIZON"))["ShardIterator"]
            page = json.loads(aws(https, "--ca-bundle", authority, "get-records", "--shard-iterator", iterator))
            found += [base64_text(record["Data"]) for record in page["Records"]]
        ordered(found, count)

        for number in range(5):
            aws(http, "create-stream", "--stream-name", f"s{number}", "--shard-count", "1")
        arn = json.loads(aws(http, "describe-stream-summary", "--stream-name", "orders"))["StreamDescriptionSummary"][
            "StreamARN"]
        for number in range(5):
            aws(http, "register-stream-consumer", "--stream-arn", arn, "--consumer-name", f"c{number}")
        paged = {
            "ListStreams": ("list-streams", [], lambda answer: answer["StreamNames"], 6),
            "ListShards": ("list-shards", ["--stream-name", "orders"], lambda answer: answer["Shards"], 5),
            "ListStreamConsumers": ("list-stream-consumers", ["--stream-arn", arn],
                                    lambda answer: answer["Consumers"], 5),
            "DescribeStream": ("describe-stream", ["--stream-name", "orders"],
                               lambda answer: answer["StreamDescription"]["Shards"], 5)}
        for operation, arguments, items, number in paged.values():
            size = () if operation == "list-shards" else ("--page-size", "2")
            answer, calls = aws_pages(http, operation, *arguments, *size)
            assert (len(items(answer)), calls) == (number, 3 if size else 1), (operation, calls, answer)
        # It names the stream on further pages too, and so fails at Amazon as here: github.com/boto/botocore/issues/2009
        refusal = subprocess.run(["aws", "kinesis", "--endpoint-url", http, "--region", "us-east-1", "list-shards",
                                  "--stream-name", "orders", "--page-size", "2"], capture_output=True, timeout=120)
        assert b"NextToken and StreamName cannot be provided together." in refusal.stderr, refusal
        part = json.loads(aws(http, "list-streams", "--max-items", "4"))
        rest = json.loads(aws(http, "list-streams", "--starting-token", part["NextToken"]))
        assert (len(part["StreamNames"]), len(rest["StreamNames"])) == (4, 2), (part, rest)
        aws(http, "delete-stream", "--stream-name", "orders", "--enforce-consumer-deletion")
        aws(http, "wait", "stream-not-exists", "--stream-name", "orders")
        untried = (api_of_botocore("paginators-1", "pagination") - set(paged)
                   | api_of_botocore("waiters-2", "waiters") - {"StreamExists", "StreamNotExists"})
        assert not untried, f"this AWS CLI has more: {untried}"
        tell(f"{run('aws', '--version').decode().split()[0]}: {count * KEYS} records, 4 paginators, 2 waiters")


def base64_text(data):
    import base64
    return base64.b64decode(data).decode()


def boto():
    with engine("--transition", "300ms") as (http, https, authority):
        kinesis = client(http)
        kinesis.create_stream(StreamName="orders", ShardCount=2)
        exists = lambda: kinesis.get_waiter("stream_exists").wait(StreamName="orders", WaiterConfig={"Delay": 1})
        exists()
        count = 0

        def put(rounds):
            nonlocal count
            for _ in range(rounds):
                assert kinesis.put_records(StreamName="orders", Records=batch(count))["FailedRecordCount"] == 0
                count += 1

        put(200)
        kinesis.split_shard(StreamName="orders", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2 ** 126))
        exists()
        put(200)
        kinesis.merge_shards(StreamName="orders", ShardToMerge="shardId-000000000002",
                             AdjacentShardToMerge="shardId-000000000003")
        exists()
        put(200)
        ordered(poll(kinesis, "orders"), count)
        arn = active(kinesis, "orders")["StreamARN"]
        for number in range(5):
            kinesis.create_stream(StreamName=f"s{number}", ShardCount=1)
            consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=f"c{number}")["Consumer"]
        await_true("consumer ACTIVE", lambda: kinesis.describe_stream_consumer(ConsumerARN=consumer["ConsumerARN"])[
            "ConsumerDescription"]["ConsumerStatus"] == "ACTIVE")
        ordered(push(client(https, verify=authority), consumer["ConsumerARN"], "orders"), count)
        paged = {"list_streams": ({}, "StreamNames"), "list_shards": ({"StreamName": "orders"}, "Shards"),
                 "list_stream_consumers": ({"StreamARN": arn}, "Consumers"),
                 "describe_stream": ({"StreamName": "orders"}, "StreamDescription")}
        for operation, (arguments, member) in paged.items():
            # That of ListShards fails on further pages at Amazon, too: github.com/boto/botocore/issues/2009
            size = 100 if operation == "list_shards" else 2
            pages = list(kinesis.get_paginator(operation).paginate(**arguments, PaginationConfig={"PageSize": size}))
            assert len(pages) == (1 if size == 100 else 3) and all(page[member] for page in pages), (operation, pages)
        kinesis.delete_stream(StreamName="orders", EnforceConsumerDeletion=True)
        kinesis.get_waiter("stream_not_exists").wait(StreamName="orders", WaiterConfig={"Delay": 1})
        known = {re.sub("(?<!^)(?=[A-Z])", "_", name).lower() for name in api_of_botocore("paginators-1", "pagination")}
        assert known == set(paged), f"this boto3 has more: {known}"
        tell(f"boto3 {boto3.__version__}: {count * KEYS} records polled and pushed, {len(paged)} paginators, 2 waiters")


def javascript():
    with engine("--transition", "300ms") as (http, https, authority):
        for stream, endpoint in (("plain", http), ("encrypted", https)):
            said = json.loads(run("node", CLIENTS / "heavy_engine.mjs", "order", endpoint, stream, KEY, SECRET,
                                  env={"NODE_EXTRA_CA_CERTS": authority}))
            assert said["records"] == 150 * KEYS, said
            # Channels: their states and pages have a test of the engine's own.
            assert set(said["untried"]) <= {"paginateListChannels", "waitUntilChannelActive"}, said
        version = json.loads((CLIENTS / "node_modules/@aws-sdk/client-kinesis/package.json").read_text())["version"]
        tell(f"@aws-sdk/client-kinesis {version}: 2 x {150 * KEYS} records polled and pushed, 2 paginators, 2 waiters")


FLUENT_BIT_CONFIGURATION = """
[SERVICE]
    flush 0.2
[INPUT]
    name tail
    path {file}
    tag app
    read_from_head true
[OUTPUT]
    name kinesis_streams
    match *
    region us-east-1
    stream orders
    endpoint localhost
    port {port}
    tls.ca_file {ca}
    retry_limit {retries}
"""


@contextlib.contextmanager
def fluent_bit_of(lines, port, ca, secret=SECRET, retries="no_limits"):
    with tempfile.TemporaryDirectory() as folder:
        file, config = pathlib.Path(folder) / "lines.log", pathlib.Path(folder) / "fluent-bit.conf"
        file.write_text("".join(line + "\n" for line in lines))
        config.write_text(FLUENT_BIT_CONFIGURATION.format(file=file, port=port, ca=ca, retries=retries))
        log = open(pathlib.Path(folder) / "log", "w+b")
        program = subprocess.Popen([FLUENT_BIT, "-c", config], stdout=log, stderr=subprocess.STDOUT,
                                   env={**os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": secret})
        try:
            yield program
        except BaseException:
            print(pathlib.Path(log.name).read_text(errors="replace")[-3000:], file=sys.stderr)
            raise
        finally:
            program.terminate()
            program.wait(60)


def fluent_bit():
    if not FLUENT_BIT:
        return tell("SKIPPED: fluent-bit is not on the path; name it in FLUENT_BIT")
    wanted = {f"line {number} Grüße" for number in range(12_000)}
    with engine("--stream", "orders:4", "--host", "localhost") as (http, https, authority):
        kinesis = client(http)
        with fluent_bit_of(wanted, port_of(https), authority):
            def found():
                records = [json.loads(record)["log"] for record in poll(kinesis, "orders")]
                return records if len(records) >= len(wanted) else None

            records = await_true("all lines", found, 120)
        assert len(records) == len(wanted) and set(records) == wanted
    version = run(FLUENT_BIT, "--version").decode().split("\n")[0]
    tell(f"{version}: {len(wanted)} records over TLS, each once (its keys are random)")


@contextlib.contextmanager
def signed_engine():
    with tempfile.TemporaryDirectory() as folder:
        keys, config = pathlib.Path(folder) / "keys", pathlib.Path(folder) / "penstock.yaml"
        keys.write_text(f"[press]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        keys.chmod(0o600)
        config.write_text(f"engine: {{auth: sigv4, credentials-file: {keys}}}\n")
        with engine("--stream", "orders:2", "--config", str(config)) as endpoints:
            yield endpoints


def put_with_cli(endpoint, secret, _):
    done = subprocess.run(
        ["aws", "kinesis", "--endpoint-url", endpoint, "--region", "us-east-1", "put-record", "--stream-name", "orders",
         "--partition-key", "k", "--data", "eA=="], capture_output=True, timeout=120,
        env={**os.environ, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": secret, "AWS_MAX_ATTEMPTS": "1"})
    return "taken" if done.returncode == 0 else re.search(rb"\((\w+)\)", done.stderr).group(1).decode()


def put_with_boto(endpoint, secret, _):
    kinesis = client(endpoint, aws_access_key_id=KEY, aws_secret_access_key=secret)
    try:
        kinesis.put_record(StreamName="orders", PartitionKey="k", Data=b"x")
        return "taken"
    except kinesis.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def put_with_javascript(endpoint, secret, version):
    return run("node", CLIENTS / "heavy_engine.mjs", "put", endpoint, "orders", KEY, secret, version).decode().strip()


RECORDED = []


def signed():
    """What each client signs is taken; a wrong secret, and each change on the way, is refused with the service's code."""
    clients = {"AWS CLI": put_with_cli, "boto3": put_with_boto, "SDK for JavaScript": put_with_javascript}
    with signed_engine() as (http, _, _):
        for name, put in clients.items():
            proxy = SignedProxy(port_of(http))
            through = f"http://127.0.0.1:{proxy.port}"
            assert put(http, SECRET, "http/2") == "taken", name
            assert put(http, SECRET + "x", "http/2") == "InvalidSignatureException", name
            assert put(through, SECRET, "http/1.1") == "taken", name
            RECORDED.append((name, *proxy.calls[-1], time.time()))
            for change in CHANGES:
                proxy.change = change
                code = put(through, SECRET, "http/1.1")
                assert code == "InvalidSignatureException", (name, change, code)
            proxy.close()
            tell(f"{name}: signed calls taken; wrong secret, changed body, date and header refused")
        if FLUENT_BIT:
            signed_fluent_bit(http)
        else:
            tell("SKIPPED: Fluent Bit; name it in FLUENT_BIT")


def signed_fluent_bit(http):
    """Fluent Bit speaks TLS only, so the proxy does, too."""
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = pathlib.Path(folder) / "cert.pem", pathlib.Path(folder) / "key.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate)
        proxy = SignedProxy(port_of(http), certificate, key)
        for change, secret, expected in (
                (None, SECRET, None), (None, SECRET + "x", "InvalidSignatureException"),
                *((change, SECRET, "InvalidSignatureException") for change in CHANGES)):
            proxy.change = change
            proxy.take()
            with fluent_bit_of(["a line"], proxy.port, certificate, secret, retries="1"):
                answers = await_true(f"Fluent Bit calls, {change}", proxy.take, 60)
            assert answers[0][1] == expected, (change, answers)
            if expected is None:
                RECORDED.append(("Fluent Bit", *proxy.calls[-1], time.time()))
        proxy.close()
        tell("Fluent Bit: signed calls taken; wrong secret, changed body, date and header refused")


def replay():
    """The very calls that were taken: within five minutes they are taken again, later they are refused."""
    if not RECORDED:
        signed()
    with signed_engine() as (http, _, _):
        proxy = SignedProxy(port_of(http))
        within = [call for call in RECORDED if time.time() - call[3] < 240]
        for name, headers, body, _ in within:
            assert proxy.send(headers, body)[0] == 200, (name, proxy.answers[-1])
        wait = max(0, 305 - (time.time() - RECORDED[-1][3]))
        time.sleep(wait)
        for name, headers, body, _ in RECORDED:
            proxy.send(headers, body)
            status, code, message = proxy.answers[-1]
            assert (status, code) == (400, "InvalidSignatureException") and message.startswith("Signature expired"), (
                name, proxy.answers[-1])
        proxy.close()
        tell(f"replayed: {len(within)} calls within five minutes taken again, {len(RECORDED)} later ones refused")


def maven(*arguments, cwd=ROOT, seconds=1800):
    done = subprocess.run([ROOT / "mvnw", "-B", "-ntp", "-q", *arguments], cwd=cwd, timeout=seconds)
    assert done.returncode == 0, "see above"


def java():
    for goals in (["surefire:test", "-Dtest=SdkOrderTest,KplTest,KclTest"], ["surefire:test@kcl-2", "-Dtest=KclTest"]):
        maven("-Pclients", "-P", "!full", "-pl", "stream-engine", "-am", "test-compile", *goals,
              "-Dsurefire.failIfNoSpecifiedTests=false")
    tell("SDK for Java, KPL, KCL 2 and 3: their tests passed")


def class_path(name, folder):
    """The libraries of a program in `heavy_engine/`, and its classes."""
    source = CLIENTS / "heavy_engine" / name
    file = folder / f"{name}.path"
    maven("-f", source / "pom.xml", "dependency:build-classpath", f"-Dmdep.outputFile={file}", cwd=folder)
    libraries = file.read_text().strip()
    classes = folder / name
    classes.mkdir()
    sources = list(source.glob("*.java"))
    if sources:
        run("javac", "-nowarn", "-cp", libraries, "-d", classes, *sources)
    return f"{classes}:{libraries}"


@contextlib.contextmanager
def program(log, *command, **options):
    with open(log, "w+b") as output:
        process = subprocess.Popen([str(part) for part in command], stdout=output, stderr=subprocess.STDOUT, **options)
        try:
            yield process
        except BaseException:
            print(pathlib.Path(log).read_text(errors="replace")[-4000:], file=sys.stderr)
            raise
        finally:
            process.kill()
            process.wait()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def connects(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        return True


def through_a_reshard(kinesis, rounds, pause):
    """Numbered records, a split, a merge. `pause` is called with the rounds put so far, before and after each."""
    count = 0
    exists = lambda: kinesis.get_waiter("stream_exists").wait(StreamName="orders", WaiterConfig={"Delay": 1})

    def put():
        nonlocal count
        for _ in range(rounds):
            assert kinesis.put_records(StreamName="orders", Records=batch(count))["FailedRecordCount"] == 0
            count += 1

    put()
    pause(count)
    kinesis.split_shard(StreamName="orders", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2 ** 126))
    exists()
    put()
    pause(count)
    put()  # the merge comes while these are still being read
    kinesis.merge_shards(StreamName="orders", ShardToMerge="shardId-000000000002",
                         AdjacentShardToMerge="shardId-000000000003")
    exists()
    put()
    pause(count)
    return count


def flink():
    with tempfile.TemporaryDirectory() as name, engine("--stream", "orders:2", "--transition", "300ms") as (http, _, _):
        folder, kinesis = pathlib.Path(name), client(http)
        found = folder / "found"
        found.touch()
        opened = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.lang", "java.util", "java.time")]
        with program(folder / "log", "java", "-Xmx512m", *opened, "-cp", class_path("flink", folder), "FanOut", http,
                     "orders", found) as job:
            def read(count):
                def all_there():
                    assert job.poll() is None, "the job has ended"
                    return len(found.read_text().splitlines()) >= count * KEYS

                await_true(f"{count * KEYS} records", all_there, 240)

            count = through_a_reshard(kinesis, 100, read)
        # The connector reads a child beside its parent, so the order is that of each shard.
        by_shard = collections.defaultdict(list)
        for line in found.read_text().splitlines():
            shard, record = line.split(" ", 1)
            by_shard[shard].append(record)
        ordered((record for shard in sorted(by_shard) for record in by_shard[shard]), count)
        tell(f"Flink 1.19.3, flink-connector-kinesis 4.3.0-1.19, enhanced fan-out: {count * KEYS} records of {len(by_shard)}"
             " shards, each once, in order")


def connectors():
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        http, _, _ = stack.enter_context(engine("--stream", "orders:2", "--transition", "300ms"))
        run("npm", "install", "--prefix", folder / "s3", "--no-audit", "--no-fund", "--loglevel=error", "s3rver@3.7.1")
        s3_port, leases_port = free_port(), free_port()
        stack.enter_context(program(folder / "s3.log", folder / "s3/node_modules/.bin/s3rver", "-d", folder / "objects",
                                    "-a", "127.0.0.1", "-p", s3_port, "--configure-bucket", "records"))
        leases = class_path("dynamodb", folder)
        native = next(path for path in leases.split(":") if path.endswith("linux-amd64-1.0.392.so"))
        stack.enter_context(program(
            folder / "dynamodb.log", "java", "-Xmx256m", f"-Dsqlite4java.library.path={pathlib.Path(native).parent}",
            "-cp", leases, "software.amazon.dynamodb.services.local.main.ServerRunner", "-inMemory", "-disableTelemetry",
            "-port", leases_port, env={**os.environ, "DDB_LOCAL_TELEMETRY": "0"}))
        await_true("S3 stand-in and DynamoDB Local", lambda: connects(s3_port) and connects(leases_port), 120)
        s3 = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{s3_port}", region_name="us-east-1",
                          aws_access_key_id="S3RVER", aws_secret_access_key="S3RVER",
                          config=Config(s3={"addressing_style": "path"}))
        worker = stack.enter_context(program(
            folder / "connector.log", "java", "-Xmx256m", "-cp", class_path("connectors", folder), "ToS3", http,
            f"http://127.0.0.1:{leases_port}", f"http://127.0.0.1:{s3_port}", "orders", "records"))

        def lines():
            names = [item["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket="records")
                     for item in page.get("Contents", [])]
            # An object is named after its first and its last sequence number, which rise from parent to child.
            names.sort(key=lambda name: int(name.split("-")[0]))
            return [line for name in names
                    for line in s3.get_object(Bucket="records", Key=name)["Body"].read().decode().splitlines()]

        def emitted(count):
            def all_there():
                assert worker.poll() is None, "the worker has ended"
                return len(lines()) >= count * KEYS

            await_true(f"{count * KEYS} lines in S3", all_there, 240)

        count = through_a_reshard(client(http), 100, emitted)
        ordered(lines(), count)
        tell(f"Connector Library 1.3.0 with KCL 1.7.2, S3 emitter: {count * KEYS} records, each once, in order")


EVERY = {"cli": cli, "boto3": boto, "javascript": javascript, "signed": signed, "fluent-bit": fluent_bit, "java": java,
         "connectors": connectors, "flink": flink, "replay": replay}

if __name__ == "__main__":
    subprocess.run([PENSTOCK, "--version"], stdout=subprocess.DEVNULL, check=True)  # builds, if sources are newer
    if not (CLIENTS / "node_modules").exists():
        run("npm", "ci", "--prefix", CLIENTS, "--no-audit", "--no-fund", "--loglevel=error")
    for chosen in sys.argv[1:] or EVERY:
        check(f"{chosen}: every record arrives, in order")(EVERY[chosen])
    print("\n".join(["", *TOLD]))
    finish()
