"""What failures.py puts in the place of Kinesis, of brokers and of clients: they answer oddly, late, or not at all."""

import contextlib
import email.utils
import json
import socket
import ssl
import struct
import subprocess
import threading
import time


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def answer(status, kind, body, *headers):
    lines = [f"HTTP/1.1 {status} Said", *headers, f"Content-Type: {kind}", f"Content-Length: {len(body)}", "", body]
    return "\r\n".join(lines).encode()


def error(status, code, message, *headers):
    """As Kinesis tells an error."""
    return answer(status, "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}), *headers)


def date_in(seconds):
    return "Date: " + email.utils.formatdate(time.time() + seconds, usegmt=True)


class Server:
    """Accepts connections and gives each to `serve` on a thread of its own."""

    def __init__(self, serve, context=None):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.open = []
        threading.Thread(target=self._accept, args=(serve, context), daemon=True).start()

    def _accept(self, serve, context):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.open.append(client)
            threading.Thread(target=self._one, args=(client, serve, context), daemon=True).start()

    @staticmethod
    def _one(client, serve, context):
        with contextlib.suppress(OSError):
            with (context.wrap_socket(client, server_side=True) if context else client) as peer:
                serve(peer)

    def close(self):
        self.socket.close()
        for each in self.open:
            each.close()


def http(answers):
    """Serves each request with what `answers` makes of its operation; None closes the connection."""

    def serve(peer):
        stream = peer.makefile("rwb")
        while True:
            head = {}
            line = stream.readline()
            if not line:
                return
            while line not in (b"\r\n", b""):
                name, _, value = line.decode("latin-1").partition(":")
                head[name.lower()] = value.strip()
                line = stream.readline()
            stream.read(int(head.get("content-length", 0)))
            said = answers(head.get("x-amz-target", "").rpartition(".")[2])
            if said is None:
                return
            stream.write(said)
            stream.flush()

    return serve


def silent(peer):
    """Reads all and says nothing."""
    while peer.recv(65536):
        pass


class FullBacklog:
    """A port whose queue of new connections is full, so that the kernel drops what asks for one more."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(0)
        self.port = self.socket.getsockname()[1]
        self.waiting = []
        for _ in range(8):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.port))
            self.waiting.append(client)

    def close(self):
        for each in [self.socket, *self.waiting]:
            each.close()


def certificate(folder, name, *, san, start="-1d", days=30):
    """A certificate that is valid for `days` from `start`, its key, and the authority that signed it, as PEM files."""
    store = folder / f"{name}.p12"

    def keytool(command, alias, *more, **how):
        return subprocess.run(["keytool", command, "-alias", alias, "-keystore", store, "-storetype", "PKCS12", "-storepass",
                               "changeit", *more], check=True, capture_output=True, **how).stdout

    keytool("-genkeypair", "ca", "-keyalg", "EC", "-dname", f"CN=authority of {name}", "-ext", "bc:c", "-startdate", "-60d",
            "-validity", "120")
    keytool("-genkeypair", "a", "-keyalg", "EC", "-dname", f"CN={name}")
    signed = keytool("-gencert", "ca", "-ext", f"san={san}", "-startdate", start, "-validity", str(days), "-rfc",
                     input=keytool("-certreq", "a"))
    pem, key, authority = folder / f"{name}.pem", folder / f"{name}.key", folder / f"{name}-ca.pem"
    pem.write_bytes(signed)
    authority.write_bytes(keytool("-exportcert", "ca", "-rfc"))
    pair = folder / f"{name}-a.p12"
    subprocess.run(["keytool", "-importkeystore", "-srckeystore", store, "-srcstorepass", "changeit", "-srcalias", "a",
                    "-destkeystore", pair, "-deststoretype", "PKCS12", "-deststorepass", "changeit"], check=True,
                   capture_output=True)
    subprocess.run(["openssl", "pkcs12", "-in", pair, "-passin", "pass:changeit", "-out", key, "-nocerts", "-noenc"],
                   check=True, capture_output=True)
    return pem, key, authority


def tls(pem, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return context


def mqtt_connect(port, client_id, user=None, password=None, clean=True):
    """A socket after its MQTT 3.1.1 CONNECT, and the return code of the CONNACK."""
    def text(value):
        return struct.pack(">H", len(value)) + value.encode()

    flags = (2 if clean else 0) | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    body = text("MQTT") + bytes([4, flags]) + struct.pack(">H", 60) + text(client_id)
    body += (text(user) if user is not None else b"") + (text(password) if password is not None else b"")
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.sendall(bytes([0x10, len(body)]) + body)
    connack = client.recv(4)
    return client, connack[3] if len(connack) == 4 else None


def mqtt_publish(client, topic, payload):
    """A publish of QoS 0."""
    body = struct.pack(">H", len(topic)) + topic.encode() + payload
    length, left = b"", len(body)
    while True:
        length += bytes([left % 128 | (128 if left >= 128 else 0)])
        left //= 128
        if not left:
            break
    client.sendall(b"\x30" + length + body)
