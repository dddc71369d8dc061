"""Check expectations of a page repeatedly until they hold; a failure reports the last observation. No Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from re import Pattern
from typing import TYPE_CHECKING, Any

from auroraview_qt.testing.dom import Dom, Look, Text
from auroraview_qt.testing.errors import ExpectationError, WaitError

if TYPE_CHECKING:
    from auroraview_qt.testing.bridge_page import BridgePage


def _blanked(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _matches_text(seen: str | None, wanted: Text, exact: bool) -> bool:
    if seen is None:
        return False
    if isinstance(wanted, str):
        return seen == _blanked(wanted) if exact else _blanked(wanted) in seen
    return wanted.search(seen) is not None


def _shown(wanted: Any) -> str:
    return f"/{wanted.pattern}/" if isinstance(wanted, Pattern) else repr(wanted)


def _expect(
    dom: Dom,
    selector: str,
    what: str,
    holds: Callable[[list[Look]], bool],
    seen: Callable[[list[Look]], str],
    timeout_s: float,
) -> None:
    """Check until the expectation holds; otherwise raise with the last observation."""
    __tracebackhide__ = True
    last: list[list[Look]] = [[]]

    def look() -> bool:
        last[0] = dom.look(selector)
        return holds(last[0])

    if not dom.poll(look, timeout_s):
        looks = last[0]
        told = seen(looks) if looks else f"no element matches{dom.hint(selector)}"
        raise ExpectationError(f"expected {selector!r} {what}, but for {timeout_s:g} s {told}")


def _expect_one(
    dom: Dom, selector: str, what: str, holds: Callable[[Look], bool], seen: Callable[[Look], str], timeout_s: float
) -> None:
    """Expect a property of the single element that matches."""
    __tracebackhide__ = True

    def told(looks: list[Look]) -> str:
        if len(looks) > 1:
            return f"{len(looks)} elements match: {', '.join(look.shown for look in looks[:3])}"
        return seen(looks[0])

    _expect(dom, selector, what, lambda looks: len(looks) == 1 and holds(looks[0]), told, timeout_s)


def text(dom: Dom, selector: str, wanted: Text | Sequence[Text], exact: bool, timeout_s: float) -> None:
    """See `Page.expect_text`."""
    __tracebackhide__ = True
    if isinstance(wanted, (str, Pattern)):
        one: Text = wanted
        verb = "to say exactly" if exact else "to say"
        what = f"{verb} {_shown(one)}"
        _expect_one(
            dom,
            selector,
            what,
            lambda look: _matches_text(look.text, one, exact),
            lambda look: f"it said {look.text!r}",
            timeout_s,
        )
        return
    texts = list(wanted)

    def holds(looks: list[Look]) -> bool:
        return len(looks) == len(texts) and all(_matches_text(look.text, each, exact) for look, each in zip(looks, texts))

    what = f"to say [{', '.join(map(_shown, texts))}]"
    if not texts:
        count(dom, selector, 0, timeout_s)
        return
    _expect(dom, selector, what, holds, lambda looks: f"they said {[look.text for look in looks]!r}", timeout_s)


def value(dom: Dom, selector: str, wanted: str | Pattern[str], timeout_s: float) -> None:
    """See `Page.expect_value`."""
    __tracebackhide__ = True

    def holds(look: Look) -> bool:
        if isinstance(wanted, str):
            return look.value == wanted
        return look.value is not None and wanted.search(look.value) is not None

    def seen(look: Look) -> str:
        return f"{look.shown} is no field" if look.value is None else f"it held {look.value!r}"

    _expect_one(dom, selector, f"to hold {_shown(wanted)}", holds, seen, timeout_s)


def count(dom: Dom, selector: str, wanted: int, timeout_s: float) -> None:
    """See `Page.expect_count`."""
    __tracebackhide__ = True

    def seen(looks: list[Look]) -> str:
        return f"there were {len(looks)}: {', '.join(look.shown for look in looks[:5])}{' …' if len(looks) > 5 else ''}"

    _expect(dom, selector, f"to match {wanted} elements", lambda looks: len(looks) == wanted, seen, timeout_s)


def visible(dom: Dom, selector: str, timeout_s: float) -> None:
    """See `Page.expect_visible`."""
    __tracebackhide__ = True
    _expect_one(
        dom,
        selector,
        "to be visible",
        lambda look: not look.hidden,
        lambda look: f"{look.shown} was hidden: {look.hidden}",
        timeout_s,
    )


def hidden(dom: Dom, selector: str, timeout_s: float) -> None:
    """See `Page.expect_hidden`."""
    __tracebackhide__ = True

    def seen(looks: list[Look]) -> str:
        return f"{next(look.shown for look in looks if not look.hidden)} was visible"

    _expect(dom, selector, "to be hidden", lambda looks: all(look.hidden for look in looks), seen, timeout_s)


def flag(dom: Dom, selector: str, name: str, wanted: bool, timeout_s: float) -> None:
    """See `Page.expect_enabled`, `Page.expect_checked` and `Page.expect_focused`."""
    __tracebackhide__ = True
    word = {("enabled", False): "disabled", ("checked", False): "unchecked"}.get((name, wanted), name)

    def seen(look: Look) -> str:
        return f"{look.shown} was not"

    _expect_one(dom, selector, f"to be {word}", lambda look: getattr(look, name) is wanted, seen, timeout_s)


def attribute(dom: Dom, selector: str, name: str, wanted: str | Pattern[str] | None, timeout_s: float) -> None:
    """See `Page.expect_attribute`."""
    __tracebackhide__ = True

    def holds(look: Look) -> bool:
        found = look.attributes.get(name)
        if isinstance(wanted, Pattern):
            return found is not None and wanted.search(found) is not None
        return found == wanted

    what = f"to have no {name!r}" if wanted is None else f"to have {name}={_shown(wanted)}"
    _expect_one(dom, selector, what, holds, lambda look: f"{name!r} was {look.attributes.get(name)!r}", timeout_s)


def state(page: BridgePage, key: str, wanted: Any, timeout_s: float | None) -> None:
    """See `Page.expect_state`."""
    __tracebackhide__ = True
    seen: list[Any] = [{}]

    def holds() -> bool:
        seen[0] = page.read_state()
        return key in seen[0] and seen[0][key] == wanted

    try:
        page.wait_until(holds, "the state", timeout_s)
    except WaitError:
        told = f"it was {seen[0][key]!r}" if key in seen[0] else f"it is not there; the state has {sorted(seen[0])}"
        raise ExpectationError(f"expected state {key!r} to become {wanted!r}, but {told}") from None
