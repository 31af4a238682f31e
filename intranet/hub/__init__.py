"""The WebSocket hub: bell, pump, wire, frames, catch-up. It knows no room; the app gives it the house."""

from .bell import Bell, HouseBell, make_bell
from .hub import Hub
from .routes import routes
from .serve import Server, config
from .wire import WireProtocol

__all__ = ["Bell", "HouseBell", "Hub", "Server", "WireProtocol", "config", "make_bell", "routes"]
