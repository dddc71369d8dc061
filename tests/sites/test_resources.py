"""Resources: patterns, conversion of parameters, answers of functions, and what a view keeps."""

from __future__ import annotations

import array
import threading
from pathlib import Path
from typing import Any, Callable, Optional

import pytest

from auroraview_qt import CallContext, Resource
from auroraview_qt.sites import resources as module
from auroraview_qt.sites.app_sites import InertReply, LargeFile, Refusal, Reply, Status, Use
from auroraview_qt.sites.resources import ResourceApi, Resources


class View(ResourceApi):
    """A view's resources alone."""

    def __init__(self) -> None:
        self._resources = Resources()

    def get(self, path: str, query: str = "", use: Use = Use.RESOURCE, cancelled: bool = False) -> Any:
        """Answer a path; None without a function."""
        found = self._resources.find(path)
        return found and self._resources.make(found, path, query, use, lambda: cancelled)

    def body(self, path: str, query: str = "") -> Any:
        """Return the content for a path, or the status."""
        answer = self.get(path, query)
        return answer.body if isinstance(answer, Reply) else answer and answer.status


@pytest.fixture
def view() -> View:
    return View()


@pytest.mark.parametrize(
    ("pattern", "path", "values"),
    [
        ("/thumb/{a}", "/thumb/pCube1", {"a": "pCube1"}),
        ("/thumb/{a}", "/thumb/a%20%23%2Fb", {"a": "a #/b"}),
        ("/thumb/{a}", "/thumb/%E6%97%A5", {"a": "日"}),
        ("/thumb/{a}", "/thumb/%FF", {"a": "\udcff"}),
        ("/t/{a}/x_{b}.png", "/t/1/x_2.png", {"a": "1", "b": "2"}),
        ("/t/{a}-{b}.png", "/t/x-y-z.png", {"a": "x-y", "b": "z"}),
        ("/t/{a}-{b}-{c}", "/t/-----", {"a": "-", "b": "-", "c": "-"}),
        ("/t/{a}-{b}-{c}/{d}_{e}", "/t/1-2-3/4_5", {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}),
        ("/t/{a}-{b}-{c:path}", "/t/1-2-3/4-5", {"a": "1", "b": "2", "c": "3/4-5"}),
        ("/t/{a}-{b}", "/t/-x", None),
        ("/t/{a}-{b}", "/t/x-", None),
        ("/f/{a:path}", "/f/one/two%2Fthree", {"a": "one/two/three"}),
        ("/über/{a}", "/%C3%BCber/x", {"a": "x"}),
        ("/plain", "/plain", {}),
        ("/thumb/{a}", "/thumb/", None),
        ("/thumb/{a}", "/thumb/a/b", None),
        ("/thumb/{a}", "/thumbs/a", None),
        ("/thumb/{a}", "/thumb/a%00b/c", None),
        ("/plain", "/plain/", None),
        ("/a.b", "/aXb", None),
    ],
)
def test_pattern_matches_a_path(view: View, pattern: str, path: str, values: dict[str, str] | None) -> None:
    seen: list[dict[str, str]] = []
    view.resource(pattern, lambda **texts: seen.append(texts) or b"x")
    assert (view.get(path) is None, seen) == (values is None, [] if values is None else [values])


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "thumb/{a}", "/", "/{a", "/a}", "/{}", "/{1}", "/{a}{b}", "/{a}/{a}", "/{a:int}", "/{a:path}/x", "/a?b={a}"),
        *("/a#b", "/a//{a}", "/__auroraview_file__/{a}", "/{a:path}-{b}", 7),
    ],
)
def test_bad_pattern_is_refused_at_registration(view: View, pattern: Any) -> None:
    with pytest.raises(ValueError, match="resource"):
        view.resource(pattern, lambda a="", b="": b"")


def test_function_that_cannot_get_the_parameters_is_refused_at_registration(view: View) -> None:
    def listed(a: list[str]) -> bytes: ...

    def either(a: Optional[complex]) -> bytes: ...

    with pytest.raises(ValueError, match="no parameter 'asset'"):
        view.resource("/{asset}", lambda name: b"")
    for fn in (listed, either):
        with pytest.raises(TypeError, match="str, int, float or bool"):
            view.resource("/{a}", fn)
    with pytest.raises(TypeError, match="no function"):
        view.resource("/{a}", b"")  # type: ignore[call-overload]


