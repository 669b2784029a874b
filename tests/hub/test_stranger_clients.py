# SPDX-License-Identifier: GPL-3.0-or-later
"""FHIR clients and validators that nobody here wrote, against a real hub with the demo clinic."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import peers  # noqa: E402
from hub import Hub  # noqa: E402

peers.require_packages()
with Hub() as hub:
    done = subprocess.run(peers.command('stranger-clients.mjs', f'{hub.url}/fhir', hub.token))
sys.exit(done.returncode)
