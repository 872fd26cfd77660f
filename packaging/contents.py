#!/usr/bin/env python3
"""Lays out what every package holds: the jars, the native code of one architecture, and the licences.

contents.py JARS TARGET ARCH SECONDS BOM TEXTS JDK writes into the folder TARGET:
  lib/*.jar          the jars of the folder JARS without native code; other architectures' parts are left out
  lib/penstock.jar   names the others in its Class-Path
  lib/native         the native code for ARCH (amd64 or arm64)
  licences           the licence texts and notices that the jars carry, a folder per jar; the texts of the folder TEXTS
                     for those that carry none
  licences/list.txt  each jar, its licences by the bill of materials BOM (CycloneDX), and where its text is
  sbom.cdx.json      BOM and the Java runtime, the version JDK of Debian's openjdk-25
A library without a licence, or without its text, ends this program.
Equal input gives equal bytes: entries are sorted, and all times are SECONDS since the epoch.
"""
import json
import os
import pathlib
import re
import sys
import time
import zipfile

NATIVE = (".so", ".dll", ".dylib", ".jnilib")
OF_ARCH = {"amd64": re.compile(r"linux/amd64/|_x86_64\.so$"), "arm64": re.compile(r"linux/aarch64/|_aarch_64\.so$")}
LEGAL = re.compile(r"(META-INF/)?(resources/webjars/.*/LICENSE|licen[cs]es?/.*|(LICEN[CS]E|NOTICE|COPYING|AL2\.0|LGPL)[^/]*)", re.IGNORECASE)


def write(jar, name, data, stamp):
    entry = zipfile.ZipInfo(name, stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    jar.writestr(entry, data)


def licences(component):
    """The names of a component's licences, as SPDX has them where it knows them."""
    found = []
    for entry in component.get("licenses", []):
        licence = entry.get("license", {})
        found.append(entry.get("expression") or licence.get("id") or licence.get("name"))
    return found


def list_licences(jars, target, bom, texts, jdk):
    """Writes the list and the bill of materials; `jars` are the names of the jars."""
    known = {}
    for component in bom["components"]:
        known[component["name"] + "-" + component["version"]] = component
    lines = []
    for jar in jars:
        # A classifier may follow the version.
        component = next((known[name] for name in known if jar == name + ".jar" or jar.startswith(name + "-")), None)
        if component is None:
            if not jar.startswith("penstock-"):
                sys.exit(f"{jar} is not in the bill of materials")
            names, text = ["Apache-2.0"], "penstock"
        else:
            names, folder, own = licences(component), target / "licences" / jar[: -len(".jar")], texts / component["name"]
            if own.exists():
                folder.mkdir(exist_ok=True)
                (folder / "LICENSE").write_bytes(own.read_bytes())
            if any(re.search("licen|copying|al2", path.name, re.IGNORECASE) for path in folder.rglob("*")):
                text = folder.name + "/"
            elif names == ["Apache-2.0"]:
                text = "penstock"
            else:
                sys.exit(f"{jar} ({names}) has no licence text: put one into packaging/licences/{component['name']}")
        if not names:
            sys.exit(f"the bill of materials names no licence of {jar}")
        lines.append(f"{jar:62} {', '.join(names):36} {text}\n")
    head = f"{'file':62} {'licences':36} text, in this folder\n"
    (target / "licences/list.txt").write_text(head + "".join(lines))
    bom["components"].append({
        "type": "application", "name": "openjdk-25", "version": jdk, "bom-ref": "openjdk-25",
        "purl": f"pkg:deb/debian/openjdk-25@{jdk}",
        "licenses": [{"expression": "GPL-2.0-only WITH Classpath-exception-2.0"}],
    })
    (target / "sbom.cdx.json").write_text(json.dumps(bom, indent=2) + "\n")


def main():
    jars, target, arch, seconds = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    bom, texts, jdk = json.loads(pathlib.Path(sys.argv[5]).read_text()), pathlib.Path(sys.argv[6]), sys.argv[7]
    stamp = time.gmtime(seconds)[:6]
    native = target / "lib/native"
    native.mkdir(parents=True)
    kept = []
    for source in sorted(jars.glob("*.jar")):
        with zipfile.ZipFile(source) as jar:
            names = sorted(n for n in jar.namelist() if not n.endswith("/"))
            code = [n for n in names if n.endswith(NATIVE)]
            mine = [n for n in code if OF_ARCH[arch].search(n)]
            if code and not mine:
                continue
            for name in mine:
                (native / os.path.basename(name)).write_bytes(jar.read(name))
            for name in names:
                if LEGAL.fullmatch(name) and not name.endswith(".class"):
                    text = target / "licences" / source.stem / re.sub(r"^META-INF/", "", name)
                    text.parent.mkdir(parents=True, exist_ok=True)
                    text.write_bytes(jar.read(name))
            kept.append(source.name)
            # The manifest comes first, as the class path of the JVM expects it.
            names.sort(key=lambda n: (n != "META-INF/MANIFEST.MF", n))
            with zipfile.ZipFile(target / "lib" / source.name, "w") as copy:
                for name in names:
                    if name not in code:
                        write(copy, name, jar.read(name), stamp)
    list_licences(kept, target, bom, texts, jdk)
    manifest = "Manifest-Version: 1.0\r\nMain-Class: io.penstock.agent.Main\r\n"
    line = "Class-Path: " + " ".join(kept)
    # A line of a manifest has 72 bytes at most; a continuation begins with a space.
    manifest += line[:70] + "\r\n"
    for at in range(70, len(line), 69):
        manifest += " " + line[at : at + 69] + "\r\n"
    with zipfile.ZipFile(target / "lib/penstock.jar", "w") as jar:
        write(jar, "META-INF/MANIFEST.MF", manifest + "\r\n", stamp)


main()
