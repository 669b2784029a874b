# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless desktop for tests: weston, a session bus and the accessibility tree.

    with Desktop() as desktop:
        program = desktop.start(["bedside", "--server", url])
        program.find("button", "Admit").press()

Programs are driven by role, name and action, never by coordinates. Waits are bounded; what is not
there in time raises with the tree that was.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

WAIT = float(os.environ.get("BEDSIDE_TEST_WAIT", "20"))


def wait_until(what, condition, seconds=WAIT):
    """The first true answer of condition(), or TimeoutError naming what was waited for."""
    end = time.monotonic() + seconds
    while True:
        try:
            answer = condition()
        except Exception as problem:  # a node that is gone while it is looked at
            if "Atspi" not in type(problem).__module__ and "gi" not in type(problem).__module__:
                raise
            answer = None
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)


class Node:
    """An accessible. Roles are AT-SPI's names: "button", "toggle button", "text", "label", "window"…"""

    def __init__(self, accessible):
        self.accessible = accessible

    @property
    def name(self):
        return self.accessible.get_name() or ""

    @property
    def role(self):
        return self.accessible.get_role_name()

    def states(self):
        return self.accessible.get_state_set()

    def is_showing(self):
        from gi.repository import Atspi
        states = self.states()
        return states.contains(Atspi.StateType.SHOWING) or states.contains(Atspi.StateType.VISIBLE)

    def is_sensitive(self):
        from gi.repository import Atspi
        return self.states().contains(Atspi.StateType.SENSITIVE)

    def children(self):
        for index in range(self.accessible.get_child_count()):
            child = self.accessible.get_child_at_index(index)
            if child is not None:
                yield Node(child)

    def walk(self, depth=0):
        yield self
        if depth < 60:
            for child in self.children():
                yield from child.walk(depth + 1)

    def press(self):
        action = self.accessible.get_action_iface()
        if action is None or not action.do_action(0):
            raise AssertionError(f"{self} cannot be pressed")

    def text(self):
        from gi.repository import Atspi
        iface = self.accessible.get_text_iface()
        # not iface.get_text (): that is a method of Atspi.Accessible
        return Atspi.Text.get_text(iface, 0, -1) if iface else self.name

    def type(self, text):
        """Types at the end, one character after the other."""
        editable = self.accessible.get_editable_text_iface()
        for character in text:
            position = self.accessible.get_text_iface().get_character_count()
            if not editable.insert_text(position, character, len(character.encode())):
                raise AssertionError(f"{self} takes no text")

    def set_text(self, text):
        if not self.accessible.get_editable_text_iface().set_text_contents(text):
            raise AssertionError(f"{self} takes no text")

    def __repr__(self):
        return f"<{self.role} “{self.name}”>"


def dump(node, depth=0, out=None):
    out = [] if out is None else out
    for child in node.children():
        try:
            if child.is_showing():
                out.append("  " * depth + f"{child.role}: {child.name[:100]!r}")
                dump(child, depth + 1, out)
        except Exception:
            continue
    return out


class Program:
    """A started program and its accessibility tree."""

    def __init__(self, process, desktop):
        self.process, self.desktop = process, desktop

    def application(self):
        from gi.repository import Atspi
        root = Atspi.get_desktop(0)
        for index in range(root.get_child_count()):
            child = root.get_child_at_index(index)
            if child is not None and child.get_process_id() == self.process.pid:
                return Node(child)
        return None

    def windows(self):
        application = self.application()
        return list(application.children()) if application else []

    def window(self, title, seconds=WAIT):
        return wait_until(f"a window “{title}”",
                          lambda: next((w for w in self.windows() if title in w.name), None), seconds)

    def find_all(self, role=None, name=None, within=None, contains=None):
        start = within or self.application()
        found = []
        if start is None:
            return found
        for node in start.walk():
            try:
                if role is not None and node.role != role:
                    continue
                if name is not None and node.name != name:
                    continue
                if contains is not None and contains not in node.name and contains not in (
                        node.text() if node.role in ("label", "text", "static", "entry") else ""):
                    continue
                if node.is_showing():
                    found.append(node)
            except Exception:
                continue
        return found

    def find(self, role=None, name=None, within=None, contains=None, seconds=WAIT):
        try:
            return wait_until(f"{role or 'anything'} “{name or contains}”",
                              lambda: next(iter(self.find_all(role, name, within, contains)), None), seconds)
        except TimeoutError as problem:
            application = self.application()
            tree = "\n".join(dump(application)[:220]) if application else "(no accessibility tree)"
            raise TimeoutError(f"{problem}; there is:\n{tree}") from None

    def gone(self, role=None, name=None, contains=None, seconds=WAIT):
        wait_until(f"{role} “{name or contains}” to go", lambda: not self.find_all(role, name, None, contains), seconds)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


