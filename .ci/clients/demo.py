"""`penstock demo` and its page in headless Chromium: what a visitor clicks happens, and the sum comes out even.

    python3 .ci/clients/demo.py                                with the Kinesis Client Library, about two minutes
    python3 .ci/clients/demo.py --plain                        with plain workers; nothing is fetched
    python3 .ci/clients/demo.py --pictures docs/images         writes pictures: wide, dark, phone
"""

import argparse
import base64
import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from chromium import Chromium

PENSTOCK = pathlib.Path(__file__).resolve().parents[2] / "agent/bin/penstock"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def await_page(browser, what, script, seconds=180):
    deadline = time.monotonic() + seconds
    while not browser.run(script):
        if time.monotonic() > deadline:
            raise SystemExit(f"{what}: not seen; the page says\n{browser.run('return document.body.innerText')}")
        time.sleep(0.3)
    print(f"ok   {what}", flush=True)


def click(browser, button):
    browser.run(f"document.getElementById('{button}').click()")


def picture(folder, name, page, seconds=8, **options):
    if folder:
        with Chromium(**options) as browser:
            browser.open(page)
            time.sleep(seconds)
            high = browser.run("return document.documentElement.scrollHeight")
            browser.resize(options["width"], min(high, 2400))
            time.sleep(2)
            (pathlib.Path(folder) / name).write_bytes(browser.screenshot())


COUNTED = "return Number((document.querySelectorAll('#sums .big')[1]?.textContent ?? '0').replaceAll(',', ''))"
SHARDS = "return document.querySelectorAll('#shards .shard').length"
WORKERS = "return [...document.querySelectorAll('#workers .app:first-child .worker')].map((row) => row.innerText)"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    subprocess.run([PENSTOCK, "--version"], check=True, stdout=subprocess.DEVNULL)  # builds if it must
    port = free_port()
    page = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryFile("w+") as out:
        demo = subprocess.Popen([PENSTOCK, "demo", "--port", str(port), "--json", *(["--plain"] if arguments.plain else [])],
                                stdout=out, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 120
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                if time.monotonic() > deadline or demo.poll() is not None:
                    raise SystemExit("the demonstration does not start")
                time.sleep(0.2)
            with Chromium(width=1320, height=1500) as browser:
                browser.open(page)
                await_page(browser, "events are counted", COUNTED + " > 5000")
                await_page(browser, "each shard has a reader", "return document.querySelectorAll('#workers .chip').length >= 2")
                await_page(browser, "visitors are on the floor", "return /[1-9]\\d* beacons/.test(document.body.innerText)")
                await_page(browser, "one shard refuses records", "return /are refused, and sent again/.test(document.body.innerText)")
                click(browser, "join")
                await_page(browser, "the second application counts", "return document.querySelectorAll('#zones li').length === 6")
                click(browser, "split")
                await_page(browser, "three shards", SHARDS + " === 3")
                await_page(browser, "no record is refused any more", "return /No record is refused/.test(document.body.innerText)")
                picture(arguments.pictures, "demo.png", page, width=1320, height=1500)
                picture(arguments.pictures, "demo-dark.png", page, width=1320, height=1500, dark=True)
                picture(arguments.pictures, "demo-phone.png", page, width=400, height=900)
                before = browser.run(WORKERS)
                click(browser, "kill-worker")
                await_page(browser, "a worker is killed, and another one reads its shards",
                           f"const gone = {json.dumps(before)}; const rows = (() => {{ {WORKERS} }})();"
                           " return rows.length === 1 && (rows[0].match(/shard/g) ?? []).length >= 3 || rows.length > 1"
                           " && JSON.stringify(rows.map((row) => row.split(/\\s/)[0])) !=="
                           " JSON.stringify(gone.map((row) => row.split(/\\s/)[0]))")
                click(browser, "kill-agent")
                await_page(browser, "the agent is killed and comes back", "return /is ready again after/.test(document.body.innerText)")
                errors = [entry for entry in browser.log() if entry["level"] == "SEVERE"]
                if errors:
                    raise SystemExit(f"the page's console has errors: {errors}")
                print("ok   no error in the page's console")
        finally:
            demo.send_signal(signal.SIGTERM)
            try:
                demo.wait(240)
            except subprocess.TimeoutExpired:
                demo.kill()
                raise SystemExit("the demonstration does not end") from None
        out.seek(0)
        total = json.loads(re.search(r"^\{.*\}$", out.read(), re.M).group(0))
        print(total)
        if not total["equation"] or total["splits"] != 1 or total["shards"] != 3:
            raise SystemExit("the sum does not come out even")
    print("ok   what was sent is what was counted")


if __name__ == "__main__":
    sys.exit(main())
