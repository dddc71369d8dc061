"""Limits: how much a page and Python may send each other. The only place with these numbers. Thread: any. No Qt.

Both ends check them. The runtime in the page refuses a message before it is sent, with an error that names it. Python checks
because a page can forge every message. ``docs/internals/protocol.md`` lists the limits.
"""

from __future__ import annotations

#: Levels of arrays and objects in a value.
MAX_DEPTH = 64
#: Characters of the JSON of a value from a page.
MAX_MESSAGE_CHARS = 16 * 1024 * 1024
#: Values in a message of a page: items of arrays, members of objects, and the containers themselves.
MAX_VALUES = 500_000
#: Characters of the name, message or code of an error, and of the text of a progress report; longer texts are cut off.
MAX_TEXT_CHARS = 10_000
#: Names that the error about an unknown name carries, to suggest the nearest from.
MAX_NAMES_IN_ERROR = 1_000
#: Characters of the id of a call.
MAX_ID_CHARS = 128
#: Calls and streams of a page that may wait for their answers.
MAX_CALLS = 10_000
#: Characters that may wait in the page for Python; each message counts for 128 at least.
MAX_QUEUE_CHARS = 32 * 1024 * 1024
#: Bytes that have come from the page and wait to be read; then nothing more is fetched.
MAX_UNREAD_BYTES = 8 * 1024 * 1024
#: Characters that a page sends of its own accord before Python has fetched anything; the rest waits in the page.
MAX_UNASKED_CHARS = 4 * 1024 * 1024
#: Bytes of answers that wait for a page; the next large answer is an error.
MAX_ANSWER_BYTES = 64 * 1024 * 1024
#: Bytes up to which an answer is always sent.
SMALL_ANSWER_BYTES = 4_096
#: Bytes of a message to a page: V8's longest string has 536,870,888 characters, and the batch around it needs some.
MAX_TEXT_BYTES = 536_800_000
#: Bytes on their way to a page that it has not acknowledged; then nothing more is sent.
MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024
#: Characters of JSON text that is sent as a text, to be parsed in Python; the page checks longer text, and sends it as JSON.
MAX_POSTED_CHARS = 64 * 1024
#: Keys of the shared state beyond which a page adds none.
MAX_STATE_KEYS = 10_000
#: Bytes of JSON of the keys of the shared state that pages have written.
MAX_STATE_BYTES = 64 * 1024 * 1024
#: Names of events that a page may listen to separately; a page with more names gets all events.
MAX_LISTENED = 10_000


def for_page() -> dict[str, int]:
    """Return the limits that the runtime in the page checks, by the names it has for them."""
    return {
        "depth": MAX_DEPTH,
        "messageChars": MAX_MESSAGE_CHARS,
        "values": MAX_VALUES,
        "textChars": MAX_TEXT_CHARS,
        "namesInError": MAX_NAMES_IN_ERROR,
        "calls": MAX_CALLS,
        "postedChars": MAX_POSTED_CHARS,
        "queueChars": MAX_QUEUE_CHARS,
        "unaskedChars": MAX_UNASKED_CHARS,
        "listened": MAX_LISTENED,
    }
