"""Serve files from disk so that they run nothing and send nothing. Thread: any. No Qt.

A folder that a page may read can contain files from unknown authors. As a document, in a frame or as a page, such a file
runs no script. HTML gets a policy, a vector picture becomes an image in a page of this package, and all other markup becomes
text. As a resource of a page, a file keeps its type unless the type is that of a page or a script.
"""

from __future__ import annotations

import base64
import re

from auroraview_qt.sites.app_sites import Content, InertReply, LargeFile, Reply, Use

#: Types of pages, which may contain scripts.
PAGES = frozenset(("text/html", "application/xhtml+xml"))

#: Documents from disk show text, and the styles, pictures and films beside them. They run and send nothing.
DISK_POLICY = (
    "default-src 'none'; img-src 'self' data:; media-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; frame-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'"
)
#: The page around a vector picture contains the picture as data.
PICTURE_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"

#: The names of scripts.
SCRIPT_NAME = re.compile(r"\.m?js$", re.IGNORECASE)
_SCRIPT = re.compile(r"(text|application)/(x-)?(java|ecma|j|live)script[0-9.]*")
#: Types that Chromium shows in its own page, without the file's scripts.
_SHOWN = re.compile(r"(image|audio|video)/.+|application/pdf")
_TEXT = re.compile(r"text/.+|.+[/+](xml|json)|(text|application)/(xsl|xslt)")
_PICTURE = (
    b"<!doctype html><meta charset=utf-8><style>body { margin: 0 } img { display: block; width: 100vw; height: 100vh; "
    b"object-fit: scale-down; object-position: 0 0 }</style><img src='data:image/svg+xml;base64,%b'>"
)


def as_resource(mime: str, body: Content) -> Reply:
    """Return the reply for a page that fetches a file, or shows it as an image, style, font or film. Thread: any."""
    is_active = mime in PAGES or _SCRIPT.fullmatch(mime)
    return InertReply("text/plain" if is_active else mime, body)


def as_document(mime: str, body: Content, *, shows_pages: bool) -> Reply:
    """Return the reply for a file that is shown in a frame or as a page.

    Thread: any.

    Parameters
    ----------
    mime : str
        The type from the file's name.
    body : bytes or LargeFile
        The file's content.
    shows_pages : bool
        Whether HTML is shown as HTML, without scripts; otherwise as text.
    """
    if mime in PAGES and shows_pages:
        return InertReply("text/html", body, DISK_POLICY)
    if mime == "image/svg+xml" and not isinstance(body, LargeFile):
        return InertReply("text/html", _PICTURE % base64.b64encode(body), PICTURE_POLICY)
    if _SHOWN.fullmatch(mime):
        return InertReply(mime, body)
    is_text = _TEXT.fullmatch(mime) or _SCRIPT.fullmatch(mime)
    return InertReply("text/plain" if is_text else "application/octet-stream", body)


def may_have(path: str, use: Use) -> bool:
    """Return whether a file on disk may be used as requested: never as a script of a worker, or as a possible script."""
    return use is Use.DOCUMENT or (use is Use.RESOURCE and not SCRIPT_NAME.search(path))
