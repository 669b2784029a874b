#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The workstation in its sandbox for somebody alone, and where its folder has no room or takes nothing."""
import os
import secrets

from sandbox import Skip, case, main
from desktop import wait_until
from flatpak import ID

PAGE = "Your Records Cannot Be Opened"


def write_key(scene):
    """Outside of the data folder, which is another in each case."""
    folder = os.path.join(scene.installation.home, ".var", "app", ID, "config")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "key")
    if not os.path.exists(path):
        with open(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path


def over(path, options):
    """A command that runs what follows it with a file system of its own mounted at the path."""
    if os.geteuid() != 0:
        raise Skip("only root may mount what is full or read-only")
    return ("unshare", "--mount", "--propagation", "private", "sh", "-c", 'mount -t tmpfs -o "$0" none "$1" && shift && exec "$@"', options, path)


def begin(scene, **kwargs):
    return scene.start("--server", scene.hub.url, "--user", "doctor", "--key-file", write_key(scene), **kwargs)


def hubs_in_a_sandbox():
    """The processes of hubs that see what only a sandbox of flatpak has."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                if file.read().strip() == "bedside-hub" and os.path.exists(os.path.join("/proc", pid, "root", ".flatpak-info")):
                    found.append(pid)
        except OSError:
            continue  # it has ended, or is somebody else's
    return found


@case
def a_disk_without_room_is_said(scene):
    scene.installation.install()
    scene.installation.inside("true")  # what the document portal mounts now, a mount namespace that is made later sees
    program = begin(scene, before=over(scene.installation.data(), "size=64k"))
    program.find("label", PAGE, seconds=90)
    program.find("label", contains="The disk is full")


@case
def a_folder_that_takes_nothing_is_said(scene):
    program = begin(scene, before=over(scene.installation.data(), "ro"))
    program.find("label", PAGE, seconds=90)
    program.find("label", contains="Cannot make the folder")


@case
def records_that_may_only_be_read_are_said_to_be(scene):
    """They were kept before, and then the file system was mounted read-only, as after a fault of the disk."""
    begin(scene).find("list item", contains="SMITH, Jane", seconds=90)
    scene.stop()
    if os.geteuid() != 0:
        raise Skip("only root may mount what is read-only")
    data = scene.installation.data()
    program = begin(scene, before=("unshare", "--mount", "--propagation", "private", "sh", "-c",
                                   'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', data))
    program.find("label", PAGE, seconds=90)
    program.find("label", contains="cannot be written to")
    scene.stop()
    begin(scene).find("list item", contains="SMITH, Jane", seconds=90)


@case
def a_person_alone_tries_the_demo_clinic(scene):
    """The hub of the bundle runs as the program's child in the same sandbox."""
    scene.stop()
    folder = os.path.join(scene.installation.home, ".var", "app", ID, "config", "glib-2.0", "settings")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "keyfile"), "w", encoding="ascii") as file:
        file.write("[health/bedside/Workstation]\nplace='demo'\n")
    program = scene.start()
    program.find("list item", contains="SMITH, Jane", seconds=90)
    assert hubs_in_a_sandbox(), "the hub runs outside"
    scene.stop()
    wait_until("the hub to end", lambda: not hubs_in_a_sandbox())


main()
