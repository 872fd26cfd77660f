"""MQTT clients as they behave in the field: backlogs of many thousand publishes, and subscriptions at the start."""

import contextlib
import json
import pathlib
import re
import socket
import subprocess
import tempfile
import urllib.request

from harness import agent, await_true, check, run

CLIENTS = pathlib.Path(__file__).parent
MOSQUITTO = "/usr/sbin/mosquitto"
COUNT = 10_000
QUICK = "engine: {listen: \"127.0.0.1:4567\"}\n"


def published(qos):
    """How many publishes of this QoS the agent has taken."""
    metrics = urllib.request.urlopen("http://127.0.0.1:9890/metrics", timeout=30).read().decode()
    return int(float(re.search(rf'^penstock_mqtt_publishes_total{{qos="{qos}"}} (\S+)$', metrics, re.M).group(1)))


@check("Eclipse Paho for Python: a backlog of 10,000 in one connection, 3.1.1 and 5, QoS 1 and 2")
def paho_backlog():
    with agent(QUICK):
        for qos in (1, 2):
            for turn, version in enumerate((4, 5), 1):
                said = json.loads(run("/usr/bin/python3", CLIENTS / "mqtt_backlog.py", "1883", str(version), str(qos),
                                      str(COUNT)))
                assert said == {"connects": 1, "acknowledged": COUNT}, said
                assert published(qos) == turn * COUNT, published(qos)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def mosquitto(version, qos):
    """Debian's broker with a bridge into the agent, and the port at which it takes publishes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "mosquitto.conf")
        file.write_text(f"""
listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
log_type none
connection backlog
address 127.0.0.1:1883
topic # out {qos}
bridge_protocol_version {version}
cleansession false
notifications false
restart_timeout 1
""")
        broker = subprocess.Popen([MOSQUITTO, "-c", str(file)])
        try:
            yield port
        finally:
            broker.terminate()
            broker.wait(30)


@check("mosquitto as a bridge into the agent: a backlog of 10,000 in one connection, 3.1.1 and 5, QoS 1 and 2")
def mosquitto_bridge_backlog():
    text = "".join(f"message {number}\n" for number in range(COUNT)).encode()
    for version, qos in (("mqttv50", 1), ("mqttv50", 2), ("mqttv311", 1)):
        with mosquitto(version, qos) as port:
            # The agent is not there yet, so the bridge keeps what the client sends.
            await_true("the broker", lambda: listens(port))
            run("mosquitto_pub", "-p", str(port), "-q", str(qos), "-t", "backlog/bridge", "-l", stdin=text)
            with agent(QUICK) as running:
                await_true("the backlog", lambda: published(qos) >= COUNT)
                run("mosquitto_pub", "-p", str(port), "-q", str(qos), "-t", "backlog/bridge", "-m", "the last")
                await_true("the last message", lambda: published(qos) > COUNT)
                assert published(qos) == COUNT + 1, published(qos)
                assert "closed" not in running.output, running.output


@check("MQTT.js subscribes at its start: refused with the reason, or granted with mqtt.subscribe: accept")
def subscribes_first():
    command = ["node", CLIENTS / "mqtt-subscribe.mjs", "mqtt://127.0.0.1:1883"]
    with agent(QUICK) as running:
        run(*command, status=1)
        assert "client z2m-4" in running.output and "mqtt.subscribe: accept" in running.output, running.output
        assert published(1) == 0
    with agent(QUICK + "mqtt: {subscribe: accept}\n") as running:
        run(*command)
        assert published(1) == 2
        for client in ("client z2m-4", "client z2m-5"):
            assert running.output.count(client) == 1, running.output
