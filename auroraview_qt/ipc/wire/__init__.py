"""The wire: message shapes, JSON text, the queue to the page, and the trusted pages. No Qt."""

from __future__ import annotations

from auroraview_qt.ipc.wire.page_messages import decode_envelope, decode_message

__all__ = ["decode_envelope", "decode_message"]
