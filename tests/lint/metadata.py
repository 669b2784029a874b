#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop, a shop and a server read of Bedside: metadata.py CHECK ROOT. Prints TAP."""
import fnmatch
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

CHECK, ROOT = sys.argv[1], sys.argv[2]
ID = "health.bedside.Workstation"
SVG = "{http://www.w3.org/2000/svg}"


def path(*parts):
    return os.path.join(ROOT, *parts)


def text(*parts):
    with open(path(*parts), encoding="utf-8") as file:
        return file.read()


# Said of the id that this project has: its second part is a short word, and its last begins with a capital letter.
ACCEPTED = ("cid-maybe-not-rdns", "cid-contains-uppercase-letter")


def complaints(what, *command, name):
    """What a validator says of a file, under the name that it wants to see."""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, name)
        shutil.copy(path("data", what), copy)
        done = subprocess.run([*command, copy], capture_output=True, text=True)
        lines = [line.replace(folder + "/", "").strip() for line in (done.stdout + done.stderr).splitlines()
                 if line.strip() and not any(tag in line for tag in ACCEPTED)]
        if done.returncode or any(re.match("[EWIP]:", line) for line in lines):
            yield from (f"data/{what}: {line}" for line in lines)


def check_appstream():
    yield from complaints(f"{ID}.metainfo.xml.in", "appstreamcli", "validate", "--pedantic", "--no-net", name=f"{ID}.metainfo.xml")
    tree = xml.etree.ElementTree.parse(path("data", f"{ID}.metainfo.xml.in"))
    images = [os.path.basename(image.text) for image in tree.iter("image")]
    if not images:
        yield "the metainfo names no screenshot"
    for image in images:
        try:
            with open(path("data", "screenshots", image), "rb") as file:
                width, height = struct.unpack(">II", file.read(24)[16:])
        except OSError:
            yield f"data/screenshots has no {image}"
            continue
        if not (width >= 1000 and height >= 600):
            yield f"data/screenshots/{image}: {width} x {height} is too small for a shop"
    version = re.search(r"version: '([^']+)'", text("meson.build")).group(1)
    if (newest := tree.find("releases/release").get("version")) != version:
        yield f"the newest release of the metainfo is {newest}, and meson.build says {version}"


def check_desktop():
    name = f"{ID}.desktop.in"
    yield from complaints(name, "desktop-file-validate", "--warn-kde", name=f"{ID}.desktop")
    body = text("data", name)
    actions = [a for a in re.search(r"^Actions=(.*)$", body, re.M).group(1).split(";") if a]
    code = "".join(text("src", "app", file) for file in os.listdir(path("src", "app")) if file.endswith(".c"))
    for action in actions:
        if f'{{ .name = "{action}",' not in code:
            yield f"data/{name}: the program has no action app.{action}, which a desktop would ask it for"
        group = re.search(rf"^\[Desktop Action {action}\]$(.*?)(?=^\[|\Z)", body, re.M | re.S)
        if not group or not re.search(rf"^Exec=bedside (bedside:|--){action}$", group.group(1), re.M):
            yield f"data/{name}: the action {action} does not say how it is done without a session bus"
    service = text("data", f"{ID}.service.in")
    if "DBusActivatable=true" not in body or "Name=@id@" not in service or "--gapplication-service" not in service:
        yield "desktop file and service file do not agree on the activation"


