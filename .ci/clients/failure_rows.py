"""How failures.py provokes each failure: a function for one fault, or for several that one agent can have at once."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time

from failure_peers import (FullBacklog, answer, certificate, date_in, error, free_port, http, mqtt_connect, mqtt_publish,
                           silent, tls)
from failures import row

#: Names that no fault from outside brings about, and what holds them.
NOT_PROVOKED = {
    "defect": "a defect of Penstock; ConditionsTest and SupervisedSenderTest provoke it",
}
EVENT = json.dumps({"filler": "x" * 900}).encode()


# Before and around everything

@row("starting")
def starting(t):
    t.start()
    t.post()
    slow = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "-P", str(t.folder / "data/spool/default~orders"),
            "-e", "trace=openat", "-e", "inject=openat:delay_enter=20s"]
    t.restart(prefix=slow, ready=False)
    t.until("listening", lambda: reachable(t.ports["admin"]))
    t.see("starting", "agent", log=False)


def reachable(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@row("stopping")
def stopping(t):
    t.start({**t.target(f"http://127.0.0.1:{free_port()}"), "shutdown-timeout": "40s"})
    t.post()
    t.process.send_signal(signal.SIGTERM)
    t.see("stopping", "agent", log=False)


@row("disk-full")
def disk_full(t):
    data = t.folder / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", data], check=True)
    t.stack.callback(subprocess.run, ["umount", "--lazy", data])
    t.start({**t.target(f"http://127.0.0.1:{free_port()}"), "spool": {"reserve": "8MiB"}})
    for _ in range(100):
        if t.post(body=os.urandom(400_000)) != 200:
            break
    t.see("disk-full", "agent")


@row("disk-failed")
def disk_failed(t):
    t.start()
    t.post()
    t.browser.open(f"http://127.0.0.1:{t.ports['admin']}/")
    tracer = subprocess.Popen(["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(t.process.pid), "-e",
                               "trace=fdatasync", "-e", "inject=fdatasync:error=EIO"], stderr=subprocess.DEVNULL)
    t.stack.callback(tracer.kill)
    t.until("traced", lambda: "TracerPid:\t0" not in open(f"/proc/{t.process.pid}/status").read())
    begun = time.monotonic()
    with contextlib.suppress(OSError):
        t.post(seconds=5)
    found = None
    while found is None and time.monotonic() - begun < 10:
        found = t.on_page("disk-failed", "agent") or t.on_page("disk-failed", "stream orders")
        time.sleep(0.02)
    took = time.monotonic() - begun
    assert found, f"the page does not say it: {t.output[-3000:]}"
    assert t.process.wait(60) == 1
    assert "disk-failed (" in t.output, t.output[-3000:]
    t.seen.append(("disk-failed", "agent", took, found[2]))


@row("disk-low")
def disk_low(t):
    free = os.statvfs(t.folder).f_bavail * os.statvfs(t.folder).f_frsize
    t.start({"spool": {"reserve": free // 10 * 7}})
    t.see("disk-low", "agent")


@row("descriptors")
def descriptors(t):
    t.start(prefix=["prlimit", "--nofile=700:700"])
    t.see("descriptors", "agent")


@row("memory")
def memory(t):
    t.start(options="-Xmx96m")
    head = b"POST /v1/streams/orders/records HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n" \
           b"Content-Length: 900000\r\n\r\n"
    for _ in range(80):
        peer = t.keep(socket.create_connection(("127.0.0.1", t.ports["http"])))
        peer.setblocking(False)
        with contextlib.suppress(BlockingIOError, ConnectionError):
            peer.send(head + b"x" * 800_000)
    t.see("memory", "source http")


@row("reload-refused")
def reload_refused(t):
    t.start()
    (t.folder / "penstock.yaml").write_text("mqtt: {lissten: []}")
    t.process.send_signal(signal.SIGHUP)
    t.see("reload-refused", "agent")


@row("restart-needed")
def restart_needed(t):
    t.start()
    t.reload({"engine": {"durability": "os"}})
    t.see("restart-needed", "agent")


# The way to a target

def to_target(t, endpoint, name, *, late=0, place="target default", events=1, **more):
    t.start({**t.target(endpoint, **more)})
    for _ in range(events):
        t.post()
    t.see(name, place, late=late)


@row("host-unknown")
def host_unknown(t):
    to_target(t, "http://no-such-host.invalid:4567", "host-unknown")


@row("connection-refused")
def connection_refused(t):
    to_target(t, f"http://127.0.0.1:{free_port()}", "connection-refused")


@row("unreachable")
def unreachable(t):
    to_target(t, f"http://127.0.0.1:{t.keep(FullBacklog()).port}", "unreachable")


def encrypted(t, name, san, **more):
    pem, key, authority = certificate(t.folder, name, san=san, **more)
    return f"https://127.0.0.1:{t.server(silent, tls(pem, key))}", str(authority)


@row("tls-untrusted")
def untrusted(t):
    endpoint, _ = encrypted(t, "private", "ip:127.0.0.1")
    to_target(t, endpoint, "tls-untrusted")


@row("tls-wrong-name")
def wrong_name(t):
    endpoint, pem = encrypted(t, "other", "dns:elsewhere.example")
    to_target(t, endpoint, "tls-wrong-name", tls={"ca": pem})


@row("tls-not-valid-now")
def expired_certificate(t):
    endpoint, pem = encrypted(t, "expired", "ip:127.0.0.1", start="-20d", days=10)
    to_target(t, endpoint, "tls-not-valid-now", tls={"ca": pem})


@row("tls-not-valid-now")
def future_certificate(t):
    endpoint, pem = encrypted(t, "future", "ip:127.0.0.1", start="+20d", days=10)
    to_target(t, endpoint, "tls-not-valid-now", tls={"ca": pem})


@row("tls-failed")
def tls_to_a_plain_port(t):
    def plain(peer):
        peer.recv(4096)
        peer.sendall(answer(400, "text/html", "plain HTTP here"))

    to_target(t, f"https://127.0.0.1:{t.server(plain)}", "tls-failed")


@row("proxy-or-login-page")
def login_page(t):
    endpoint = t.odd(lambda operation: answer(200, "text/html", "<html>log in first</html>", "Server: portal"))
    to_target(t, endpoint, "proxy-or-login-page")


@row("proxy-login")
def proxy_login(t):
    proxy = t.odd(lambda operation: answer(407, "text/html", "no", 'Proxy-Authenticate: Basic realm="x"'))
    to_target(t, "http://kinesis.example:4567", "proxy-login", proxy={"url": proxy})


@row("no-answer")
def no_answer(t):
    to_target(t, f"http://127.0.0.1:{t.server(silent)}", "no-answer")


@row("connection-lost")
def connection_lost(t):
    to_target(t, t.odd(lambda operation: None), "connection-lost")


@row("clock-skew")
def clock_skew(t):
    later = date_in(6 * 365 * 86400)
    to_target(t, t.odd(lambda operation: error(400, "RequestExpired", "Signature expired", later)), "clock-skew")


# What the target answers

def answered(t, name, place, status, code, message):
    to_target(t, t.odd(lambda operation: error(status, code, message.replace("OPERATION", operation))), name, place=place)


@row("access-denied")
def access_denied(t):
    answered(t, "access-denied", "stream orders", 400, "AccessDeniedException",
             "User: arn:aws:iam::1:user/edge is not authorized to perform: kinesis:OPERATION on resource: orders")


@row("credentials")
def expired_token(t):
    answered(t, "credentials", "target default", 400, "ExpiredTokenException", "The token has expired")


@row("credentials")
def no_credentials(t):
    t.start({"kinesis": {"endpoint": f"http://127.0.0.1:{free_port()}", "credentials": {
        "source": "profile", "profile": "edge", "file": str(t.folder / "nowhere")}}})
    t.post()
    t.see("credentials", "target default")


@row("kms")
def kms(t):
    answered(t, "kms", "stream orders", 400, "KMSDisabledException", "The key is disabled")


@row("stream-missing")
def stream_missing(t):
    t.start({"engine": {"auto-create": False}})
    t.post()
    t.see("stream-missing", "stream orders")


@row("request-too-large")
def too_large(t):
    to_target(t, t.odd(lambda operation: answer(413, "text/html", "too large")), "request-too-large",
              place="stream orders")


@row("service-error")
def service_error(t):
    answered(t, "service-error", "target default", 500, "InternalFailure", "sorry")


@row("parked")
def parked(t):
    answered(t, "parked", "stream orders", 400, "SomethingNewException", "not today")


@row("dead-letters")
def dead_letters(t):
    answered(t, "dead-letters", "stream orders", 400, "ValidationException", "not such a record")


@row("target-removed")
def target_removed(t):
    away = {"targets": {"away": t.target(f"http://127.0.0.1:{free_port()}")["kinesis"]},
            "routes": [{"match": "http:orders", "stream": "orders", "target": "away"}]}
    t.start(away)
    t.post()
    t.restart()
    t.see("target-removed", "target away")


# What slows a stream down, and what it lost

def posted(t, times, body=EVENT, **how):
    for _ in range(times):
        t.post(body=body, kind="application/json", **how)


@row("throttled")
def throttled(t):
    t.start({"engine": {"enforce-limits": True, "default-shards": 1}})
    posted(t, 60, b"[" + b",".join([EVENT] * 1000) + b"]")
    t.see("throttled", "stream orders")


@row("hot-key")
def hot_key(t):
    t.start({"routes": [{"match": "http:orders", "stream": "orders", "partition-key": "same"}]})
    t.post()
    t.until("delivered", lambda: '"delivered_events" : 1,' in t.get("/api/status"))
    posted(t, 12, b"[" + b",".join([EVENT] * 1000) + b"]")
    t.see("hot-key", "stream orders")


@row("keys-ignored")
def keys_ignored(t):
    t.start()
    call(t, "CreateStream", StreamName="orders", StreamModeDetails={"StreamMode": "ON_DEMAND"},
         RecordDistributionStrategy="AUTO")
    t.until("active", lambda: "ACTIVE" in call(t, "DescribeStreamSummary", StreamName="orders"))
    posted(t, 5)
    t.see("keys-ignored", "stream orders")


def call(t, operation, **members):
    return subprocess.run(
        ["curl", "-sS", f"http://127.0.0.1:{t.ports['engine']}/", "-H", "content-type: application/x-amz-json-1.1", "-H",
         f"x-amz-target: Kinesis_20131202.{operation}", "-H", "authorization: AWS4-HMAC-SHA256 Credential=local/20260101/"
         "us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0", "-d", json.dumps(members)],
        capture_output=True, text=True, timeout=60).stdout


@row("rate-held")
def rate_held(t):
    t.start({"kinesis": {"max-rate": "2KiB"}})
    posted(t, 100)
    t.see("rate-held", "stream orders")


@row("spool-full")
def spool_full(t):
    t.start({**t.target(f"http://127.0.0.1:{free_port()}"), "spool": {"max-bytes": "1MiB"}})
    fill(t)
    t.see("spool-full", "stream orders")


def fill(t):
    for _ in range(30):
        if t.post(body=os.urandom(100_000)) != 200:
            return


@row("spool-unusable")
def spool_unusable(t):
    (t.folder / "data/spool").mkdir(parents=True)
    (t.folder / "data/spool/default~orders").write_text("a file where the folder should be")
    t.start()
    t.post()
    t.see("spool-unusable", "stream orders")


@row("events-lost")
def events_lost(t):
    t.start({**t.target(f"http://127.0.0.1:{free_port()}"),
             "spool": {"max-bytes": "4MiB", "when-full": "drop-oldest"}})
    for _ in range(150):
        t.post(body=os.urandom(100_000))
    t.see("events-lost", "stream orders")


@row("damage", "sessions-lost")
def damage(t):
    away = t.target(f"http://127.0.0.1:{free_port()}")
    t.start(away)
    for _ in range(60):
        t.post(body=os.urandom(20_000))
    for _ in range(2):
        client, _ = mqtt_connect(t.ports["mqtt"], "kept", clean=False)
        client.close()
    t.process.send_signal(signal.SIGTERM)
    t.process.wait(60)
    spoil(t.folder / "data/spool/default~orders")
    spoil(t.folder / "data/mqtt-sessions")
    t.start(away)
    t.see("damage", "stream orders")
    t.see("sessions-lost", "source mqtt")


def spoil(folder):
    """Noise over the first half of each file that holds something."""
    for file in folder.iterdir():
        if file.is_file() and file.suffix != ".lock" and file.stat().st_size:
            with open(file, "r+b") as opened:
                opened.write(os.urandom(file.stat().st_size // 2))


# Clients and sessions

@row("bad-client")
def bad_client(t):
    t.start()
    posted(t, 1, b'{"a": ')
    t.see("bad-client", "client http 127.0.0.1")


@row("bad-client")
def other_protocol(t):
    t.start()
    with socket.create_connection(("127.0.0.1", t.ports["mqtt"])) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.recv(100)
    t.see("bad-client", "client mqtt 127.0.0.1")


@row("client-flooding")
def flooding_requests(t):
    t.start({"http": {"limits": {"requests-per-second": 2}}})
    for _ in range(20):
        t.post()
    t.see("client-flooding", "client http 127.0.0.1")


@row("client-flooding")
def flooding_publishes(t):
    t.start({"mqtt": {"limits": {"publishes-per-second": 5}}})
    client, _ = mqtt_connect(t.ports["mqtt"], "flood")
    t.keep(client)
    for _ in range(200):
        mqtt_publish(client, "t", b"x")
    t.see("client-flooding", "client mqtt 127.0.0.1")


@row("login-failed")
def login_failed(t):
    passwords = t.folder / "passwords"
    passwords.write_text("")
    t.start({"mqtt": {"auth": {"password-file": str(passwords)}}})
    client, code = mqtt_connect(t.ports["mqtt"], "gauge", "bob", "hush")
    client.close()
    assert code in (4, 5), code
    t.see("login-failed", "client mqtt 127.0.0.1")
    details = t.get("/readyz")
    assert "user 'bob'" in details and "client id 'gauge'" in details and "hush" not in details, details


@row("session-storm")
def session_storm(t):
    t.start()
    for _ in range(25):
        client, _ = mqtt_connect(t.ports["mqtt"], "twin")
        t.keep(client)
    t.see("session-storm", "client mqtt 127.0.0.1")


# Bridges

def bridge(name, port, scheme="mqtt", **more):
    return {"name": name, "urls": [f"{scheme}://127.0.0.1:{port}"], "topics": [{"filter": "#"}], **more}


@contextlib.contextmanager
def mosquitto(t, *lines):
    port = free_port()
    file = t.folder / "mosquitto.conf"
    file.write_text("\n".join([f"listener {port} 127.0.0.1", *lines]) + "\n")
    broker = subprocess.Popen(["mosquitto", "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not reachable(port) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield port
    finally:
        broker.kill()
        broker.wait()


@row("bridge-refused")
def bridge_refused(t):
    (t.folder / "broker-passwords").write_text("")
    os.chmod(t.folder, 0o755)
    port = t.stack.enter_context(mosquitto(t, "allow_anonymous false", f"password_file {t.folder}/broker-passwords"))
    t.start({"mqtt": {"bridges": [bridge("plant", port)]}})
    t.see("bridge-refused", "bridge plant")


@row("bridge-held")
def bridge_held(t):
    port = t.stack.enter_context(mosquitto(t, "allow_anonymous true"))
    t.start({**t.target(f"http://127.0.0.1:{free_port()}"), "spool": {"max-bytes": "1MiB"},
             "mqtt": {"bridges": [bridge("plant", port)]}})
    t.until("connected", lambda: '"connected" : 1' in t.get("/api/status"))
    client, _ = mqtt_connect(port, "sensor")
    t.keep(client)
    for _ in range(60):
        mqtt_publish(client, "t", os.urandom(50_000))
    t.see("bridge-held", "bridge plant")


@row("host-unknown", "connection-refused", "unreachable", "tls-untrusted", "tls-wrong-name", "tls-not-valid-now",
     "tls-failed", "proxy-or-login-page", "no-answer", "connection-lost")
def bridges(t):
    pem, key, _ = certificate(t.folder, "private", san="ip:127.0.0.1")
    other, other_key, other_ca = certificate(t.folder, "other", san="dns:elsewhere.example")
    old, old_key, old_ca = certificate(t.folder, "old", san="ip:127.0.0.1", start="-20d", days=10)
    plain = t.server(http(lambda operation: answer(200, "text/html", "<html>log in</html>")))
    faults = {
        "host-unknown": {"urls": ["mqtt://no-such-host.invalid:1883"]},
        "connection-refused": bridge("b", free_port()),
        "unreachable": bridge("b", t.keep(FullBacklog()).port),
        "tls-untrusted": bridge("b", t.server(silent, tls(pem, key)), "mqtts"),
        "tls-wrong-name": bridge("b", t.server(silent, tls(other, other_key)), "mqtts", tls={"ca": str(other_ca)}),
        "tls-not-valid-now": bridge("b", t.server(silent, tls(old, old_key)), "mqtts", tls={"ca": str(old_ca)}),
        "tls-failed": bridge("b", t.server(lambda peer: peer.sendall(b"* plain\r\n")), "mqtts"),
        "proxy-or-login-page": bridge("b", plain, "ws"),
        "no-answer": bridge("b", t.server(silent)),
        "connection-lost": bridge("b", t.server(lambda peer: peer.recv(100))),
    }
    t.start({"mqtt": {"bridges": [{"topics": [{"filter": "#"}], **fault, "name": "to-" + name}
                                  for name, fault in faults.items()]}})
    for name in faults:
        # A broker may take 30 s for its answer to a connect.
        t.see(name, f"bridge to-{name}", late=35 if name == "no-answer" else 0)
