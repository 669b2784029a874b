# SPDX-License-Identifier: GPL-3.0-or-later
"""A path that goes dark as a whole, between workstation, hub and patient's page: signalling and media.

    path = DarkPath(hub.port)
    ...both ends use path.url instead of the hub's...
    path.darken(); path.brighten()
    path.darken(silent=True): nothing is reset, as on a train in a tunnel

Each end is told the port of a relay here in place of the other's address, in the candidates that the hub
passes on. After a silent darkness the old connections stay dead, and so do those that were begun in it:
whoever has not noticed would wait for ever.
"""
import re
import selectors
import socket
import threading

from cut_proxy import HOST, Connection, CutProxy

CANDIDATE = re.compile(rb"(candidate:\S+ \d+ )(\S+)( \d+ )(\S+) (\d+)( typ )")
NOWHERE = 9  # the discard port: nobody listens


class MediaRelay:
    """UDP between two ends that each believe the other to be here."""

    def __init__(self):
        self.lock, self.doors, self.owners = threading.Lock(), {}, {}
        self.selector = selectors.DefaultSelector()
        self.dark = False
        threading.Thread(target=self._run, daemon=True).start()

    def door(self, owner):
        """The socket at which others reach OWNER."""
        with self.lock:
            door = self.doors.get(owner)
            if door is None:
                door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                door.bind((HOST, 0))
                door.setblocking(False)
                self.doors[owner], self.owners[door] = door, owner
                self.selector.register(door, selectors.EVENT_READ)
            return door

    def port_of(self, owner):
        return self.door(owner).getsockname()[1]

    def _run(self):
        while True:
            for key, _ in self.selector.select(0.2):
                self._pass_on(key.fileobj)

    def _pass_on(self, door):
        for _ in range(64):
            try:
                data, source = door.recvfrom(65536)
                if not self.dark:
                    self.door(source).sendto(data, self.owners[door])
            except OSError:
                return


class DarkConnection(Connection):
    """A connection that can be dead without a word; candidates in its WebSocket's frames are exchanged."""

    def __init__(self, proxy, near, far):
        super().__init__(proxy, near, far)
        self.dead, self.frames, self.rest = proxy.relay.dark, False, b""

    def _pump_requests(self):
        while data := self.near.recv(65536):
            if self.dead:
                continue
            for ours, theirs in zip(self.ours(), self.theirs()):
                data = data.replace(ours, theirs)
            data = data.replace(b"Accept-Encoding:", b"X-ccept-Encoding:")
            data = data.replace(b"Sec-WebSocket-Extensions:", b"X-c-WebSocket-Extensions:")  # no packing
            self.far.sendall(data)

    def ours(self):
        return [f"{HOST}{colon}{self.proxy.port}".encode() for colon in (":", "%3A")]

    def theirs(self):
        return [f"{HOST}{colon}{self.proxy.target}".encode() for colon in (":", "%3A")]

    def _pump_answers(self):
        while data := self.far.recv(65536):
            if self.dead:
                continue
            if not self.frames and data.startswith(b"HTTP/1.1 101"):
                head, _, self.rest = data.partition(b"\r\n\r\n")
                self.frames = True
                self.near.sendall(head + b"\r\n\r\n")
                data = b""
            if self.frames:
                self.rest += data
                data = b"".join(iter(self._take_frame, b""))
            else:
                for old, new in zip(self.theirs(), self.ours()):
                    data = data.replace(old, new)
            self.near.sendall(data)

    def _take_frame(self):
        """The first whole frame of what came; b"": it has not all come. A server's frames are not masked."""
        if len(self.rest) < 2:
            return b""
        size, start = self.rest[1], 2
        if size == 126:
            size, start = int.from_bytes(self.rest[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(self.rest[2:10], "big"), 10
        if len(self.rest) < start + size:
            return b""
        first, text, self.rest = self.rest[:1], self.rest[start:start + size], self.rest[start + size:]
        if first[0] & 15 == 1:
            text = CANDIDATE.sub(self._exchange, text)
        if len(text) < 126:
            return first + bytes([len(text)]) + text
        if len(text) < 65536:
            return first + b"\x7e" + len(text).to_bytes(2, "big") + text
        return first + b"\x7f" + len(text).to_bytes(8, "big") + text

    def _exchange(self, found):
        port = NOWHERE
        if found[2].lower() == b"udp" and found[4] == HOST.encode():
            port = self.proxy.relay.port_of((HOST, int(found[5])))
        return found[1] + found[2] + found[3] + found[4] + b" " + str(port).encode() + found[6]


class DarkPath(CutProxy):
    connection = DarkConnection

    def __init__(self, port):
        self.relay = MediaRelay()
        super().__init__(port)

    def darken(self, silent=False):
        self.relay.dark = True
        if not silent:
            self.cut()
            return
        with self.lock:
            for connection in self.connections:
                connection.dead = True

    def brighten(self):
        self.relay.dark = False
        self.restore()
