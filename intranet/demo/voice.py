"""Voice notes without a voice: a murmur with the melody of speech, as lossless FLAC in an MP4 that browsers play."""

from __future__ import annotations

import math
import random
import struct
from array import array
from dataclasses import dataclass

RATE = 8000
PEAKS = 64
BLOCK = 4096
VOWELS = ((730, 1090), (530, 1840), (390, 1990), (570, 840), (440, 1020), (300, 870))  # formants: a e i o ö u


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording with what the recorder would say of it."""

    data: bytes
    duration: int  # ms
    peaks: list[int]


def murmur(seconds: int, seed: str) -> Voice:
    """Somebody talking, unintelligibly: the same sound for the same seed."""
    samples = _samples(seconds, random.Random(seed))
    return Voice(_mp4(_flac(samples), len(samples)), seconds * 1000, _peaks(samples))


# -- the sound


def _samples(seconds: int, dice: random.Random) -> array[int]:
    """Syllables with a falling pitch, words with short gaps, sentences with longer ones."""
    found = array("h")
    total, base = seconds * RATE, dice.uniform(105, 190)
    fall = 1.0
    while len(found) < total:
        syllables = dice.randint(1, 4)
        for _ in range(syllables):
            length = int(dice.uniform(0.10, 0.24) * RATE)
            found.extend(_syllable(length, base * fall * dice.uniform(0.94, 1.1), dice.choice(VOWELS), dice))
            fall *= 0.985
        pause = 0.05
        if dice.random() < 0.16:
            pause, fall = dice.uniform(0.35, 0.8), 1.0
        found.extend(array("h", (dice.randint(-12, 12) for _ in range(int(pause * RATE)))))
    return found[:total]


def _syllable(length: int, pitch: float, formants: tuple[int, int], dice: random.Random) -> array[int]:
    """One period of a vowel, repeated under an envelope."""
    period = max(20, int(RATE / pitch))
    wave = [
        sum(
            math.exp(-n / RATE * width) * math.sin(2 * math.pi * formant * n / RATE) * strength
            for formant, width, strength in ((formants[0], 260, 1.0), (formants[1], 420, 0.5), (2500, 700, 0.18))
        )
        for n in range(period)
    ]
    loud = dice.uniform(3500, 9000)
    return array("h", (
        int(loud * math.sin(math.pi * n / length) ** 0.6 * wave[n % period] + dice.uniform(-40, 40))
        for n in range(length)
    ))  # fmt: skip


def _peaks(samples: array[int]) -> list[int]:
    step = len(samples) // PEAKS
    loudest = [max(map(abs, samples[n * step : (n + 1) * step])) for n in range(PEAKS)]
    return [round(100 * peak / max(loudest)) for peak in loudest]


# -- FLAC: blocks predicted from the two samples before, the rest in Rice codes


def _flac(samples: array[int]) -> list[bytes]:
    return [_frame(number, samples[at : at + BLOCK]) for number, at in enumerate(range(0, len(samples), BLOCK))]


def _frame(number: int, block: array[int]) -> bytes:
    whole = len(block) == BLOCK
    head = b"\xff\xf8" + bytes([(0xC0 if whole else 0x70) | 0x04, 0x08]) + _coded(number)
    head += b"" if whole else struct.pack(">H", len(block) - 1)
    head += bytes([_crc(head, 8)])
    bits = "00010100" + "".join(format(sample & 0xFFFF, "016b") for sample in block[:2])
    folded = [_fold(block[n] - 2 * block[n - 1] + block[n - 2]) for n in range(2, len(block))]
    k = min(14, max(0, (sum(folded) // max(1, len(folded))).bit_length() - 1))
    bits += "000000" + format(k, "04b")
    low = (1 << k) - 1
    bits += "".join("0" * (value >> k) + "1" + (format(value & low, f"0{k}b") if k else "") for value in folded)
    bits += "0" * (-len(bits) % 8)
    body = head + int(bits, 2).to_bytes(len(bits) // 8, "big")
    return body + struct.pack(">H", _crc(body, 16))


def _fold(value: int) -> int:
    return value * 2 if value >= 0 else -value * 2 - 1


def _coded(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([0xC0 | number >> 6, 0x80 | number & 0x3F])


def _table(polynomial: int, width: int) -> list[int]:
    top, mask, found = 1 << (width - 1), (1 << width) - 1, []
    for value in range(256):
        rest = value << (width - 8)
        for _ in range(8):
            rest = (rest << 1 ^ polynomial if rest & top else rest << 1) & mask
        found.append(rest)
    return found


_TABLES = {8: _table(0x07, 8), 16: _table(0x8005, 16)}


def _crc(data: bytes, width: int) -> int:
    table, mask, rest = _TABLES[width], (1 << width) - 1, 0
    for byte in data:
        rest = (rest << 8 ^ table[rest >> (width - 8) ^ byte]) & mask
    return rest


# -- MP4


def _mp4(frames: list[bytes], count: int) -> bytes:
    stream = struct.pack(">HHBHBH", BLOCK, BLOCK, 0, 0, 0, 0)
    info = (RATE << 44) | (15 << 36) | count  # rate, one channel, 16 bits, length
    stream += info.to_bytes(8, "big") + bytes(16)
    flac = _box(b"dfLa", bytes(4) + bytes([0x80]) + len(stream).to_bytes(3, "big") + stream)
    entry = bytes(6) + struct.pack(">H8xHHHHI", 1, 1, 16, 0, 0, RATE << 16) + flac
    last = count - BLOCK * (len(frames) - 1)
    start = _box(b"ftyp", b"M4A \0\0\0\0M4A isommp42")
    movie = _movie(_table_of(entry, frames, last, 0), count)  # once to know how long it is
    movie = _movie(_table_of(entry, frames, last, len(start) + len(movie) + 8), count)
    return start + movie + _box(b"mdat", b"".join(frames))


def _table_of(entry: bytes, frames: list[bytes], last: int, offset: int) -> bytes:
    """Where each frame lies and how long it sounds; all frames are one chunk."""
    sizes = b"".join(struct.pack(">I", len(one)) for one in frames)
    return _boxes(
        (b"stsd", struct.pack(">II", 0, 1) + _box(b"fLaC", entry)),
        (b"stts", struct.pack(">IIIIII", 0, 2, len(frames) - 1, BLOCK, 1, last)),
        (b"stsc", struct.pack(">IIIII", 0, 1, 1, len(frames), 1)),
        (b"stsz", struct.pack(">III", 0, 0, len(frames)) + sizes),
        (b"stco", struct.pack(">III", 0, 1, offset)),
    )


def _movie(table: bytes, count: int) -> bytes:
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    media = _boxes(
        (b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, RATE, count, 0x55C4, 0)),
        (b"hdlr", bytes(8) + b"soun" + bytes(12) + b"\0"),
        (b"minf", _boxes(
            (b"smhd", bytes(8)),
            (b"dinf", _box(b"dref", struct.pack(">II", 0, 1) + _box(b"url ", b"\0\0\0\1"))),
            (b"stbl", table),
        )),
    )  # fmt: skip
    track = _boxes(
        (b"tkhd", struct.pack(">IIIIII8xHHHH", 7, 0, 0, 1, 0, count, 0, 0, 0x100, 0) + matrix + bytes(8)),
        (b"mdia", media),
    )
    head = struct.pack(">IIIII", 0, 0, 0, RATE, count) + struct.pack(">IH10x", 0x10000, 0x100) + matrix + bytes(24)
    return _box(b"moov", _boxes((b"mvhd", head + struct.pack(">I", 2)), (b"trak", track)))


def _boxes(*parts: tuple[bytes, bytes]) -> bytes:
    return b"".join(_box(name, body) for name, body in parts)


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body
