"""Clients that are too heavy for every check, each as its authors ship it, against the agent while it is killed: Fluent Bit
and Fluentd with their Kinesis, forward and HTTP outputs, the loggers for JavaScript that ask for acknowledgements, the AWS
CLI and the SDK for JavaScript. The KPL and the KCL have tests of their own, which the last check runs with Maven.

    FLUENT_BIT=/opt/fluent-bit/bin/fluent-bit FLUENTD=fluentd python3 .ci/clients/heavy.py [NAME...]

NAME is fluent-bit, forward, fluentd, fluentd-forward, fluent-bit-http, fluentd-http, loggers, cli, javascript, mqtt-js,
hivemq or java; all unless told. Each run kills the agent with SIGKILL several times while the client sends, and compares the
stream with what the client has acknowledged, or with all of its input where the client keeps its input until it is
acknowledged; the two of MQTT stop it with SIGTERM as well. Fluentd needs fluent-plugin-kinesis, and zstd-ruby for its
forward output; `npm ci` in this folder brings the SDK, the loggers and MQTT.js. Some minutes; ports 1884, 4567, 4568, 4571,
9880, 9890, 9891 and 24224.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from harness import PENSTOCK, ROOT, Agent, await_true, check, finish, kinesis, read_stream, run

CLIENTS = pathlib.Path(__file__).parent
KEY, SECRET = "PRESS17", "a/secret+of=signs"
KILLS, LINES = 4, 12_000
CREDENTIALS = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_MAX_ATTEMPTS": "1"}


class Killed:
    """An agent that is killed and started again over the same data."""

    def __init__(self, folder, tls):
        self.folder = pathlib.Path(folder)
        keys = self.folder / "keys"
        keys.write_text(f"[client]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        keys.chmod(0o600)
        self.certificate = self.folder / "cert.pem"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.folder / "key.pem", "-out", self.certificate)
        encrypted = f"  tls: {{certificate: {self.certificate}, key: {self.folder}/key.pem}}\n" if tls else ""
        self.config = (f'kinesis-api:\n  listen: "127.0.0.1:4568"\n  auth: sigv4\n  credentials-file: {keys}\n{encrypted}'
                       "mqtt: {listen: []}\nlog4j: {listen: []}\n")
        self.agent = None

    def start(self):
        self.agent = Agent(self.folder, self.config).await_ready()

    def kill(self):
        self.agent.process.kill()
        self.agent.process.wait()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *failure):
        self.kill()


def lines(killed, file):
    """Writes numbered lines, and kills the agent now and then. Returns what was written."""
    written = [f"line {n} Grüße" for n in range(LINES)]
    with open(file, "w", encoding="utf-8") as out:
        for first in range(0, LINES, 200):
            out.write("".join(line + "\n" for line in written[first:first + 200]))
            out.flush()
            time.sleep(0.1)
            if first and first % (LINES // (KILLS + 1)) == 0:
                killed.kill()
                time.sleep(0.5)
                killed.start()
    return set(written)


def compare(stream, wanted, text):
    """Waits until the stream has all of `wanted`; says how much it has twice."""
    def found():
        records = [text(record) for record in read_stream(stream)]
        return records if wanted <= set(records) else None

    records = await_true(f"all {len(wanted)} in {stream}", found, 180)
    print(f"     {stream}: {len(wanted)} acknowledged, {len(records)} records, {len(records) - len(set(records))} twice",
          flush=True)


def tailing(name, command, configuration, field, stream, tls=False):
    """A program that reads the lines of a file and keeps them until the agent has them."""
    with tempfile.TemporaryDirectory() as folder, Killed(folder, tls) as killed:
        file = killed.folder / "lines.log"
        file.touch()
        config = killed.folder / "program.conf"
        config.write_text(configuration.format(file=file, folder=folder, ca=killed.certificate, key=KEY, secret=SECRET))
        log = open(killed.folder / "program.log", "wb")
        program = subprocess.Popen([*command, "-c", str(config)], env={**os.environ, **CREDENTIALS}, stdout=log,
                                   stderr=subprocess.STDOUT)
        try:
            wanted = lines(killed, file)
            compare(stream, wanted, lambda record: json.loads(record)[field])
        except BaseException:
            print((killed.folder / "program.log").read_text(errors="replace")[-4000:], file=sys.stderr)
            raise
        finally:
            program.terminate()
            program.wait(60)


FLUENT_BIT_INPUT = """
[SERVICE]
    flush 0.2
    scheduler.base 1
    scheduler.cap 2
[INPUT]
    name tail
    path {file}
    tag app
    read_from_head true
    refresh_interval 1
"""


def fluent_bit():
    tailing("fluent-bit", [os.environ.get("FLUENT_BIT", "fluent-bit")], FLUENT_BIT_INPUT + """
[OUTPUT]
    name kinesis_streams
    match *
    region us-east-1
    stream fluent-bit
    endpoint localhost
    port 4568
    tls.ca_file {ca}
    retry_limit no_limits
