# SPDX-License-Identifier: GPL-3.0-or-later
"""A thin line to the hub: what goes up, over all connections together, is no faster than it allows.

    proxy = SlowProxy(hub.port, 1_000_000)      # bits a second
    proxy.busiest()                             # bytes that have gone up on the connection with the most of them
"""
import socket
import threading
import time

from cut_proxy import Connection, CutProxy, HOST, names_of

PART = 2048  # bytes that go at once, whoever's they are
BUFFER = 16 * 1024  # what the line holds in itself


class SlowConnection(Connection):
    sent = 0

    def _pump_requests(self):
        while data := self.near.recv(PART):
            for ours, theirs in zip(names_of(self.proxy.port), names_of(self.proxy.target)):
                data = data.replace(ours, theirs)
            data = data.replace(b"Accept-Encoding:", b"X-ccept-Encoding:")
            self.proxy.wait_turn(len(data))
            self.far.sendall(data)
            self.sent += len(data)
            self.proxy.note(self.sent)


class SlowProxy(CutProxy):
    connection = SlowConnection

    def __init__(self, port, bits):
        self.rate, self.free_at, self.turn, self.most, self.total = bits / 8, 0.0, threading.Lock(), 0, 0
        super().__init__(port)

    def listen(self, port):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        listener.bind((HOST, port))
        listener.listen()
        return listener

    def wait_turn(self, length):
        with self.turn:
            begin = max(self.free_at, time.monotonic())
            self.free_at = begin + length / self.rate
            self.total += length
        time.sleep(max(0.0, self.free_at - time.monotonic()))

    def note(self, sent):
        self.most = max(self.most, sent)

    def busiest(self):
        return self.most
