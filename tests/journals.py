# SPDX-License-Identifier: GPL-3.0-or-later
"""Result journals from outside, by the layout in src/store/frame.h: for tests that forge results."""
import hashlib


def payloads(path):
    """What the frames of a journal hold: packed results, each beginning with its identity of 32 bytes."""
    data, at = path.read_bytes(), 0
    while at < len(data):
        size = int.from_bytes(data[at + 8:at + 16], "little")
        yield data[at + 56:at + 56 + size]
        at += 56 + size + 4


def write(path, results):
    """A journal of these packed results, with right checksums."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        for payload in results:
            head = b"RITres2\n" + len(payload).to_bytes(8, "little") + hashlib.sha256(payload).digest()
            file.write(head + hashlib.sha256(head).digest()[:8] + payload + b"end\n")


def outcome_at(payload):
    """Where the outcome begins: behind two hashes, four texts, the seconds and the steps trained."""
    at = 64
    for _ in range(4):
        at += 4 + int.from_bytes(payload[at:at + 4], "little")
    return at + 16
