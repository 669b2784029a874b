#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox and the desktop around it: the key of the records by the Secret portal, and starts by the session bus."""
import os
import re

from sandbox import Sandboxed, case, main
from desktop import wait_until
from flatpak import ID
from portals import Keyring, call, choose, is_there, let_the_bus_start

PATH = "/" + ID.replace(".", "/")
APPLICATION = (ID, PATH, "org.freedesktop.Application")
RECORDS_PAGE = "Your Records Cannot Be Opened"


def stores(scene):
    return [os.path.join(where, name) for where, _, names in os.walk(scene.installation.data("bedside"))
            for name in names if name == "records.db"]


def keyring_file(scene):
    return scene.installation.data("keyrings", "default.keyring")


def begin(scene, *more):
    return scene.start("--server", scene.hub.url, "--user", "doctor", *more)


@case
def without_a_place_for_keys_nothing_is_kept_and_it_is_said(scene):
    scene.installation.install()
    choose(scene.desktop)
    program = begin(scene)
    program.find("label", RECORDS_PAGE, seconds=90)
    program.find("label", contains="Unlock the keyring")
    assert not stores(scene), "records were stored without a key"


@case
def the_desktop_keeps_the_key_for_the_sandbox(scene):
    choose(scene.desktop, Secret="gnome-keyring")
    scene.keyring = Keyring().__enter__()
    program = begin(scene)
    program.find("list item", contains="SMITH, Jane", seconds=90)
    store, = stores(scene)
    with open(store, "rb") as file:
        assert file.read(15) != b"SQLite format 3", "the records are not encrypted"
    with open(keyring_file(scene), "rb") as file:
        assert not re.search(rb"[0-9a-f]{64}", file.read()), "the key lies open in the sandbox's folder"


@case
def the_next_start_opens_the_same_records_with_it(scene):
    """Without the server, so that what is shown can only be what was kept."""
    before = stores(scene)
    program = begin(scene, "--offline")
    program.find("list item", contains="SMITH, Jane", seconds=90)
    assert stores(scene) == before


@case
def records_whose_key_is_gone_are_left_as_they_are(scene):
    scene.stop()
    store, = stores(scene)
    with open(store, "rb") as file:
        before = file.read()
    os.rename(keyring_file(scene), keyring_file(scene) + ".kept")
    program = begin(scene, "--offline")
    program.find("label", RECORDS_PAGE, seconds=90)
    program.find("label", contains="no key for them in the keyring")
    scene.stop()
    with open(store, "rb") as file:
        assert file.read() == before, "the store was touched"
    os.rename(keyring_file(scene) + ".kept", keyring_file(scene))
    begin(scene, "--offline").find("list item", contains="SMITH, Jane", seconds=90)


@case
def another_keyring_does_not_open_them(scene):
    """As after a reset of the desktop's keyring: its secret is another, and what it locked is not thrown away."""
    scene.stop()
    scene.keyring.__exit__()
    folder = os.path.join(scene.desktop.folder, "data", "keyrings")
    os.rename(folder, folder + ".kept")
    with open(keyring_file(scene), "rb") as file:
        before = file.read()
    with Keyring():
        program = begin(scene, "--offline")
        program.find("label", RECORDS_PAGE, seconds=90)
        scene.stop()
    with open(keyring_file(scene), "rb") as file:
        assert file.read() == before, "what the old keyring had locked is gone"
    wait_until("the keyring to go", lambda: not is_there("org.freedesktop.secrets"))
    os.rename(folder, folder + ".other")
    os.rename(folder + ".kept", folder)
    with Keyring():
        begin(scene, "--offline").find("list item", contains="SMITH, Jane", seconds=90)
        scene.stop()


@case
def the_bus_starts_the_workstation(scene):
    let_the_bus_start(scene.installation)
    assert ID in call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ListActivatableNames")[0]
    call(*APPLICATION, "Activate", "(a{sv})", ({},))
    scene.program = Sandboxed(Bus(scene), scene.desktop)
    scene.program.find("label", "Welcome to Bedside", seconds=90)


@case
def a_link_by_the_bus_reaches_it(scene):
    link = f"bedside:connect?server={scene.hub.url}"
    call(*APPLICATION, "Open", "(asa{sv})", ([link], {}))
    scene.program.find(contains=scene.hub.url)


@case
def what_runs_is_the_sandbox(scene):
    said = scene.installation.flatpak("ps", "--columns=application").split()
    assert said == [ID], said
    scene.stop()
    wait_until("its name to be free", lambda: not is_there(ID))


class Bus:
    """What the bus has started has no process of ours: flatpak ends it."""

    def __init__(self, scene):
        self.scene = scene

    def poll(self):
        return None if is_there(ID) else 0

    def send_signal(self, _number):
        self.scene.installation.kill()

    def wait(self, seconds=None):
        wait_until("the workstation to end", lambda: not is_there(ID), seconds or 20)

    kill = send_signal


main()