""", "log", "fluent-bit", tls=True)


def forward():
    tailing("forward", [os.environ.get("FLUENT_BIT", "fluent-bit")], FLUENT_BIT_INPUT + """
[OUTPUT]
    name forward
    match *
    host 127.0.0.1
    port 24224
    require_ack_response true
    retry_limit no_limits
""", "log", "forward")


FLUENTD = [*os.environ.get("FLUENTD", "fluentd").split(), "--no-supervisor"]
FLUENTD_INPUT = """
<source>
  @type tail
  path {file}
  pos_file {folder}/pos
  tag app
  encoding utf-8
  read_from_head true
  <parse>
    @type none
  </parse>
</source>
"""


def fluentd():
    tailing("fluentd", FLUENTD, FLUENTD_INPUT + """
<match app>
  @type kinesis_streams
  stream_name fluentd
  region us-east-1
  endpoint http://127.0.0.1:4568
  aws_key_id {key}
  aws_sec_key {secret}
  <buffer>
    flush_interval 1s
    retry_forever true
    retry_type periodic
    retry_wait 1s
  </buffer>
</match>
""", "message", "fluentd")


def fluent_bit_http():
    for form, compression in (("json_lines", "gzip"), ("msgpack", "zstd"), ("json", "snappy")):
        tailing(f"fluent-bit-{form}", [os.environ.get("FLUENT_BIT", "fluent-bit")], FLUENT_BIT_INPUT + f"""
[OUTPUT]
    name http
    match *
    host 127.0.0.1
    port 9880
    uri /app.log
    format {form}
    compress {compression}
    retry_limit no_limits
""", "log", "forward")


def fluentd_http():
    tailing("fluentd-http", FLUENTD, FLUENTD_INPUT + """
<match app>
  @type http
  endpoint http://127.0.0.1:9880/app.log
  retryable_response_codes 408,429,500,503
  <format>
    @type msgpack
  </format>
  content_type application/x-msgpack
  <buffer>
    @type file
    path {folder}/buffer
    flush_interval 1s
    retry_forever true
    retry_type periodic
    retry_wait 1s
  </buffer>
</match>
""", "message", "forward")


def fluentd_forward():
    tailing("fluentd-forward", FLUENTD, FLUENTD_INPUT + """
<match app>
  @type forward
  require_ack_response true
  compress zstd
  heartbeat_type none
  <server>
    host 127.0.0.1
  </server>
  <buffer>
    @type file
    path {folder}/buffer
    flush_interval 1s
    retry_forever true
    retry_type periodic
    retry_wait 1s
  </buffer>