def test_positional_only_parameter_is_refused_at_registration(view: View) -> None:
    def fn(a: str, /) -> bytes: ...

    with pytest.raises(TypeError, match="positional only"):
        view.resource("/{a}", fn)


def test_parameters_are_converted_by_annotation_and_the_query_gives_the_rest(view: View) -> None:
    seen: list[object] = []

    @view.resource("/t/{n}")
    def fn(n: int, scale: float = 1.0, flip: bool = False, size: Optional[int] = None, name: str = "-") -> bytes:
        seen.append((n, scale, flip, size, name))
        return b"x"

    assert view.body("/t/-3") == view.body("/t/4", "scale=0.5&flip=true&size=8&name=a%20b&other=1") == b"x"
    assert seen == [(-3, 1.0, False, None, "-"), (4, 0.5, True, 8, "a b")]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *(("x", ""), ("1.0", ""), ("%D9%A3", ""), ("9" * 5000, ""), ("1", "f=nan"), ("1", "f=inf"), ("1", "f=1_0")),
        *(("1", "b=yes"), ("1", "f=" + "1" * 400), ("1", "f=")),
    ],
)
def test_text_that_does_not_fit_is_not_found(view: View, path: str, query: str) -> None:
    def fn(n: int, f: float = 0.0, b: bool = False) -> bytes:
        return b"x"

    view.resource("/t/{n}", fn)
    assert view.body("/t/1") == b"x"
    assert view.body(f"/t/{path}", query) is Status.NOT_FOUND


def test_missing_argument_of_the_query_is_named(view: View) -> None:
    view.resource("/t", lambda size: b"x")
    assert view.get("/t") == Refusal(Status.NOT_FOUND, "resource '/t': the query has no 'size'")


def test_results_become_content(view: View, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"text")
    results: dict[str, object] = {
        "bytes": b"b", "bytearray": bytearray(b"ba"), "view": memoryview(b"abcd")[::2], "file": tmp_path / "a.txt",
        "array": array.array("f", [1.0]),
    }  # fmt: skip
    view.resource("/r/{name}", results.get and (lambda name: results[name]))
    got = {name: view.body(f"/r/{name}") for name in results}
    assert got == {"bytes": b"b", "bytearray": b"ba", "view": b"ac", "file": b"text", "array": b"\0\0\x80?"}
    assert view.get("/r/file").mime == "text/plain"


def test_large_file_is_not_read(view: View, tmp_path: Path) -> None:
    with (tmp_path / "a.bin").open("wb") as file:
        file.truncate(600 * 1024 * 1024)
    view.resource("/f", lambda: tmp_path / "a.bin")
    assert isinstance(view.body("/f"), LargeFile)


def raises(error: BaseException) -> Callable[[], bytes]:
    def fn() -> bytes:
        raise error

    return fn


@pytest.mark.parametrize(
    ("fn", "status"),
    [
        (lambda: None, Status.NOT_FOUND),
        (raises(FileNotFoundError("x")), Status.NOT_FOUND),
        (raises(KeyError("x")), Status.NOT_FOUND),
        (lambda: Path("/nowhere/at/all"), Status.NOT_FOUND),
        (raises(PermissionError("x")), Status.DENIED),
    ],
)
def test_errors_become_a_status(view: View, fn: Callable[[], bytes], status: Status) -> None:
    view.resource("/x", fn)
    assert view.body("/x") is status


@pytest.mark.parametrize("fn", [raises(ValueError("odd")), raises(SystemExit(3)), lambda: "text", object, lambda: Path("/")])
def test_failure_is_logged_once_by_the_name_of_the_pattern(
    view: View, fn: Callable[[], object], caplog: pytest.LogCaptureFixture
) -> None:
    view.resource("/x", fn)
    assert view.get("/x") == Refusal(Status.FAILED, "")
    assert [record.getMessage() for record in caplog.records] == ["resource '/x' failed"]


