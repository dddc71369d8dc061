"""Addresses for other programs: mail links attach nothing, and everything has a bounded length."""

from __future__ import annotations

import pytest

from auroraview_qt.capabilities.external_urls import MAX_CHARS, MAX_MAIL_CHARS, check_external
from auroraview_qt.errors import PermissionDeniedError


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/?attach=notes.txt",
        "http://example.com/#" + "x" * 1000,
        "mailto:help@example.com",
        "mailto:",
        "mailto:a@b.c,d@e.f?subject=Shot%20010&cc=g@h.i&body=Two%0D%0Alines%20%26%20more&In-Reply-To=%3Cx%40y%3E",
        "mailto:a@b.c?subject=Attached%20shot&body=Attachment:%20none",
        "mailto:a@b.c?SUBJECT=100%25",
    ],
)
def test_plain_address_may_be_opened(url):
    check_external(url)


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@b.c?attach=notes.txt",
        "mailto:a@b.c?Attachment=/etc/passwd",
        "MAILTO:a@b.c?subject=x&attach=y",
        "mailto:a@b.c?%61ttach=y",
        "mailto:a@b.c?%2561ttach=y",
        "mailto:a@b.c?subject=x&amp;attach=y",
        "mailto:a@b.c?body=x%26attach=y",
        "mailto:a@b.c?body=x%2526attach%253Dy",
        "mailto:a@b.c?subject=x',attachment='/etc/passwd",
        "mailto:a@b.c%27,attachment=%27/etc/passwd",
        "mailto:a@b.c?subject=x%0D%0AAttach:%20y",
        "mailto:a@b.c%0AX-Attach:%20y",
        "mailto:a@b.c?body=%00",
        "mailto:a@b.c?x-attach=y",
        "mailto:a@b.c?from=boss@b.c",
        "mailto:a@b.c?content-type=text/html",
        "mailto:a@b.c?subject=%25252525252541",
        "mailto:a@b.c?&",
        "mailto:a@b.c?body=" + "x" * MAX_MAIL_CHARS,
        "https://example.com/?" + "x" * MAX_CHARS,
    ],
)
def test_address_that_could_do_more_is_refused(url):
    with pytest.raises(PermissionDeniedError):
        check_external(url)
