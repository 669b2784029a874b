#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The administrator's file in a running program: each locked setting says that it is locked and by whom, nothing changes
it, and it holds: server, language, colours, the lock, how long the records open without the server, and in which networks
that is asked."""
import datetime
import gettext
import os
import socket
import struct
import sys
import threading
import time
import zlib

sys.path.insert(0, os.path.join(os.environ["BEDSIDE_PROJECT"], "tests", "support"))
import window_actions  # noqa: E402
from desktop import Desktop, wait_until  # noqa: E402
from hub import Hub  # noqa: E402

CODE = "three-owls"
NAME, CONTACT = "IT of Riverside Clinic", "it@riverside.example, 0123 456"
FLEET = """[administrator]
name={name}
contact={contact}
[server]
url={url}
[sign-in]
client-id=bedside-workstation
unlock=code
[policy]
lock-minutes=10
lease-days=1
networks={networks}
theme={theme}
language=de
[end]
"""
NOWHERE = "http://127.0.0.1:9"  # the port "discard": nobody answers
WORDS = gettext.translation("bedside", os.environ["BEDSIDE_LOCALE_DIR"], ["de"])
ROWS = ("Server", "Name of Bedside at the server", "Opens again", "Locks by itself", "Works without the server",
        "Talks to the server in", "Appearance", "Language")
# What somebody may have chosen on this computer before the file came.
CHOSEN = "[health/bedside/Workstation]\nplace='server'\nserver='" + NOWHERE + "'\nuser='nurse'\n"


def said(text, *parts):
    words = WORDS.gettext(text)
    return words % parts if parts else words


def plain(text):
    return said(text).replace("_", "")


def brightness(path):
    """Of a picture as weston writes it: the mean of its bytes, 0 to 255."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed, width, channels = 8, b"", 0, 0
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, channels = struct.unpack(">I", body[:4])[0], {2: 3, 6: 4}[body[9]]
        elif kind == b"IDAT":
            packed += body
        at += 12 + length
    raw, stride, before, total, number = zlib.decompress(packed), width * channels, None, 0, 0
    before = bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        line, how = bytearray(raw[start + 1:start + 1 + stride]), raw[start]
        for i in range(stride):
            left, up = line[i - channels] if i >= channels else 0, before[i]
            corner = before[i - channels] if i >= channels else 0
            if how == 4:
                guess = left + up - corner
                add = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            else:
                add = (0, left, up, (left + up) // 2)[how]
            line[i] = (line[i] + add) & 255
        total, number, before = total + sum(line[0::channels]), number + width, line
    return total / number


class Clinic:
    """The desktop, the hub, and the workstation under the administrator's file."""

    def __init__(self, desktop, hub):
        self.desktop, self.hub, self.program = desktop, hub, None
        self.keys = os.path.join(desktop.folder, "keys")
        self.conf = os.path.join(desktop.folder, "fleet.conf")
        os.mkdir(self.keys, 0o700)

    def write(self, networks="127.0.0.0/8", theme="dark"):
        with open(self.conf, "w") as file:
            file.write(FLEET.format(name=NAME, contact=CONTACT, url=self.hub.url, networks=networks, theme=theme))

    def start(self, *options, locale="en_US.UTF-8"):
        folder = os.path.join(self.desktop.folder, "config", "glib-2.0", "settings")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "keyfile"), "w") as file:
            file.write(CHOSEN)
        self.program = self.desktop.start(
            ["bedside", "--server", NOWHERE, "--user", "doctor", "--key-file", self.keys, *options], BEDSIDE_FLEET=self.conf,
            LC_ALL=locale, LANGUAGE="fr", GSETTINGS_BACKEND="keyfile")
        wait_until("the accessibility tree", self.program.application, 60)
        return self.program

    def field(self, name):
        def look():
            for node in self.program.find_all(name=name):
                for part in node.walk():
                    if part.accessible.get_editable_text_iface() is not None:
                        return part
            return None
        return wait_until(f"the field {name}", look, 60)

    def press(self, name):
        """The last of this name: that of a dialog."""
        def look():
            found = [node for node in self.program.find_all(name=name) if node.is_sensitive() and "button" in node.role]
            return found[-1] if found else None
        wait_until(f"the button {name}", look, 60).press()

    def close(self, word):
        """The window that has this word."""
        window = next(w for w in self.program.windows() if self.program.find_all(contains=word, within=w))
        next(n for n in self.program.find_all(name=plain("Close"), within=window) if "button" in n.role).press()
        wait_until(f"the window of {word} to close", lambda: not self.program.find_all(contains=word))

    def unlock(self):
        self.field(said("Code")).set_text(CODE)
        self.press(plain("_Unlock"))

    def enabled(self, action):
        return window_actions._call(window_actions.PATH, "Describe", _string(action), 20000).unpack()[0][0]


def _string(text):
    from gi.repository import GLib
    return GLib.Variant("(s)", (text,))


def names(program):
    return "\n".join(node.name for node in program.application().walk() if node.is_showing())


