"""No acknowledgement leaves before the fdatasync of its bytes and of every name on the way to them: the order of the
agent's own system calls."""

import re
import shutil
import subprocess
import tempfile
import uuid

from harness import Agent, check, run


def system_calls(trace):
    """The calls in the order in which they ended: (name, arguments, returned)."""
    calls, begun = [], {}
    for line in open(trace, errors="replace"):
        match = re.match(r"(\d+)\s+(.*)", line)
        if not match:
            continue
        thread, text = match.groups()
        if text.endswith("<unfinished ...>"):
            begun[thread] = text[: -len("<unfinished ...>")]
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", text)
        if resumed:
            text = begun.pop(thread, "") + resumed.group(1)
        call = re.match(r"(\w+)\((.*)\)\s+= (-?\d+)", text)
        if call:
            calls.append((call.group(1), call.group(2).strip(), int(call.group(3))))
    return calls


def names_forced_late(calls, written, answered):
    """The folders on the way to the written file whose names were made and not forced before the answer."""
    paths, forced, made = {}, {}, {}
    for i, (name, args, result) in enumerate(calls[:answered]):
        if result < 0:
            continue
        if name == "openat":
            paths[str(result)] = re.search(r'"([^"]*)"', args).group(1)
        elif name in ("mkdir", "mkdirat"):
            made[re.search(r'"([^"]*)"', args).group(1)] = i
        elif name == "fsync" and args in paths:
            forced[paths[args]] = i
        if i == written:
            file = paths[args.split(",")[0]]
    on_the_way = [folder for folder in made if file.startswith(folder + "/")]
    assert on_the_way, (file, made)
    return [folder for folder in on_the_way if forced.get(folder.rsplit("/", 1)[0], -1) < made[folder]]


def order_of(calls, marker, is_acknowledgement):
    """Where the marker was written to a file, where that file was next forced, and where the answer left."""
    written = next(i for i, (name, args, result) in enumerate(calls)
                   if name in ("pwrite64", "write", "pwritev", "writev") and marker in args and result > 0
                   and not is_acknowledgement(name, args))
    descriptor = calls[written][1].split(",")[0]
    forced = next(i for i, (name, args, result) in enumerate(calls)
                  if i > written and name in ("fdatasync", "fsync") and args.split(",")[0] == descriptor and result == 0)
    answered = next(i for i, (name, args, result) in enumerate(calls)
                    if is_acknowledgement(name, args) and result > 0)
    return written, forced, answered


@check("strace: PUBACK, PUBREC and HTTP 200 leave after the fdatasync of their bytes")
def acknowledgements_wait_for_the_disk():
    folder = tempfile.mkdtemp(prefix="penstock-strace-")
    trace = f"{folder}/trace"
    agent = Agent(folder, prefix=("strace", "-f", "-q", "-s", "4096", "-o", trace, "-e",
                                  "trace=pwrite64,write,pwritev,writev,sendto,sendmsg,fdatasync,fsync,openat,mkdir,mkdirat"))
    try:
        agent.await_ready(180)
        http = uuid.uuid4().hex
        run("curl", "-sS", "--fail-with-body", "-H", "content-type: application/json", "-d", f'{{"m":"{http}"}}',
            "http://127.0.0.1:9880/v1/streams/traced/records")
        one, two = uuid.uuid4().hex, uuid.uuid4().hex
        run("mosquitto_pub", "-q", "1", "-t", "t", "-m", one)
        run("mosquitto_pub", "-q", "2", "-t", "t", "-m", two)
        # strace keeps a signal to itself; the agent is its child.
        subprocess.run(["pkill", "-TERM", "-P", str(agent.process.pid)], check=True)
        assert agent.process.wait(90) == 0, agent.output
    except BaseException:
        print(agent.output[-3000:])
        raise
    finally:
        agent.process.kill()
    calls = system_calls(trace)

    def sent(prefix):
        return lambda name, args: name in ("write", "sendto", "sendmsg", "writev") and prefix in args

    for marker, answer in ((http, sent('{\\"stream\\":\\"traced\\",\\"records\\":1}')), (one, sent('"@\\2\\0\\1"')), (two, sent('"P\\2\\0\\1"'))):
        written, forced, answered = order_of(calls, marker, answer)
        assert written < forced < answered, (marker, written, forced, answered)
        assert not names_forced_late(calls, written, answered), marker
    shutil.rmtree(folder, ignore_errors=True)
