"""The press: what opens hostile pictures and documents, in a process of its own that the server starts and may kill.

Nothing in here imports anything of ours outside this folder, so a process starts in a tenth of a second. It is
started as the top-level package `press` (see `intranet/files/pressing.py`).
"""
