# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desktop offers to a sandbox, as the tests need it: which portals there are, its keyring, and whom its bus starts."""
import os
import signal
import subprocess

from desktop import wait_until

BUS = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
PORTAL, KEYRING = "org.freedesktop.portal.Desktop", "org.freedesktop.secrets"


def call(name, path, interface, method, signature=None, values=()):
    """What a method on the session bus answers."""
    from gi.repository import Gio, GLib
    parameters = GLib.Variant(signature, values) if signature else None
    answer = Gio.bus_get_sync(Gio.BusType.SESSION).call_sync(name, path, interface, method, parameters, None,
                                                            Gio.DBusCallFlags.NONE, 60000)
    return answer.unpack()


def is_there(name):
    return call(*BUS, "NameHasOwner", "(s)", (name,))[0]


def choose(desktop, **backends):
    """From now on the desktop has portals by these backends and no others, as Secret="gnome-keyring"."""
    folder = os.path.join(desktop.folder, "config", "xdg-desktop-portal")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "portals.conf"), "w", encoding="ascii") as file:
        file.write("[preferred]\ndefault=none\n")
        file.writelines(f"org.freedesktop.impl.portal.{name}={backend}\n" for name, backend in backends.items())
    if is_there(PORTAL):
        os.kill(call(*BUS, "GetConnectionUnixProcessID", "(s)", (PORTAL,))[0], signal.SIGTERM)
        wait_until("the portals to end", lambda: not is_there(PORTAL))


class Keyring:
    """The keyring of somebody who has signed in, so that it is open."""

    def __enter__(self):
        self.process = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process.stdin.write(b"a password")
        self.process.stdin.close()
        wait_until("the keyring", lambda: is_there(KEYRING))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def let_the_bus_start(installation):
    """What flatpak exports of an installation is found by the bus, and what the bus starts belongs to that installation."""
    kept = {name: value for name, value in installation.environment.items() if os.environ.get(name) != value}
    call(*BUS, "UpdateActivationEnvironment", "(a{ss})", (kept,))
    call(*BUS, "ReloadConfig")
