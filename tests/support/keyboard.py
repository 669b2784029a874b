# SPDX-License-Identifier: GPL-3.0-or-later
"""Real keys through the compositor of a Desktop (keys=True), and where they lead."""
import re
import time

LONGEST = 80  # more stops than any page has
SETTLE = 1.5
PATIENCE = 20  # on a busy machine, for a key that must move the focus


class Keyboard:
    """Who has the focus, as the accessibility bus tells it."""

    def __init__(self, desktop, program):
        from gi.repository import Atspi
        self.desktop, self.program, self.told = desktop, program, []
        self.listener = Atspi.EventListener.new(self._heard)
        self.listener.register("object:state-changed:focused")

    def _heard(self, event):
        if event.detail1 and event.source.get_process_id() == self.program.process.pid:
            self.told.append(event.source)

    def settle(self, seconds=SETTLE):
        """Until a focus is told, or for SECONDS where the key moves none."""
        from gi.repository import GLib
        end, context = time.monotonic() + seconds, GLib.MainContext.default()
        while time.monotonic() < end and not self.told:
            context.iteration(False)
            time.sleep(0.01)
        quiet = time.monotonic() + 0.06
        while time.monotonic() < quiet:
            context.iteration(False)
            time.sleep(0.005)

    def press(self, *names, seconds=SETTLE):
        """The accessible that has the focus after these keys, or None where it did not move."""
        self.told.clear()
        self.desktop.key(*names)
        self.settle(seconds)
        return self.told[-1] if self.told else None

    def go(self, key, name):
        """Presses KEY until the focus is at NAME, a pattern."""
        met = []
        for _ in range(LONGEST):
            node = self.press(key, seconds=PATIENCE)
            met.append(words(node) if node else None)
            if node is not None and re.search(name, met[-1]):
                return
        raise AssertionError(f"{key} never came to {name}: {met[-12:]}")

    def walk(self, key="Tab"):
        """[(role, name)] of a whole round of KEY: until it comes back to where it began."""
        stops = []
        for _ in range(LONGEST):
            node = self.press(key, seconds=PATIENCE) or (None if stops else self.press(key, seconds=PATIENCE))
            if node is None:
                raise AssertionError(f"{key} led nowhere after {stops[-3:]}")
            stop = (node.get_role_name(), words(node))
            if stops and node == first:
                return stops
            if not stops:
                first = node
            stops.append(stop)
        raise AssertionError(f"{key} never came back: {stops[-12:]}")


def words(node):
    """What a screen reader would say: the name, the text, or what labels it."""
    text = node.get_name() or ""
    if not text.strip() and node.get_text_iface():
        from gi.repository import Atspi
        text = Atspi.Text.get_text(node.get_text_iface(), 0, -1)
    return text.strip() or (node.get_description() or "").strip()
