"""Addresses that a page hands to another program of the system: which of them are harmless. Thread: any. No Qt."""

from __future__ import annotations

import re
from urllib.parse import unquote

from auroraview_qt.errors import PermissionDeniedError

#: Schemes a link may have. Any other scheme may start a program with arguments from the page.
LINK_SCHEMES = ("http", "https", "mailto")
#: Longest address and longest mail link, in characters; Windows allows 2,083 for a registered program.
MAX_CHARS, MAX_MAIL_CHARS = 8_000, 2_000

#: Header fields that a mail link may fill in. Mail programs support more fields; some attach any file of the user.
_MAIL_FIELDS = frozenset(("to", "cc", "bcc", "subject", "body", "in-reply-to"))
#: Texts that scripts between the system and a mail program may take for an attachment, at any place.
_ATTACHES = re.compile(r"attach\w*\s*=", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BREAKS = re.compile(r"[\r\n\t]")


def check_external(url: str) -> None:
    """Raise for an address that no other program should get from a page.

    Thread: any.

    Parameters
    ----------
    url : str
        The address, fully encoded, with its scheme.

    Raises
    ------
    PermissionDeniedError
        If it is too long, or a mail link that attaches a file or sets other header fields.
    """
    is_mail = url[:7].lower() == "mailto:"
    limit = MAX_MAIL_CHARS if is_mail else MAX_CHARS
    if len(url) > limit:
        raise PermissionDeniedError(f"an address of {len(url):,} characters is not opened; the limit is {limit:,}")
    if is_mail:
        _check_mail(url[7:])


def _check_mail(rest: str) -> None:
    addresses, _, query = rest.partition("?")
    _check_field("to", addresses)
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        field = unquote(name).strip().lower()
        if field not in _MAIL_FIELDS:
            raise PermissionDeniedError(f"a mail link may fill in {', '.join(sorted(_MAIL_FIELDS))}, and not {field[:40]!r}")
        _check_field(field, value)


def _check_field(field: str, value: str) -> None:
    text = value
    for _ in range(4):  # a program on the way may decode it a second time
        if _ATTACHES.search(text):
            raise PermissionDeniedError("a mail link may write a mail, but attach no file to it")
        if _CONTROL.search(_BREAKS.sub("", text) if field == "body" else text):
            raise PermissionDeniedError(f"the {field} of a mail link has control characters")
        decoded = unquote(text)
        if decoded == text:
            return
        text = decoded
    raise PermissionDeniedError(f"the {field} of a mail link is encoded several times")
