#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts the archives that the manifest names where flatpak-builder looks before it asks the network.

usage: seed.py MANIFEST STATE-FOLDER

Each archive has a remark "//debian" with the source package whose .orig tarball has the very checksum that is pinned; it comes
from the archive that this machine's apt is set up with, and flatpak-builder compares the checksum again. STATE-FOLDER/manifest.json
is the manifest to build, with the full path of the tree and of the archives that have no address upstream. Where that archive has lost a source package, "//debian-binary" names what
is unpacked instead, for a bundle that is only good for trying, and it is said.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

SUITES = (("Debian", ""), ("Debian", "-updates"), ("Debian-Security", "-security"))
UNPACK = ("for package in *.deb; do dpkg-deb -x $package unpacked; done",
          "cp -a unpacked/usr/lib/$(uname -m)-linux-gnu/. /app/lib/ && cp -a unpacked/usr/include/. /app/include/",
          "sed -i 's,^prefix=.*,prefix=/app,; s,/lib/.*-linux-gnu,/lib,' /app/lib/pkgconfig/*.pc")


def say(words):
    print(f"seed.py: {words}", file=sys.stderr, flush=True)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def archive_of(label):
    said = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Label: {label}"],
                          capture_output=True, text=True, check=True).stdout.split()
    return said[0] if said else None


class Apt:
    """An apt that knows only Debian 13, in a folder of its own."""

    def __init__(self, folder):
        self.folder, self.options = folder, []
        for name in ("lists/partial", "cache/archives/partial", "parts"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
        with open(os.path.join(folder, "sources.list"), "w", encoding="ascii") as file:
            for label, suffix in SUITES:
                if archive := archive_of(label):
                    for kind in ("deb", "deb-src"):
                        file.write(f"{kind} [check-valid-until=no] {archive} trixie{suffix} main\n")
        for key, value in (("Dir::Etc::sourcelist", f"{folder}/sources.list"), ("Dir::Etc::sourceparts", f"{folder}/parts"),
                           ("Dir::State::lists", f"{folder}/lists"), ("Dir::Cache", f"{folder}/cache"),
                           ("Dir::Etc::trustedparts", "/usr/share/keyrings"), ("Acquire::Languages", "none"),
                           ("APT::Sandbox::User", "root"), ("Acquire::Retries", "3")):
            self.options += ["-o", f"{key}={value}"]
        self.run("apt-get", "-qq", "update")

    def run(self, program, *arguments, folder=None):
        return subprocess.run([program, *self.options, *arguments], check=True, capture_output=True, text=True,
                              cwd=folder or self.folder).stdout

    def fetch_source(self, package):
        """The path of the .orig tarball of a source package."""
        said = self.run("apt-get", "-qq", "source", "--print-uris", "--only-source", package)
        uri, name = re.search(r"'(\S+)' (\S+\.orig\.tar\.\w+) ", said).groups()
        path = os.path.join(self.folder, name)
        self.run("/usr/lib/apt/apt-helper", "download-file", uri, path)
        return path


def stand_in(apt, state, module, packages):
    """The module, made of Debian's binary packages."""
    folder = os.path.join(os.path.abspath(state), "packages", module["name"])
    os.makedirs(folder, exist_ok=True)
    if not os.listdir(folder):
        apt.run("apt-get", "-qq", "download", *packages.split(), folder=folder)
    return {"name": module["name"], "buildsystem": "simple", "build-commands": list(UNPACK),
            "sources": [{"type": "file", "path": os.path.join(folder, name)} for name in sorted(os.listdir(folder))]}


def seed(apt, state, module):
    """The module as it can be built here."""
    for source in module["sources"]:
        if source["type"] != "archive":
            continue
        if "path" in source:  # repacked by Debian: no address of upstream's has these bytes
            path = source["path"] = os.path.join(os.path.abspath(state), source["path"])
        else:
            path = os.path.join(state, "downloads", source["sha256"], os.path.basename(source["url"]))
        if os.path.exists(path):
            continue
        try:
            part = apt().fetch_source(source["//debian"])
        except subprocess.CalledProcessError:
            if "//debian-binary" not in source:
                raise
            say(f"the source of {source['//debian']} cannot be had: the binary stands in for it, and this bundle is only good for trying")
            return stand_in(apt(), state, module, source["//debian-binary"])
        if (found := digest(part)) != source["sha256"]:
            raise SystemExit(f"seed.py: the tarball of {source['//debian']} has sha256 {found}, which is not the one pinned")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        subprocess.run(["cp", part, path], check=True)
    return module


def main():
    name, state = sys.argv[1:]
    with open(name, encoding="utf-8") as file:
        manifest = json.load(file)
    with tempfile.TemporaryDirectory(prefix="bedside-seed-") as folder:
        made = []

        def apt():
            if not made:
                made.append(Apt(folder))
            return made[0]

        manifest["modules"] = [seed(apt, state, module) for module in manifest["modules"]]
    for source in manifest["modules"][-1]["sources"]:
        source["path"] = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(name)), source["path"]))
    with open(os.path.join(state, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=2)


main()
