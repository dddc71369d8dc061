from __future__ import annotations

import base64
from pathlib import Path

import pytest

from auroraview_qt.sites.app_sites import InertReply, Reply, mime_of
from auroraview_qt.sites.inert import DISK_POLICY, PICTURE_POLICY, as_document, as_resource

#: Types of markup in which Chromium runs scripts, and of scripts.
ACTIVE = ("text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml", "application/rss+xml")


def test_page_from_disk_is_shown_under_a_policy_without_scripts() -> None:
    for mime in ("text/html", "application/xhtml+xml"):
        reply = as_document(mime, b"<p>", shows_pages=True)
        assert reply == Reply("text/html", b"<p>", DISK_POLICY)
        assert as_document(mime, b"<p>", shows_pages=False) == Reply("text/plain", b"<p>", "")
    assert "default-src 'none'" in DISK_POLICY
    assert "script-src 'none'" in DISK_POLICY
    assert "http" not in DISK_POLICY


@pytest.mark.parametrize("shows_pages", [True, False])
def test_vector_picture_is_shown_as_an_image_of_our_page(shows_pages: bool) -> None:
    picture = b"<svg xmlns='http://www.w3.org/2000/svg'><script>'</script></svg>"
    reply = as_document("image/svg+xml", picture, shows_pages=shows_pages)
    assert (reply.mime, reply.policy) == ("text/html", PICTURE_POLICY)
    assert b"data:image/svg+xml;base64," + base64.b64encode(picture) + b"'" in reply.body
    assert picture not in reply.body


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.txt", "text/plain"),
        ("a.xml", "text/plain"),
        ("a.XSL", "text/plain"),
        ("a.rss", "text/plain"),
        ("a.js", "text/plain"),
        ("a.mjs", "text/plain"),
        ("a.css", "text/plain"),
        ("a.json", "text/plain"),
        ("a.svg.xml", "text/plain"),
        ("a.png", "image/png"),
        ("a.mp4", "video/mp4"),
        ("a.pdf", "application/pdf"),
        ("a.mht", "application/octet-stream"),
        ("a.mhtml", "application/octet-stream"),
        ("a.eml", "application/octet-stream"),
        ("a.svgz", "application/octet-stream"),
        ("a.html.gz", "application/octet-stream"),
        ("a.wasm", "application/octet-stream"),
        ("a.swf", "application/octet-stream"),
        ("a.unheard-of", "application/octet-stream"),
        ("html", "application/octet-stream"),
    ],
)
def test_document_of_another_type_is_shown_by_one_that_runs_nothing(name: str, shown: str) -> None:
    reply = as_document(mime_of(Path(name)), b"<script>", shows_pages=True)
    assert reply == Reply(shown, b"<script>")


@pytest.mark.parametrize("name", ["a.shtml", "a.HTM", "a.xht", "a.xhtml", "a.html"])
def test_page_is_known_by_all_its_names(name: str) -> None:
    assert as_document(mime_of(Path(name)), b"", shows_pages=True).policy == DISK_POLICY


@pytest.mark.parametrize("mime", [*ACTIVE, "text/plain", "image/png", "x/y", "application/x-foo+xml", "text/xsl"])
def test_no_document_keeps_a_type_of_markup(mime: str) -> None:
    for shows_pages in (True, False):
        reply = as_document(mime, b"", shows_pages=shows_pages)
        assert isinstance(reply, InertReply)
        assert reply.mime not in ACTIVE or (
            reply.mime == "text/html" and "script" not in reply.policy.replace("script-src 'none'", "")
        )


@pytest.mark.parametrize(
    ("mime", "given"),
    [
        ("text/html", "text/plain"),
        ("application/xhtml+xml", "text/plain"),
        ("text/javascript", "text/plain"),
        ("application/javascript", "text/plain"),
        ("application/x-javascript", "text/plain"),
        ("text/ecmascript", "text/plain"),
        ("text/javascript1.5", "text/plain"),
        ("text/jscript", "text/plain"),
        ("image/svg+xml", "image/svg+xml"),
        ("application/xml", "application/xml"),
        ("text/css", "text/css"),
        ("font/woff2", "font/woff2"),
        ("application/wasm", "application/wasm"),
    ],
)
def test_resource_keeps_its_type_unless_it_is_one_of_pages_or_scripts(mime: str, given: str) -> None:
    reply = as_resource(mime, b"x")
    assert reply == Reply(given, b"x")
    assert isinstance(reply, InertReply)
