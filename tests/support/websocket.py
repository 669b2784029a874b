# SPDX-License-Identifier: GPL-3.0-or-later
"""A WebSocket client of the standard library alone, for JSON messages: enough to stand in for one side of a visit."""
import base64
import json
import os
import queue
import socket
import struct
import threading

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class WebSocket:
    def __init__(self, port, path, token=None, cookie=None):
        self.received = queue.Queue()
        self.closed = None  # the code, once it is closed; 0 where none was said
        self.socket = socket.create_connection(('127.0.0.1', port), timeout=10)
        self.socket.settimeout(None)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f'GET {path} HTTP/1.1', f'Host: 127.0.0.1:{port}', 'Upgrade: websocket', 'Connection: Upgrade',
                 f'Sec-WebSocket-Key: {key}', 'Sec-WebSocket-Version: 13']
        if token:
            lines.append(f'Authorization: Bearer {token}')
        if cookie:
            lines.append(f'Cookie: {cookie}')
        self.socket.sendall('\r\n'.join(lines + ['', '']).encode())
        self.file = self.socket.makefile('rb')
        status = self.file.readline().decode()
        if ' 101 ' not in status:
            raise ConnectionError(status.strip())
        while self.file.readline().strip():
            pass
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while self.closed is None:
                first, second = self.file.read(2)
                length = second & 127
                if length == 126:
                    length, = struct.unpack('>H', self.file.read(2))
                elif length == 127:
                    length, = struct.unpack('>Q', self.file.read(8))
                data = self.file.read(length)
                if first & 15 == TEXT:
                    self.received.put(json.loads(data))
                elif first & 15 == PING:
                    self._send(PONG, data)
                elif first & 15 == CLOSE:
                    self.closed = struct.unpack('>H', data[:2])[0] if data else 0
        except (OSError, ValueError):
            self.closed = 0

    def _send(self, kind, data):
        size = len(data)
        head = bytes([128 | kind])
        if size < 126:
            head += bytes([128 | size])
        elif size < 65536:
            head += bytes([128 | 126]) + struct.pack('>H', size)
        else:
            head += bytes([128 | 127]) + struct.pack('>Q', size)
        mask = os.urandom(4)
        self.socket.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def send(self, message):
        self._send(TEXT, json.dumps(message).encode())

    def take(self):
        """What has come since the last time."""
        messages = []
        while not self.received.empty():
            messages.append(self.received.get())
        return messages

    def cut(self):
        """Goes away without a word, as a lost network does."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
