"""The fault test: real servers, devices that write, and whatever can go wrong. `python3 run.py faults`."""