SAMPLES = {
    "bundle.fhir.json": ('{"resourceType": "Bundle"}', "application/fhir+json"),
    "bundle-without-an-ending": ('{\n  "id": "b", "resourceType": "Bundle",\n  "type": "document"}', "application/fhir+json"),
    "bundle.fhir.xml": ('<Bundle xmlns="http://hl7.org/fhir"/>', "application/fhir+xml"),
    "bundle-of-xml": ('<?xml version="1.0"?>\n<Bundle xmlns="http://hl7.org/fhir"/>', "application/fhir+xml"),
    "summary.ccda.xml": ('<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "application/x-hl7-cda+xml"),
    "summary.cda": ("<a/>", "application/x-hl7-cda+xml"),
    "summary": ('<?xml version="1.0"?>\n<?xml-stylesheet href="CDA.xsl"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"/>',
                "application/x-hl7-cda+xml"),
    "vaccines.smart-health-card": ('{"verifiableCredential": []}', "application/smart-health-card"),
    "mine.shlink": ("shlink:/eyJ1cmwiOiJodHRwczovL2V4YW1wbGUub3JnIn0", "application/x-smart-health-link"),
    "pasted": ("shlink:/eyJ1cmwiOiJodHRwczovL2V4YW1wbGUub3JnIn0\n", "application/x-smart-health-link"),
    # and these are nothing of ours
    "package.json": ('{"name": "x"}', "application/json"),
    "settings": ('{"name": "x", "value": 3}', "text/plain"),
    "page.xml": ("<page/>", "application/xml"),
}


def check_mime():
    """A desktop's own reader of files, with our types added to its own."""
    with tempfile.TemporaryDirectory() as folder:
        packages = os.path.join(folder, "data", "mime", "packages")
        os.makedirs(packages)
        shutil.copy(path("data", f"{ID}.mime.xml.in"), os.path.join(packages, f"{ID}.xml"))
        done = subprocess.run(["update-mime-database", "-V", os.path.join(folder, "data", "mime")], capture_output=True, text=True)
        if done.returncode or "rror" in done.stderr:
            yield f"update-mime-database: {done.stderr.strip()}"
        environment = {**os.environ, "XDG_DATA_HOME": os.path.join(folder, "data"), "GIO_USE_VFS": "local"}
        for name, (content, wanted) in SAMPLES.items():
            sample = os.path.join(folder, name)
            with open(sample, "w", encoding="utf-8") as file:
                file.write(content)
            said = subprocess.run(["gio", "info", "-a", "standard::content-type", sample], capture_output=True, text=True,
                                  env=environment).stdout
            found = re.search(r"content-type: (\S+)", said)
            if not found or found.group(1) not in (wanted, "application/json" if wanted == "text/plain" else wanted):
                yield f"{name} is taken for {found.group(1) if found else said!r}, and is {wanted}"


def check_app_icons():
    for kind, size, ending in (("scalable", 128, ".svg"), ("symbolic", 16, "-symbolic.svg")):
        name = f"data/icons/hicolor/{kind}/apps/{ID}{ending}"
        root = xml.etree.ElementTree.parse(path(name)).getroot()
        if root.get("viewBox") != f"0 0 {size} {size}" or root.get("width") != str(size):
            yield f"{name}: is not drawn on a field of {size} x {size}"
        if any(element.tag in (SVG + "image", SVG + "text", SVG + "script", SVG + "foreignObject") for element in root.iter()):
            yield f"{name}: holds more than shapes"
        colours = {element.get("fill") for element in root.iter() if element.get("fill")}
        if kind == "symbolic" and len(colours) > 1:
            yield f"{name}: a symbolic icon has one colour, and this has {sorted(colours)}"
        if kind + "/apps" not in text("data/style/style.gresource.xml"):
            yield f"data/style/style.gresource.xml: does not ship {name}"


NEVER = ("--filesystem=*", "--device=all", "--device=input", "--device=usb", "--device=shm", "--socket=session-bus", "--socket=system-bus", "--socket=x11",
         "--socket=ssh-auth", "--socket=gpg-agent", "--socket=cups", "--socket=pcsc", "--talk-name=*", "--system-talk-name=*",
         "--own-name=*", "--allow=*", "--persist=*", "--share=host*")


def check_manifest():
    name = f"flatpak/{ID}.json"
    manifest = json.loads(text(name))
    reasons = manifest["//finish-args"]
    for permission in manifest["finish-args"]:
        if len(reasons.get(permission, "")) < 8:
            yield f"{name}: no reason stands beside {permission}"
        if any(fnmatch.fnmatchcase(permission, pattern) for pattern in NEVER):
            yield f"{name}: {permission}: there is a portal for that"
    for permission in reasons.keys() - set(manifest["finish-args"]):
        yield f"{name}: a reason for {permission}, which is not asked for"
    for module in manifest["modules"]:
        if "//" not in module:
            yield f"{name}: it does not say what {module['name']} is for"
        for source in module["sources"]:
            if source["type"] not in ("archive", "dir"):
                yield f"{name}: {module['name']}: a source of type {source['type']} cannot be had offline"
            if source["type"] == "archive" and not (re.fullmatch(r"[0-9a-f]{64}", source["sha256"])
                                                    and (source.get("url", "").startswith("https://") or source.get("path", "").startswith("tarballs/"))
                                                    and source.get("//debian")):
                yield f"{name}: {module['name']}: is not pinned, or not found in Debian"
    golden = text("flatpak", "permissions.txt")
    for permission in manifest["finish-args"]:
        kind, value = permission.removeprefix("--").split("=")
        if not re.search(rf"^{ {'share': 'shared', 'socket': 'sockets', 'device': 'devices'}[kind]}=.*\b{value};", golden, re.M):
            yield f"flatpak/permissions.txt: has no {permission}"


HARDENED = ("DynamicUser=yes", "StateDirectory=", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes",
            "NoNewPrivileges=yes", "CapabilityBoundingSet=\n", "RestrictNamespaces=yes", "MemoryDenyWriteExecute=yes",
            "SystemCallFilter=@system-service", "LoadCredential=hub.key:", "UMask=0077", "LimitCORE=0")


def check_service():
    """The hub's unit: what it runs exists, and it is given nothing that it does not need."""
    name = "data/bedside-hub.service.in"
    body = text(name)
    for setting in HARDENED:
        if f"\n{setting}" not in body:
            yield f"{name}: does not say {setting.strip()}"
    command = re.search(r"^ExecStart=(.*)$", body, re.M).group(1)
    if not command.startswith("@bindir@/bedside-hub serve "):
        yield f"{name}: runs something else than the hub"
    manual = text("data", "man", "bedside-hub.1").replace("\\-", "-")
    for option in re.findall(r"--[a-z-]+", command):
        if option not in manual:
            yield f"{name}: bedside-hub knows no {option}"
    if "bedside-hub.service" not in manual:
        yield "data/man/bedside-hub.1: does not tell of bedside-hub.service"


problems = list(globals()["check_" + CHECK.replace("-", "_")]())
for problem in problems:
    print(f"# {problem}")
print("1..1")
print(("not ok" if problems else "ok") + f" 1 - {CHECK}")
sys.exit(1 if problems else 0)
