#!/usr/bin/env python3
"""Each command whose output goes into a pipe that nobody reads to its end, at a running agent.

Once the reader is gone before the first line, and once behind it (`penstock X | head -1`). The command must end, with
status 0 or 141, and say nothing on standard error.

.ci/clients/closed_pipes.py [WORD ...]     all commands, or those that begin with these words; two minutes
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

from failure_peers import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
PENSTOCK = os.environ.get("PENSTOCK", str(ROOT / "agent/bin/penstock"))
# A command may take this long before it writes; behind its first line it must end at once.
START, END = 60, 10


def commands(config, data, admin, engine, ports):
    """Words, the statuses that are right, and what standard error may hold."""
    agent = ["--admin", admin]
    at = ["--endpoint-url", f"http://127.0.0.1:{engine}"]
    folder = ["--data", data]
    quiet = ({0, 141}, "")
    return [
        (["--help"], *quiet),
        (["help", "status"], *quiet),
        (["check", "--config", config], *quiet),
        (["check", "--config", config, "--print"], *quiet),
        (["status", *agent], *quiet),
        (["status", "--json", *agent], *quiet),
        (["status", "--watch", *agent], *quiet),
        (["status", "--watch", "--json", *agent], *quiet),
        (["clients", *agent], *quiet),
        (["clients", "--json", *agent], *quiet),
        (["streams", *at], *quiet),
        (["streams", "list", *at], *quiet),
        (["streams", "describe", "s", *at], *quiet),
        (["put", "s", "hello", *at], *quiet),
        (["tail", "s", "--from-start", *at], *quiet),
        (["tail", "s", "--from-start", "--json", *at], *quiet),
        (["tail", "s", "--from-now", *at], *quiet),
        (["bench", "http", "--port", ports["http"], "--events", "100"], {0, 141}, None),
        (["bench", "mqtt", "--port", ports["mqtt"], "--events", "100", "--json"], {0, 141}, None),
        (["bench", "forward", "--port", ports["forward"], "--events", "100"], {0, 141}, None),
        (["spool", "list", *folder], *quiet),
        (["dead-letters", "list", *folder], *quiet),
        (["dead-letters", "show", "s", *folder], *quiet),
        (["dead-letters", "replay", *folder, *agent], *quiet),
        (["generate-completion"], *quiet),
        (["reload", *folder, *agent], *quiet),
    ]


def run(words, lines):
    """The status, the seconds and standard error of a command whose output is read for so many lines."""
    reader, writer = os.pipe()
    if lines == 0:
        os.close(reader)
    with tempfile.TemporaryFile() as err:
        begun = time.monotonic()
        process = subprocess.Popen([PENSTOCK, *map(str, words)], stdin=subprocess.DEVNULL, stdout=writer, stderr=err)
        os.close(writer)
        try:
            if lines:
                with os.fdopen(reader, "rb") as pipe:
                    pipe.readline()
                begun = time.monotonic()
            status = process.wait(END if lines else START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = "none"
        seconds = time.monotonic() - begun
        err.seek(0)
        return status, seconds, err.read().decode(errors="replace").strip()


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="penstock-pipes-"))
    data = folder / "data"
    ports = {name: free_port() for name in ("mqtt", "http", "forward", "admin", "engine")}
    config = folder / "penstock.yaml"
    config.write_text(f"""
data: {data}
mqtt: {{listen: "127.0.0.1:{ports["mqtt"]}"}}
http: {{listen: "127.0.0.1:{ports["http"]}"}}
forward: {{listen: "127.0.0.1:{ports["forward"]}"}}
log4j: {{listen: []}}
admin: {{listen: "127.0.0.1:{ports["admin"]}"}}
engine: {{listen: "127.0.0.1:{ports["engine"]}", default-shards: 1}}
routes:
  - {{match: "mqtt:#", stream: s}}
  - {{match: "forward:**", stream: s}}
  - {{match: "http:bench", stream: s}}
""")
    wrong = 0
    with open(folder / "log", "wb") as log:
        agent = subprocess.Popen([PENSTOCK, "run", "--config", str(config)], stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 120
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{ports['admin']}/readyz", timeout=1)
                    break
                except OSError:
                    if time.monotonic() > deadline or agent.poll() is not None:
                        raise SystemExit((folder / "log").read_text())
                    time.sleep(0.2)
            subprocess.run([PENSTOCK, "bench", "http", "--port", str(ports["http"]), "--events", "5000"], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for words, statuses, silence in commands(config, data, f"127.0.0.1:{ports['admin']}", ports["engine"], ports):
                if sys.argv[1:] and words[:len(sys.argv) - 1] != sys.argv[1:]:
                    continue
                for lines in (0,) if "--from-now" in words else (0, 1):  # nothing comes from now on
                    status, seconds, err = run(words, lines)
                    good = status in statuses and (silence is None or err == silence)
                    wrong += not good
                    shown = " ".join(map(str, words[:3]))
                    print(f"{'ok  ' if good else 'BAD '} {shown:<40} reader gone {'behind a line' if lines else 'at once':<14}"
                          f" status {status}, {seconds:4.1f} s {'' if good else err[:400]}", flush=True)
        finally:
            agent.terminate()
            agent.wait(60)
            shutil.rmtree(folder)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