def test_failure_of_a_cancelled_function_is_not_logged(view: View, caplog: pytest.LogCaptureFixture) -> None:
    def fn(ctx: CallContext) -> bytes:
        assert ctx.cancelled
        assert ctx.wait_cancelled(60)
        ctx.check_cancelled()
        return b"not reached"

    view.resource("/x", fn)
    assert view.get("/x", cancelled=True).status is Status.FAILED
    assert not caplog.records


def test_coroutine_is_awaited(view: View) -> None:
    async def fn() -> bytes:
        return b"later"

    view.resource("/x", fn)
    assert view.body("/x") == b"later"


def test_type_comes_from_the_bytes_then_from_the_name(view: View) -> None:
    view.resource("/{name}", lambda name: b"\x89PNG\r\n" if name == "p.txt" else b"?")
    assert [view.get(f"/{name}").mime for name in ("p.txt", "a.txt", "b")] == [
        "image/png",
        "text/plain",
        "application/octet-stream",
    ]


def test_answer_without_a_given_type_runs_and_shows_nothing(view: View) -> None:
    view.resource("/{name}", lambda name: b"<script>1</script>")
    for name in ("a.html", "a.js"):
        document = view.get(f"/{name}", use=Use.DOCUMENT)
        assert (type(document), document.mime) == (InertReply, "text/plain")
    assert view.get("/a.html").mime == "text/plain"
    for path, use in (("/a.js", Use.RESOURCE), ("/a", Use.WORKER)):
        assert view.get(path, use=use).status is Status.DENIED


def test_given_type_is_trusted(view: View) -> None:
    view.resource("/a.js", lambda: Resource(b"1", "text/javascript"))
    for use in Use:
        assert view.get("/a.js", use=use) == Reply("text/javascript", b"1")


def test_first_pattern_that_matches_counts_and_a_pattern_replaces_itself(view: View) -> None:
    view.resource("/a/{x}", lambda x: b"1")
    view.resource("/a/b", lambda: b"2")
    assert view.body("/a/b") == b"1"
    view.resource("/a/{x}", lambda x: b"3")
    assert (view.body("/a/c"), view.body("/a/b")) == (b"3", b"2")


def test_fresh_answer_is_kept_until_it_is_old(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now_s[0])
    calls: list[str] = []
    view.resource("/{name}", lambda name: Resource(calls.append(name) or b"x", max_age_s=10))  # type: ignore[func-returns-value]
    for path, query in (("/a", ""), ("/a", ""), ("/a", "v=2"), ("/b", "")):
        assert view.get(path, query).max_age_s == 10
    assert calls == ["a", "a", "b"]
    now_s[0] += 11
    view.get("/a")
    assert calls == ["a", "a", "b", "a"]


def test_kept_answers_are_bounded(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_KEPT_BYTES", 40)
    calls: list[str] = []
    view.resource("/{name}", lambda name, n: Resource(bytes([calls.append(name) or 0]) * int(n), max_age_s=60))  # type: ignore[func-returns-value]
    for name in "abcdef":
        view.get(f"/{name}", "n=10")
    view.get("/f", "n=10")
    view.get("/a", "n=10")
    view.get("/huge", "n=11")
    view.get("/huge", "n=11")
    assert calls == [*"abcdef", "a", "huge", "huge"]


def test_functions_are_found_from_many_threads(view: View) -> None:
    threads = [
        threading.Thread(target=lambda n=n: view.resource(f"/{n}/{{a}}", lambda a: str(n).encode())) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [view.body(f"/{n}/x") for n in range(20)] == [str(n).encode() for n in range(20)]


def test_long_path_costs_the_gui_thread_nothing() -> None:
    resources = Resources()
    resources.add("/r/{a}-{b}-{c}-{d}.png", lambda a, b, c, d: b"x")
    assert resources.find("/r/" + "-" * 8_000) is None  # the expression alone would search for days
    assert resources.find("/r/" + "-" * 100_000) is None
    assert resources.find("/r/1-2-3-4.png") is not None