</match>
""", "message", "forward")


def rounds(killed, acknowledged, enough):
    """Kills the agent whenever `enough` more records have been acknowledged."""
    for _ in range(KILLS):
        before = acknowledged()
        await_true("records are acknowledged", lambda: acknowledged() >= before + enough)
        killed.kill()
        killed.start()
    before = acknowledged()
    await_true("records are acknowledged after the last start", lambda: acknowledged() > before)


def javascript():
    with tempfile.TemporaryDirectory() as folder, Killed(folder, False) as killed:
        told = killed.folder / "acknowledged"
        program = subprocess.Popen(["node", CLIENTS / "heavy.mjs", "http://127.0.0.1:4568", "javascript", KEY, SECRET],
                                   stdout=open(told, "wb"))
        try:
            rounds(killed, lambda: told.read_bytes().count(b"\n"), 2_000)
        finally:
            program.terminate()
            program.wait(60)
        whole = told.read_bytes().rpartition(b"\n")[0].splitlines()
        compare("javascript", set(whole), bytes)


def loggers():
    with tempfile.TemporaryDirectory() as folder, Killed(folder, False) as killed:
        told = killed.folder / "acknowledged"
        program = subprocess.Popen(["node", CLIENTS / "loggers.mjs", "24224", "app"], stdout=open(told, "wb"))
        try:
            rounds(killed, lambda: told.read_bytes().count(b"\n"), 3_000)
        finally:
            program.terminate()
            program.wait(60)
        whole = told.read_text().rpartition("\n")[0].splitlines()
        print("    ", dict(collections.Counter(line.rpartition(" ")[0] for line in whole)))
        compare("forward", set(whole), lambda record: json.loads(record)["event"])


def cli():
    with tempfile.TemporaryDirectory() as folder, Killed(folder, False) as killed:
        acknowledged, program = set(), None
        for call in range(5 * (KILLS + 1)):
            data = [f"call-{call}-record-{n}" for n in range(20)]
            # Version 2 takes Base64 in the file unless told; the option is not known to version 1.
            version_2 = b"aws-cli/2" in run("aws", "--version")
            options = ["--cli-binary-format", "raw-in-base64-out"] if version_2 else []
            records = json.dumps([{"Data": each, "PartitionKey": each} for each in data])
            program = subprocess.Popen(
                ["aws", "kinesis", "put-records", "--endpoint-url", "http://127.0.0.1:4568", "--region", "us-east-1",
                 "--output", "json", "--stream-name", "cli", "--records", records, *options],
                env={**os.environ, **CREDENTIALS}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if call % 5 == 4:
                killed.kill()
                killed.start()
            answer, _ = program.communicate(timeout=120)
            if program.returncode == 0:
                acknowledged |= {each.encode() for each, entry in zip(data, json.loads(answer)["Records"])
                                 if "ErrorCode" not in entry}
        assert acknowledged, "no call was acknowledged"
        compare("cli", acknowledged, bytes)


def mqtt_js():
    """MQTT.js with sessions over SIGTERM and SIGKILL: each publish is stored, none is reported as failed, QoS 2 once."""
    count = 2_000
    with tempfile.TemporaryDirectory() as folder:
        config = ('mqtt: {listen: ["127.0.0.1:1884"]}\nhttp: {listen: []}\nlog4j: {listen: []}\nforward: {listen: []}\n'
                  'admin: {listen: "127.0.0.1:9891"}\nengine: {listen: "127.0.0.1:4571"}\n')
        agent = Agent(folder, config).await_ready()
        told = pathlib.Path(folder) / "told"
        with open(told, "wb") as out:
            program = subprocess.Popen(["node", CLIENTS / "mqtt-sessions.mjs", "mqtt://127.0.0.1:1884", str(count)], stdout=out)
        try:
            for stop in range(4):
                enough = 4 * count * (stop + 1) // 6
                await_true("publishes are acknowledged", lambda: told.read_bytes().count(b"\n") >= enough)
                if stop % 2:
                    agent.process.terminate()
                else:
                    agent.process.kill()
                agent.process.wait(60)
                agent = Agent(folder, config).await_ready()
            await_true("all are answered", lambda: told.read_bytes().endswith(b"done\n"), 180)
            lines = told.read_text().splitlines()
            assert lines.count("done") == 1 and len(lines) == 4 * count + 1, len(lines)
            failed = [line for line in lines if line.startswith("failed")]
            assert not failed, f"{len(failed)} publishes failed, such as {failed[0]}"
            wanted = {f"js-{version}-{qos} {n}" for version in (4, 5) for qos in (1, 2) for n in range(count)}
            times = collections.Counter()
            await_true("all are stored", lambda: wanted <= stored(times), 180)
            twice = {payload for payload, number in times.items() if number > 1}
            assert not any("-2 " in payload for payload in twice), f"QoS 2 twice: {sorted(twice)[:5]}"
            print(f"  {len(wanted)} stored, {len(twice)} of QoS 1 twice, 0 failed")
        finally:
            program.kill()
            agent.process.kill()
            agent.process.wait()


def stored(times):
    """The payloads in the stream mqtt; counts how often each was taken, by the ids of its records."""
    taken = {(record["@id"], record["payload"]) for record in map(json.loads, read_stream("mqtt", kinesis("http://127.0.0.1:4571")))}
    times.clear()
    times.update(payload for _, payload in taken)
    return set(times)


def hivemq():
    """HiveMQ's client, MQTT 3.1.1 and 5, 10,000 publishes of QoS 1 and of QoS 2 each, three SIGKILL and three SIGTERM."""
    subprocess.run([PENSTOCK, "--version"], stdout=subprocess.DEVNULL, check=True)
    done = subprocess.run(
        ["./mvnw", "-B", "-ntp", "-q", "-P", "!full", "-pl", "agent/tools", "-am", "verify", "-Dtest=NONE", "-Dit.test=MqttSessionsIT",
         "-Dsurefire.failIfNoSpecifiedTests=false", "-Dfailsafe.failIfNoSpecifiedTests=false", "-Dpenstock.sessions.messages=10000",
         "-Dpenstock.sessions.rounds=6", "-Dpenstock.sessions.seconds=300"],
        cwd=ROOT, timeout=1800)
    assert done.returncode == 0, "see above"


def java():
    # The tests start this launcher: if it builds only then, it writes the classes from which they run.
    subprocess.run([PENSTOCK, "--version"], stdout=subprocess.DEVNULL, check=True)
    done = subprocess.run(
        ["./mvnw", "-B", "-ntp", "-q", "-Pclients", "-P", "!full", "-pl", "stream-engine", "-am", "test-compile",
         "surefire:test", "-Dtest=KplIntoAgentTest,KclThroughAgentTest", "surefire:test@kcl-2",
         "-Dpenstock.kcl2.tests=KclThroughAgentTest", "-Dsurefire.failIfNoSpecifiedTests=false"],
        cwd=ROOT, timeout=1800)
    assert done.returncode == 0, "see above"


if __name__ == "__main__":
    every = {"fluent-bit": fluent_bit, "forward": forward, "fluentd": fluentd, "fluentd-forward": fluentd_forward,
             "fluent-bit-http": fluent_bit_http, "fluentd-http": fluentd_http, "loggers": loggers, "cli": cli, "javascript": javascript,
             "mqtt-js": mqtt_js, "hivemq": hivemq, "java": java}
    for chosen in sys.argv[1:] or every:
        check(f"{chosen}: kill -9 of the agent loses nothing that was acknowledged")(every[chosen])
    finish()
