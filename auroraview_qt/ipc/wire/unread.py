"""Hold an envelope of a page as text, until its messages are decoded. Thread: the owner's. No Qt.

A page may send much faster than the program takes it. Envelopes wait as text, which takes a small part of the memory of its
values. Their messages are decoded when it is their turn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from auroraview_qt.errors import MessageTooLargeError, ProtocolError
from auroraview_qt.ipc.wire import escapes
from auroraview_qt.ipc.wire.json_text import MAX_ENVELOPE_CHARS, checked, loads_plain
from auroraview_qt.ipc.wire.limits import MAX_DEPTH, MAX_VALUES
from auroraview_qt.ipc.wire.slices import SlicedJson

#: Bytes of messages that are decoded at once; more is decoded a slice at a time.
WHOLE_BYTES = 80 * 1024
#: Levels of an envelope above a value, and its values beside those of a message.
_LEVELS, _VALUES = 2, 1_000

#: The items in front of the messages.
_HEAD = re.compile(rb'\[\s*"([^"\\]*)"\s*,\s*(\d{1,15})\s*,\s*([0-3])\s*,\s*')
_SHAPE = "an envelope has to be [document: string, ack: integer, flow: 0 to 3, messages: array]"


class Unread:
    """The messages of an envelope.

    Parameters
    ----------
    texts : sequence of str
        The envelope without the secret, in pieces.

    Attributes
    ----------
    document : str
        Who speaks.
    acknowledged, flow : int
        The other items in front of the messages.
    size : int
        Bytes that wait.
    messages : list
        The messages, once `step` has returned True.

    Raises
    ------
    ProtocolError
        If it does not begin or end as an envelope.

    Notes
    -----
    Thread: one
    """

    __slots__ = (
        *("_has_escapes", "_masked", "_masking", "_pieces", "_reviving", "_slices"),
        *("acknowledged", "document", "flow", "messages", "size"),
    )

    def __init__(self, texts: Sequence[str]) -> None:
        pieces = [text.encode("utf-8", "surrogatepass") for text in texts]
        self._has_escapes = any(9 in piece for piece in pieces)  # a tab
        head = _HEAD.match(pieces[0])
        if head is None or not pieces[-1].endswith(b"]"):
            raise ProtocolError(_SHAPE)
        self.document, self.acknowledged, self.flow = head[1].decode("utf-8", "replace"), int(head[2]), int(head[3])
        pieces[-1] = pieces[-1][:-1]
        pieces[0] = pieces[0][head.end() :]
        self.size = sum(map(len, pieces))
        self.messages: list[object] = []
        self._pieces = pieces
        self._masked: list[bytes] = []
        self._masking = escapes.masked_pieces(pieces) if self._has_escapes and self.size > WHOLE_BYTES else None
        self._slices: SlicedJson | None = None
        self._reviving: Iterator[None] | None = None

    def step(self) -> bool:
        """Decode a part of the messages; return whether that was the last.

        Raises
        ------
        ProtocolError, MessageTooLargeError
            They are no JSON array, or are over a limit.
        """
        if self._reviving is not None:
            return next(self._reviving, self) is self
        if self._masking is not None:
            return self._mask(self._masking)
        if self._slices is None:
            levels = MAX_DEPTH + _LEVELS + self._has_escapes * escapes.LEVELS
            if self.size <= WHOLE_BYTES:
                text = b"".join(self._pieces)
                return self._done(loads_plain(checked(escapes.masked(text) if self._has_escapes else text, levels)))
            self._slices = SlicedJson(self._pieces, levels, MAX_VALUES + _VALUES)
        return self._slices.step() and self._done(self._slices.value)

    def read(self) -> list[object]:
        """Decode all messages now; raises as `step`."""
        while not self.step():
            pass
        return self.messages

    def _done(self, messages: object) -> bool:
        if not isinstance(messages, list):
            raise ProtocolError(_SHAPE)
        self.messages = messages
        if not self._has_escapes:
            return True
        self._reviving = escapes.reviving(messages, is_page=True)
        return self.step()

    def _mask(self, masking: Iterator[bytes]) -> bool:
        piece = next(masking, None)
        if piece is None:
            self._pieces, self._masked, self._masking = self._masked, [], None
        else:
            self._masked.append(piece)
        return False


class Pieces:
    """Envelopes that come in pieces, each ``<more><document><text>``: *more* is ``+``, and ``.`` for the last piece.

    Notes
    -----
    Thread: one
    """

    def __init__(self, document_chars: int) -> None:
        self._chars = 1 + document_chars
        self.clear()

    def __bool__(self) -> bool:
        return bool(self._texts)

    def clear(self) -> None:
        """Forget incomplete envelopes."""
        self._document = ""
        self._texts: list[str] = []
        self._size = 0

    def add(self, piece: str) -> list[str] | None:
        """Take a piece; return the texts of the envelope that is complete with it, None before that.

        Raises
        ------
        MessageTooLargeError
            If the envelope has more than `MAX_ENVELOPE_CHARS` characters; its other pieces are left out.
        """
        document = piece[1 : self._chars]
        if document != self._document:
            self.clear()
            self._document = document
        self._size += len(piece)
        is_too_large = self._size > MAX_ENVELOPE_CHARS
        if is_too_large:
            self._texts = []
        else:
            self._texts.append(piece[self._chars :])
        if piece.startswith("+"):
            return None
        texts, size = self._texts, self._size
        self.clear()
        if is_too_large:
            raise MessageTooLargeError(
                f"a message of {size:,} characters is over the cap of {MAX_ENVELOPE_CHARS:,}: send it in parts"
            )
        return texts
