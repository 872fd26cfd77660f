"""Queues publishes with Eclipse Paho for Python before it connects: PORT VERSION QOS COUNT.

Prints a JSON object when all are acknowledged: how often it connected.
"""

import json
import sys
import threading
import warnings

import paho.mqtt.client as mqtt

warnings.simplefilter("ignore")
port, version, qos, count = (int(argument) for argument in sys.argv[1:])
options = {"callback_api_version": mqtt.CallbackAPIVersion.VERSION1} if hasattr(mqtt, "CallbackAPIVersion") else {}
client = mqtt.Client(client_id=f"backlog-{version}-{qos}", protocol=version, **options)
connects, acknowledged, done = [], [], threading.Event()


def on_publish(*_):
    acknowledged.append(1)
    if len(acknowledged) == count:
        done.set()


client.on_connect = lambda *_: connects.append(1)
client.on_publish = on_publish
for number in range(count):
    client.publish(f"backlog/paho-{version}-{qos}", f"message {number}", qos)
client.connect("127.0.0.1", port)
client.loop_start()
finished = done.wait(60)
client.disconnect()
client.loop_stop()
print(json.dumps({"connects": len(connects), "acknowledged": len(acknowledged)}))
sys.exit(0 if finished else 1)
