# SPDX-License-Identifier: GPL-3.0-or-later
"""A network that can be cut: a TCP proxy between the workstation and the hub.

    proxy = CutProxy(hub.port)
    desktop.start(["bedside", "--server", proxy.url])
    proxy.cut(); proxy.restore()
    proxy.lose_answer(b'"resourceType":"MedicationRequest"')

The hub names itself by its own address in what it answers. So that nothing finds a way around the
cut, that address is exchanged for the proxy's, and back; both have as many digits, so that no
length changes.
"""
import socket
import struct
import threading

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)


def names_of(port):
    return [f"{HOST}{colon}{port}".encode() for colon in (":", "%3A")]


class Connection:
    """One connection through the proxy: two pumps."""

    def __init__(self, proxy, near, far):
        self.proxy, self.near, self.far = proxy, near, far
        self.loses, self.instead, self.seen = False, None, b""

    def reset(self):
        for part in (self.near, self.far):
            try:
                part.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                part.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            part.close()

    def run(self):
        threading.Thread(target=self._guard, args=(self._pump_requests,), daemon=True).start()
        self._guard(self._pump_answers)

    def _guard(self, pump):
        try:
            pump()
        except OSError:
            pass
        self.proxy.forget(self)
        self.reset()

    def _pump_requests(self):
        while data := self.near.recv(65536):
            for ours, theirs in zip(names_of(self.proxy.port), names_of(self.proxy.target)):
                data = data.replace(ours, theirs)
            data = data.replace(b"Accept-Encoding:", b"X-ccept-Encoding:")  # packed, no address could be exchanged
            wanted = self.proxy.wanted
            if wanted is not None:
                window, self.seen = self.seen + data, data[-len(wanted[0]):]
                if wanted[0] in window and self.proxy.take(wanted):
                    self.instead, self.loses = wanted[1], True
            self.far.sendall(data)

    def _pump_answers(self):
        ours, theirs = names_of(self.proxy.port), names_of(self.proxy.target)
        kept = b""
        while data := self.far.recv(65536):
            if self.loses:
                if self.instead is not None:
                    self.instead()
                self.proxy.lost.set()
                return
            data = kept + data
            for old, new in zip(theirs, ours):
                data = data.replace(old, new)
            # an address may be cut in two by where a packet ends
            kept = next((data[-n:] for n in range(len(theirs[1]) - 1, 0, -1)
                         if any(len(name) > n and name.startswith(data[-n:]) for name in theirs)), b"")
            self.near.sendall(data[:len(data) - len(kept)])


class CutProxy:
    connection = Connection

    def __init__(self, port):
        self.target, self.port = port, 0
        self.lock, self.connections, self.listener = threading.Lock(), set(), None
        self.wanted, self.lost = None, threading.Event()
        while len(str(self.port)) != len(str(port)):
            if self.listener is not None:
                self.listener.close()
            self.listener = self.listen(0)
            self.port = self.listener.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._accept(self.listener)

    def listen(self, port):
        return socket.create_server((HOST, port))

    def cut(self):
        """Resets every connection; new ones are refused."""
        with self.lock:
            listener, self.listener = self.listener, None
            connections, self.connections = self.connections, set()
        if listener is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for connection in connections:
            connection.reset()

    def restore(self):
        if self.listener is None:
            self.listener = self.listen(self.port)
            self._accept(self.listener)

    def lose_answer(self, request, instead=None):
        """The next request that holds the bytes REQUEST reaches the hub, and its answer is lost, once.
        INSTEAD is called when the answer begins to come: what was asked for is committed by then."""
        self.lost.clear()
        self.wanted = (request, instead)

    def take(self, wanted):
        with self.lock:
            if self.wanted is not wanted:
                return False
            self.wanted = None
            return True

    def forget(self, connection):
        with self.lock:
            self.connections.discard(connection)

    def _accept(self, listener):
        def loop():
            while True:
                try:
                    near, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=self._connect, args=(near, listener), daemon=True).start()
        threading.Thread(target=loop, daemon=True).start()

    def _connect(self, near, listener):
        far = socket.socket()
        connection = self.connection(self, near, far)
        try:
            far.connect((HOST, self.target))
        except OSError:  # the hub is down
            connection.reset()
            return
        with self.lock:
            alive = self.listener is listener
            if alive:
                self.connections.add(connection)
        if alive:
            connection.run()
        else:
            connection.reset()