class Listener:
    """Stands where the server was, and counts who comes."""

    def __init__(self, port):
        self.asked, self.socket = 0, socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        try:
            while True:
                self.socket.accept()[0].close()
                self.asked += 1
        except OSError:
            pass

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def holds_from_the_first_start(clinic):
    """Nothing of the command line, of what was chosen before and of the environment holds against the file."""
    clinic.write()
    program = clinic.start()
    clinic.field(said("New code"))  # required, in German, and the records come from the server of the file
    wait_until("the log", lambda: said("The server of this computer is %s, and “--server” changes nothing. %s.\n",
                                       clinic.hub.url, said("Set by %s (%s)", NAME, CONTACT)).strip() in clinic.desktop.log())
    assert "SMITH" not in names(program), names(program)
    assert WORDS.gettext("Preferences") == "Einstellungen", "there are no German words to compare with"
    for action in ("preferences", "policies", "report", "server", "choose-clinic"):
        assert not clinic.enabled(action), f"app.{action} can be used while the screen is locked"
    window_actions.activate("app.help", "")  # what shows nothing of anybody can be read over the lock
    program.find("heading", contains=help_title("lock"))
    clinic.close(help_title("lock"))
    for name in ("New code", "The same code again"):
        clinic.field(said(name)).set_text(CODE)
    clinic.press(plain("_Use This Code"))
    program.find("label", contains="SMITH, Jane", seconds=60)
    clinic.desktop.screenshot(os.path.join(clinic.desktop.folder, "dark.png"))
    days = datetime.date.today().weekday()
    program.find("heading", contains=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")[days])
    dark = brightness(os.path.join(clinic.desktop.folder, "dark.png"))
    assert dark < 90, f"theme=dark, and the screen is {dark:.0f} of 255 bright"


def help_title(page):
    with open(os.path.join(os.environ["BEDSIDE_PROJECT"], "data", "help", "de", page + ".md"), encoding="utf-8") as file:
        return file.readline()[2:].strip()


def says_by_whom(clinic):
    """Each locked setting, for eye and ear; there is nothing in it to press, type or choose."""
    from gi.repository import Atspi
    program = clinic.program
    assert clinic.enabled("preferences")
    window_actions.activate("app.preferences")
    program.find("label", contains=said("Camera and Sound"))
    wait_until("the administrator's page", lambda: next(
        (n for n in program.find_all(name=said("Administrator")) if n.accessible.get_action_iface() is not None), None)).press()
    program.find("label", contains=said("Set by %s (%s)", NAME, CONTACT))
    for title in ROWS:
        row = program.find("list item", name=said(title))
        described = [relation.get_target(0).get_name() for relation in row.accessible.get_relation_set()
                     if relation.get_relation_type() == Atspi.RelationType.DESCRIBED_BY]
        assert described and described[0].endswith(". " + said("Set by %s (%s)", NAME, CONTACT)), (title, described)
        assert not row.states().contains(Atspi.StateType.ENABLED), f"{title} is not said to be locked"
        assert row.states().contains(Atspi.StateType.FOCUSABLE), f"{title} cannot be reached by keyboard"
        for node in row.walk():
            assert node.accessible.get_editable_text_iface() is None, f"{title} can be typed into"
            assert node.role not in ("button", "toggle button", "switch", "combo box", "spin button"), f"{title}: {node}"


def is_not_changed_from_outside(clinic):
    """Neither by an action from the bus, nor by a link."""
    assert not clinic.enabled("choose-clinic")
    window_actions.activate("app.choose-clinic")
    link = clinic.desktop.start(["bedside", f"bedside:connect?server={NOWHERE}"], GSETTINGS_BACKEND="keyfile")
    assert link.process.wait(60) == 0
    clinic.press(said("Close"))
    window_actions.activate("app.server")
    clinic.program.find(contains=clinic.hub.url)
    assert NOWHERE not in names(clinic.program) and "SMITH" in names(clinic.program), names(clinic.program)


def lease_runs_out(clinic):
    """After one day of the file, where two would be good without it, nothing opens and it is said why."""
    later = datetime.date.today() + datetime.timedelta(days=2)
    clinic.hub.stop()
    listener = Listener(clinic.hub.port)
    begun = time.monotonic()
    program = clinic.start("--today", later.isoformat(), locale="C.UTF-8")
    clinic.unlock()
    program.find("label", contains=said("Sign In Again"), seconds=60)
    program.find(contains="24")
    assert "SMITH" not in names(program), names(program)
    wait_until("the server to be asked", lambda: listener.asked > 0)
    clinic.asked_after = time.monotonic() - begun
    listener.close()


def other_networks_are_silent(clinic):
    """In a network that the file does not name the records open and the server is not asked, whoever asks for it."""
    clinic.write(networks="198.51.100.0/24")
    listener = Listener(clinic.hub.port)
    begun = time.monotonic()
    program = clinic.start()
    sentence = said("This network is not one in which %s allows Bedside to talk to the clinic’s server. You work with what is on "
                    "this computer, and what you write is sent when you are back. Visits need the clinic’s network, or its VPN.",
                    NAME)
    clinic.press(plain("_Sign In at the Clinic’s Server"))
    program.find(contains=sentence, seconds=60)
    clinic.unlock()
    program.find("label", contains="SMITH, Jane", seconds=60)
    program.find(contains=sentence)
    window_actions.activate("app.sync")
    while time.monotonic() - begun < 2 * clinic.asked_after + 2:  # it was asked within half of this where it may be
        time.sleep(0.1)
    assert listener.asked == 0, f"the server was asked {listener.asked} times"


STAYS_OPEN = (holds_from_the_first_start, says_by_whom)
CASES = (holds_from_the_first_start, says_by_whom, is_not_changed_from_outside, lease_runs_out, other_networks_are_silent)


def main():
    failed = 0
    print(f"1..{len(CASES)}", flush=True)
    with Desktop(dark=False) as desktop, Hub() as hub:
        clinic = Clinic(desktop, hub)
        for number, test in enumerate(CASES, 1):
            name = test.__name__.replace("_", " ")
            try:
                test(clinic)
                print(f"ok {number} - {name}", flush=True)
            except Exception as problem:
                failed += 1
                for line in (str(problem) or repr(problem)).splitlines()[:120]:
                    print(f"# {line}")
                print(f"not ok {number} - {name}", flush=True)
            if clinic.program and test not in STAYS_OPEN:
                clinic.program.end()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
