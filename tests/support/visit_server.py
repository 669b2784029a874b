# SPDX-License-Identifier: GPL-3.0-or-later
"""The clinic of tests/hub/visit-server.c as a process."""
import os
import re
import subprocess


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env=dict(os.environ, BEDSIDE_TEST_HOOKS='1'))
        self.url = self.process.stdout.readline().strip()
        self.token = self.process.stdout.readline().strip()
        self.port = int(re.search(r':(\d+)/', self.url).group(1))

    def ask(self, line):
        self.process.stdin.write(line + '\n')
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
