"""Inert: how files from disk are served so that they run nothing and send nothing. No Qt; any thread.

A folder that a page may read can hold files of anybody. As a document, in a frame or as a page, such a file is shown so that
it runs no script: HTML under a policy, vector pictures as an image in a page of ours, all other markup as text. As a
resource, which the page that asks makes use of, a file keeps its type unless that is one of a page or a script.
"""

from __future__ import annotations

import base64
import re

from auroraview_qt.sites.app_sites import InertReply, Reply

#: Types of pages, which have scripts of their own.
PAGES = frozenset(("text/html", "application/xhtml+xml"))

#: Documents from disk show the text, styles, pictures and films that stand with them. They run and send nothing.
DISK_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; frame-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)
#: The page around a vector picture has that picture in itself.
PICTURE_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

_SCRIPT = re.compile(r"(text|application)/(x-)?(java|ecma|j|live)script[0-9.]*")
#: Types that Chromium shows by a page of its own making, without the file's scripts.
_SHOWN = re.compile(r"(image|audio|video)/.+|application/pdf")
_TEXT = re.compile(r"text/.+|.+[/+](xml|json)|(text|application)/(xsl|xslt)")
_PICTURE = (
    b"<!doctype html><meta charset=utf-8><style>body { margin: 0 } img { display: block; width: 100vw; height: 100vh; "
    b"object-fit: scale-down; object-position: 0 0 }</style><img src='data:image/svg+xml;base64,%b'>"
)


def as_resource(mime: str, body: bytes) -> Reply:
    """Return what a page gets that fetches a file, or shows it as an image, style, font or film. Thread: any."""
    is_active = mime in PAGES or _SCRIPT.fullmatch(mime)
    return InertReply("text/plain" if is_active else mime, body)


def as_document(mime: str, body: bytes, *, shows_pages: bool) -> Reply:
    """Return what is shown of a file in a frame, or as a page of its own.

    Thread: any.

    Parameters
    ----------
    mime : str
        By the file's name.
    body : bytes
        Its content.
    shows_pages : bool
        Whether HTML is shown as such, without scripts; else as text.
    """
    if mime in PAGES and shows_pages:
        return InertReply("text/html", body, DISK_POLICY)
    if mime == "image/svg+xml":
        return InertReply("text/html", _PICTURE % base64.b64encode(body), PICTURE_POLICY)
    if _SHOWN.fullmatch(mime):
        return InertReply(mime, body)
    is_text = _TEXT.fullmatch(mime) or _SCRIPT.fullmatch(mime)
    return InertReply("text/plain" if is_text else "application/octet-stream", body)
