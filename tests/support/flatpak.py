# SPDX-License-Identifier: GPL-3.0-or-later
"""What ./dev flatpak has built, and installations of their own to try it in."""
import os
import re
import shutil
import subprocess
import time

ID = "health.bedside.Workstation"
FOLDER = os.path.join(os.environ.get("BEDSIDE_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "bedside"), "flatpak")
if os.environ.get("BEDSIDE_PEERS"):  # ./dev says where its cache is only by this
    FOLDER = os.path.join(os.path.dirname(os.environ["BEDSIDE_PEERS"]), "flatpak")
BUNDLE = os.path.join(FOLDER, f"{ID}.flatpak")
OFFLINE = os.path.join(FOLDER, "offline.flatpak")  # the same without the address of the runtime


def run(*command, **kwargs):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, **kwargs)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


# What tests set for programs that run without a sandbox.
OUTSIDE = ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "GST_REGISTRY", "GSETTINGS_SCHEMA_DIR", "GSETTINGS_BACKEND",
           "BEDSIDE_LOCALE_DIR", "BEDSIDE_RENDER", "G_DEBUG", "MALLOC_PERTURB_")


class Installation:
    """An empty installation below a folder, with a home of its own; wants a session bus. Nothing else of the machine is looked at.

    user_dir: an installation that is there already, as the one that the bundle was built with.
    """

    def __init__(self, folder, user_dir=None):
        self.folder, self.home = folder, os.path.join(folder, "home")
        os.makedirs(self.home)
        self.user_dir = user_dir or os.path.join(folder, "installation")
        self.environment = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        self.environment.update(HOME=self.home, FLATPAK_USER_DIR=self.user_dir,
                                DBUS_SYSTEM_BUS_ADDRESS=os.environ["DBUS_SESSION_BUS_ADDRESS"])
        os.makedirs(self.data())

    def data(self, *parts):
        """What the program sees as its user's data folder."""
        return os.path.join(self.home, ".var", "app", ID, "data", *parts)

    def flatpak(self, *arguments):
        return run("flatpak", *arguments, env=self.environment)

    def install(self, bundle=OFFLINE):
        """Seconds that it took, without those of the runtime."""
        self.flatpak("--user", "remote-add", "--no-gpg-verify", "standin", f"file://{FOLDER}/standin/repo")
        with open(os.path.join(FOLDER, "standin", "key"), encoding="ascii") as file:
            branch = file.read().strip().split("-")[-1]
        self.flatpak("--user", "install", "-y", "--noninteractive", "standin", f"org.gnome.Platform//{branch}")
        start = time.monotonic()
        self.flatpak("--user", "install", "-y", "--noninteractive", bundle)
        return time.monotonic() - start

    def install_what_was_built(self):
        """From the repository that the build made, not from a bundle."""
        self.flatpak("--user", "remote-add", "--if-not-exists", "--no-gpg-verify", "built", f"file://{FOLDER}/repo")
        self.flatpak("--user", "install", "-y", "--noninteractive", "--or-update", "built", f"{ID}//stable")

    def uninstall(self):
        self.flatpak("--user", "uninstall", "-y", "--noninteractive", ID)
        self.flatpak("--user", "remote-delete", "--force", "built")

    def command(self, *arguments, program=None):
        return ["flatpak", "run", "--user", *([f"--command={program}"] if program else []), ID, *arguments]

    def inside(self, script):
        """What a shell in the sandbox prints."""
        return run(*self.command("-c", script, program="sh"), env=self.environment)

    def fleet_folder(self):
        """Where an administrator puts the fleet's file."""
        folder = os.path.join(self.user_dir, "extension", f"{ID}.Fleet", "x86_64", "1")
        os.makedirs(folder, exist_ok=True)
        return folder

    def kill(self):
        subprocess.run(["flatpak", "kill", ID], env=self.environment, capture_output=True)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def sonames(folder):
    """{library: files that want it} below a folder of the application, without what it carries itself."""
    wanted, carried = {}, set()
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if "/lib/debug" in where or os.path.islink(path):
                carried.add(name)
                continue
            with open(path, "rb") as file:
                if file.read(4) != b"\x7fELF":
                    continue
            carried.add(name)
            said = run("readelf", "-d", path)
            carried.update(re.findall(r"SONAME.*\[(.*)\]", said))
            for soname in re.findall(r"NEEDED.*\[(.*)\]", said):
                wanted.setdefault(soname, []).append(os.path.relpath(path, folder))
    return {soname: files for soname, files in wanted.items() if soname not in carried}
