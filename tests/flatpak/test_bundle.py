#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundle as ./dev flatpak leaves it, looked at without running it."""
import fnmatch
import os
import re
import subprocess
import sys
import traceback

PROJECT = os.environ["BEDSIDE_PROJECT"]
sys.path.insert(0, os.path.join(PROJECT, "tests", "support"))
from flatpak import BUNDLE, FOLDER, ID, OFFLINE, run, sonames  # noqa: E402

APP = os.path.join(FOLDER, "app")
MOST_BYTES = 15_000_000
CASES = []


def case(test):
    CASES.append(test)
    return test


def built(*parts):
    return os.path.join(APP, "export", "share", *parts)


@case
def the_bundle_is_small():
    for bundle in (BUNDLE, OFFLINE):
        assert 1_000_000 < os.path.getsize(bundle) < MOST_BYTES, f"{bundle}: {os.path.getsize(bundle)} bytes"


@case
def a_library_that_is_not_carried_is_known_of_the_real_platform():
    with open(os.path.join(PROJECT, "flatpak", "platform-sonames.txt"), encoding="utf-8") as file:
        known = [line.split("#")[0].strip() for line in file if line.split("#")[0].strip()]
    wanted = sonames(os.path.join(APP, "files"))
    assert "libgtk-4.so.1" in wanted, "no program was read"
    unknown = {name: files for name, files in wanted.items() if not any(fnmatch.fnmatchcase(name, pattern) for pattern in known)}
    assert not unknown, f"neither carried nor on flatpak/platform-sonames.txt: {unknown}"
    for carried in ("libsqlcipher.so", "libpoppler-glib.so", "libyyjson.so", "libqrencode.so", "libspelling-1.so"):
        assert os.path.exists(os.path.join(APP, "files", "lib", carried)), f"{carried} is not carried"
    assert not any(name.startswith("libsqlite3") for name in wanted), "sqlite3 beside sqlcipher: rows would reach the disk as plain text"


@case
def its_permissions_are_those_that_were_agreed():
    with open(os.path.join(APP, "metadata"), encoding="utf-8") as file:
        found = re.search(r"(\[Context\]\n.*?)\n*(?=\[|\Z)", file.read(), re.S).group(1)
    with open(os.path.join(PROJECT, "flatpak", "permissions.txt"), encoding="utf-8") as file:
        agreed = file.read().strip()
    assert found.strip() == agreed, f"flatpak/permissions.txt says\n{agreed}\nand the bundle has\n{found}"


@case
def the_desktop_finds_what_belongs_to_it():
    run("desktop-file-validate", built("applications", f"{ID}.desktop"))
    for name in (("icons", "hicolor", "scalable", "apps", f"{ID}.svg"), ("icons", "hicolor", "symbolic", "apps", f"{ID}-symbolic.svg"),
                 ("mime", "packages", f"{ID}.xml"), ("dbus-1", "services", f"{ID}.service")):
        assert os.path.exists(built(*name)), f"{'/'.join(name)} is not exported"
    with open(built("applications", f"{ID}.desktop"), encoding="utf-8") as file:
        assert "Name[de]=" in file.read(), "the desktop file has no German"


@case
def what_a_shop_shows_is_valid():
    metainfo = os.path.join(APP, "files", "share", "metainfo", f"{ID}.metainfo.xml")
    done = subprocess.run(["appstreamcli", "validate", "--pedantic", "--no-net", metainfo], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@case
def nothing_is_left_in_it_that_only_a_build_wants():
    for name in ("include", "lib/pkgconfig", "bin/tclsh8.6", "lib/tcl8.6", "share/man", "bin/sqlcipher", "bin/bedside-pharmacy"):
        assert not os.path.exists(os.path.join(APP, "files", name)), f"{name} is in the bundle"
    for name in ("bin/bedside", "bin/bedside-hub", "libexec/bedside-render", "share/locale/ja/LC_MESSAGES/bedside.mo",
                 "share/bedside/content/bedside-content.sqlite"):
        assert os.path.exists(os.path.join(APP, "files", name)), f"{name} is not in the bundle"


def main():
    failed = False
    print(f"1..{len(CASES)}")
    for number, test in enumerate(CASES, 1):
        try:
            test()
            print(f"ok {number} {test.__name__}", flush=True)
        except Exception:
            failed = True
            print(f"not ok {number} {test.__name__}\n" + "\n".join(f"# {line}" for line in traceback.format_exc().splitlines()), flush=True)
    sys.exit(1 if failed else 0)


main()
