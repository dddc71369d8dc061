from __future__ import annotations

import pytest

from auroraview_qt.ipc.trust import TrustPolicy


@pytest.mark.parametrize(
    ("origin", "prefix"),
    [
        ("http://localhost:5173", "http://localhost:5173/"),
        ("http://localhost:5173/", "http://localhost:5173/"),
        ("HTTPS://Tools.Studio:443", "https://tools.studio/"),
        ("http://tools.studio:80", "http://tools.studio/"),
        ("https://tools.studio:80", "https://tools.studio:80/"),
        ("http://[::1]:8080", "http://[::1]:8080/"),
        ("auroraview://app", "auroraview://app/"),
    ],
)
def test_add_origin_valid_becomes_a_prefix(origin: str, prefix: str) -> None:
    policy = TrustPolicy(origin, origin)

    assert policy.prefixes == [prefix]


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "localhost:5173",
        "https://",
        "https://a/path",
        "https://a?x",
        "https://a/?x",
        "https://a#x",
        "https://user@a",
        "https://:pw@a",
        "https://*.a",
        "https://a:b",
        "https://a:99999",
        "*",
    ],
)
def test_add_origin_anything_else_raises(origin: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)origin|port"):
        TrustPolicy(origin)


def test_prefixes_changed_by_the_caller_changes_no_trust() -> None:
    policy = TrustPolicy("http://a")
    policy.prefixes.append("http://b/")

    assert not policy.trusts("http://b/")


@pytest.mark.parametrize("url", ["http://a/", "http://a/x/y?q#f", "http://a/?discount=50%", "http://a/#/../b"])
def test_trusts_page_of_the_origin_is_answered(url: str) -> None:
    assert TrustPolicy("http://a").trusts(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "about:blank",
        "http://a",
        "https://a/",
        "http://a:81/",
        "http://a.evil/",
        "http://a@evil/",
        "http://a%2F@evil/",
        "http://a%2f%2e%2e@evil/",
        "http://evil/http://a/",
        "data:text/html,http://a/",
        "view-source:http://a/",
    ],
)
def test_trusts_page_of_another_origin_is_not_answered(url: str) -> None:
    assert not TrustPolicy("http://a").trusts(url)


@pytest.mark.parametrize("folder", ["file:///x/my%20app", "file:///x/my app/"])
def test_trusts_folder_takes_pages_below_it_however_spelled(folder: str) -> None:
    policy = TrustPolicy()
    policy.add_folder(folder)

    assert policy.trusts("file:///x/my%20app/index.html")
    assert policy.trusts("file:///x/my app/sub/p%C3%A4ge.html")


@pytest.mark.parametrize(
    "url",
    [
        "file:///x/application/i.html",
        "file:///x/app",
        "file:///x/app/../y/i.html",
        "file:///x/app/%2e%2e/y/i.html",
        "file:///x/app/..%2Fy/i.html",
        "file:///x/app/..\\y",
        "file:///x/app/..%5Cy",
        "file://host/x/app/i.html",
        "file://%2Fx/app/i.html",
    ],
)
def test_trusts_folder_refuses_what_leaves_it(url: str) -> None:
    policy = TrustPolicy()
    policy.add_folder("file:///x/app")

    assert not policy.trusts(url)


@pytest.mark.parametrize(
    ("folder", "page"),
    [
        ("file:///C:/my share", "file:///C:/my%20share/index.html"),
        ("file:///C:/a%23b%25c", "file:///C:/a%23b%25c/index.html"),
        ("file://server/share/ui", "file://server/share/ui/index.html"),
        ("file://Server/my share/ui", "file://server/my%20share/ui/index.html"),
        ("file://server/\u30d7\u30ed/ui", "file://server/%E3%83%97%E3%83%AD/ui/index.html"),
        ("file:///x/it's (v2)", "file:///x/it%27s%20%28v2%29/index.html?a=/../b#/../c"),
    ],
)
def test_trusts_folder_is_one_rule_on_drives_and_shares(folder: str, page: str) -> None:
    policy = TrustPolicy()
    policy.add_folder(folder)

    assert policy.trusts(page)
    assert not policy.trusts(page.replace("/index.html", " 2/index.html"))
    assert not policy.trusts(page.replace("file://", "file://other", 1))


@pytest.mark.parametrize("tail", ["..", ".", "../y", "%2e%2e", "a%2Fb", "a%5cb", "a%00", "a%zz", "a%", "%E9", "a\\b"])
def test_trusts_folder_refuses_a_path_that_is_not_certain(tail: str) -> None:
    policy = TrustPolicy()
    policy.add_folder("file://server/app")

    assert not policy.trusts(f"file://server/app/{tail}")


@pytest.mark.parametrize(
    "folder", ["file:///caf%E9", "file://%2Fx/app", "file://" + "a" * 70 + "/x", "file:x", "file://server"]
)
def test_add_folder_that_cannot_be_named_trusts_nothing(folder: str) -> None:
    policy = TrustPolicy()
    policy.add_folder(folder)

    assert policy.prefixes == []
    assert not policy.trusts(folder + "/index.html")
