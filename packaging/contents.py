#!/usr/bin/env python3
"""Lays out what every package holds: the jars, the native code of one architecture, and the licences.

contents.py JARS TARGET ARCH SECONDS writes into the folder TARGET:
  lib/*.jar          the jars of the folder JARS without native code; other architectures' parts are left out
  lib/penstock.jar   names the others in its Class-Path
  lib/native         the native code for ARCH (amd64 or arm64)
  licences           the licence texts and notices that the jars carry, a folder per jar
Equal input gives equal bytes: entries are sorted, and all times are SECONDS since the epoch.
"""
import os
import pathlib
import re
import sys
import time
import zipfile

NATIVE = (".so", ".dll", ".dylib", ".jnilib")
OF_ARCH = {"amd64": re.compile(r"linux/amd64/|_x86_64\.so$"), "arm64": re.compile(r"linux/aarch64/|_aarch_64\.so$")}
LEGAL = re.compile(r"(META-INF/)?(licen[cs]es?/.*|(LICEN[CS]E|NOTICE|COPYING|AL2\.0|LGPL)[^/]*)", re.IGNORECASE)


def write(jar, name, data, stamp):
    entry = zipfile.ZipInfo(name, stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    jar.writestr(entry, data)


def main():
    jars, target, arch, seconds = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
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
    manifest = "Manifest-Version: 1.0\r\nMain-Class: io.penstock.agent.Main\r\n"
    line = "Class-Path: " + " ".join(kept)
    # A line of a manifest has 72 bytes at most; a continuation begins with a space.
    manifest += line[:70] + "\r\n"
    for at in range(70, len(line), 69):
        manifest += " " + line[at : at + 69] + "\r\n"
    with zipfile.ZipFile(target / "lib/penstock.jar", "w") as jar:
        write(jar, "META-INF/MANIFEST.MF", manifest + "\r\n", stamp)


main()