class Desktop:
    def __init__(self, width=1440, height=900, dark=False, shell="desktop", keys=False):
        """shell "kiosk": every window takes the whole screen, however narrow that is. keys: there is a keyboard,
        see key() and write(); weston then stands in a window of Xvfb, to which xdotool sends keys."""
        self.width, self.height, self.dark, self.shell, self.keys = width, height, dark, shell, keys
        self.processes = []

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="bedside-desktop-")
        runtime = os.path.join(self.folder, "run")
        os.mkdir(runtime, 0o700)
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "GTK_A11Y"):
            os.environ.pop(name, None)
        os.environ.update(
            XDG_RUNTIME_DIR=runtime, WAYLAND_DISPLAY="wl-test", XDG_SESSION_TYPE="wayland", GDK_BACKEND="wayland",
            XDG_CONFIG_HOME=os.path.join(self.folder, "config"), XDG_DATA_HOME=os.path.join(self.folder, "data"),
            XDG_CACHE_HOME=os.path.join(self.folder, "cache"), NO_AT_BRIDGE="0", GSETTINGS_BACKEND="memory",
            GST_REGISTRY=os.path.join(os.environ.get("BEDSIDE_BUILD", self.folder), "gst-registry.bin"))
        if self.dark:
            os.environ["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
        else:
            os.environ["ADW_DEBUG_COLOR_SCHEME"] = "prefer-light"
        bus = self._spawn(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE)
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
        log = open(os.path.join(self.folder, "weston.log"), "w")
        self._spawn(["weston", f"--backend={'x11' if self.keys else 'headless'}", "--renderer=gl",
                     f"--width={self.width}", f"--height={self.height}", f"--shell={self.shell}", "--socket=wl-test",
                     "--debug", "--idle-time=0", "--no-config"],
                    stdout=log, stderr=log, env={**os.environ, **self._start_x(log)})
        wait_until("weston", lambda: os.path.exists(os.path.join(runtime, "wl-test")), 20)
        # programs say what they show only while somebody listens
        subprocess.run(["gdbus", "call", "--session", "--dest", "org.a11y.Bus", "--object-path", "/org/a11y/bus",
                        "--method", "org.freedesktop.DBus.Properties.Set", "org.a11y.Status", "IsEnabled",
                        "<true>"], stdout=subprocess.DEVNULL, check=True)
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi
        Atspi.init()
        return self

    def _start_x(self, log):
        """Where keys are wanted, the X server for weston's window."""
        if not self.keys:
            return {}
        display, told = os.pipe()
        self._spawn(["Xvfb", "-displayfd", str(told), "-screen", "0", f"{self.width}x{self.height}x24", "-nolisten", "tcp"],
                    pass_fds=[told], stdout=log, stderr=log)
        os.close(told)
        with os.fdopen(display) as pipe:
            self.x = {"DISPLAY": f":{pipe.readline().strip()}"}
        return self.x

    def _xdotool(self, *arguments):
        return subprocess.run(["xdotool", *arguments], env={**os.environ, **self.x}, check=True, capture_output=True,
                              text=True, timeout=20).stdout.split()

    def key(self, *names):
        """Presses keys, as "Tab", "ctrl+k", "shift+F10"."""
        self._focus_weston()
        self._xdotool("key", "--clearmodifiers", *names)

    def write(self, text):
        self._focus_weston()
        self._xdotool("type", "--clearmodifiers", "--delay", "8", text)

    def _focus_weston(self):
        if not hasattr(self, "weston_window"):
            with open(os.path.join(self.folder, "weston.log"), errors="replace") as log:
                self.weston_window = re.search(r"window id (\d+)", log.read()).group(1)
            self._xdotool("windowfocus", "--sync", self.weston_window)

    def _spawn(self, command, **kwargs):
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **kwargs)
        self.processes.append(process)
        return process

    def start(self, command, log=None, **environment):
        out = open(log or os.path.join(self.folder, "program.log"), "ab")
        return Program(self._spawn(command, stdout=out, stderr=out, env={**os.environ, **environment}), self)

    def scale_text(self, factor):
        """Programs started from now on with GSETTINGS_BACKEND=keyfile have larger text, as users set it for a desktop."""
        folder = os.path.join(self.folder, "config", "glib-2.0", "settings")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "keyfile"), "w") as file:
            file.write(f"[org/gnome/desktop/interface]\ntext-scaling-factor={factor:.1f}\n")

    def log(self):
        path = os.path.join(self.folder, "program.log")
        return open(path, errors="replace").read() if os.path.exists(path) else ""

    def screenshot(self, path):
        """The whole screen as a PNG."""
        folder = tempfile.mkdtemp(dir=self.folder)
        subprocess.run(["weston-screenshooter"], cwd=folder, check=True, timeout=20,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        shutil.move(os.path.join(folder, os.listdir(folder)[0]), path)

    def __exit__(self, *exception):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        if exception[0] is not None:
            sys.stderr.write(self.log()[-4000:])
        shutil.rmtree(self.folder, ignore_errors=True)
