"""The content security policy of served apps, as text."""

from __future__ import annotations

import pytest

from auroraview_qt.policy import Policy
from auroraview_qt.sites.content_policy import content_policy, development_policy


def directives(text: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (part.split() for part in text.split("; "))}


def test_app_loads_its_own_files_only() -> None:
    found = directives(content_policy(Policy()))
    assert found["default-src"] == found["script-src"] == found["frame-src"] == ["'self'"]
    assert found["connect-src"] == ["'self'", "data:", "blob:"]
    assert found["object-src"] == found["base-uri"] == found["form-action"] == ["'none'"]
    assert not any("http" in source for sources in found.values() for source in sources)


def test_policy_opens_what_its_arguments_name() -> None:
    policy = Policy(
        connect=["https://api.lan", "wss://farm.lan:9000"], navigate=["https://sso.lan"], frame=["https://*.maps.lan"]
    )
    found = directives(content_policy(policy))
    assert found["connect-src"][-2:] == ["https://api.lan", "wss://farm.lan:9000"]
    assert found["img-src"][-1] == found["media-src"][-1] == "https://api.lan"
    assert not any("wss:" in source for source in found["img-src"])
    assert found["frame-src"] == ["'self'", "https://*.maps.lan"]
    assert found["form-action"] == ["https://sso.lan"]
    assert found["script-src"] == ["'self'"]


@pytest.mark.parametrize(
    ("policy", "has_switch", "sources"),
    [
        (Policy(), True, []),
        (Policy(wasm=True), True, ["'wasm-unsafe-eval'"]),
        (Policy(wasm=True), False, ["'unsafe-eval'"]),
        (Policy(script_eval=True), True, ["'unsafe-eval'"]),
        (Policy(script_eval=True, wasm=True), True, ["'unsafe-eval'", "'wasm-unsafe-eval'"]),
        (Policy(script_eval=True, wasm=True), False, ["'unsafe-eval'"]),
    ],
)
def test_policy_allows_code_from_text_only_as_far_as_it_says(policy: Policy, has_switch: bool, sources: list[str]) -> None:
    found = directives(content_policy(policy, has_wasm_switch=has_switch))
    assert found["script-src"] == ["'self'", *sources]


def test_own_directives_add_to_what_is_there() -> None:
    policy = Policy(directives={"font-src": "https://fonts.lan", "worker-src": ["blob:"], "object-src": ["'self'"]})
    found = directives(content_policy(policy))
    assert found["font-src"] == ["'self'", "data:", "https://fonts.lan"]
    assert found["worker-src"] == ["'self'", "blob:"]
    assert found["object-src"] == ["'self'"]


def test_development_server_gets_the_same_with_its_hot_reload() -> None:
    policy = Policy(connect=["https://api.lan"], wasm=True)
    built, server = content_policy(policy), development_policy(policy, "http://localhost:5173/", ["https://local"])
    differences = {
        name: [source for source in sources if source not in directives(built)[name]]
        for name, sources in directives(server).items()
        if sources != directives(built)[name]
    }
    local = ["https://local"]
    assert differences == {
        "script-src": ["'unsafe-inline'"],
        "connect-src": ["ws://localhost:*", "wss://localhost:*", *local],
        **dict.fromkeys(("style-src", "img-src", "font-src", "media-src", "frame-src"), local),
    }
    assert "ws://[::1]:*" in development_policy(policy, "http://[::1]:5173")
