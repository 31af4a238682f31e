"""What a device has in the end, as the history checker takes it."""

from bench.history import Seen, Shown, Stands

from .device import Device
from .outbox import View


def seen_by(device: Device, place: int) -> Seen:
    """What a device has of a place and what came over its wires. Not `clean`: a page that is asked for may be read
    from a newer snapshot than the live frames beside it, which then come after it and say less."""
    view, witness = device.box.views.get(place) or View("", 0), device.witness[place]
    messages = [
        Stands(seq, write, text)
        for name, (_rev, seq, write, text, _hash) in sorted(view.things.items(), key=lambda one: one[1][1])
        if name.startswith("m-") and write
    ]
    things = {name: Shown(seq, content) for name, (_rev, seq, _write, _text, content) in view.things.items()}
    return Seen(
        0,
        view.cursor,
        messages,
        view.jumps,
        device.person,
        view.epoch,
        witness.frames,
        witness.heads,
        [],
        things,
        clean=False,
    )
