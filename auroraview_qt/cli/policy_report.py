"""Write the effective policy of a tool's view on a page, for `auroraview-qt doctor --policy`. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from auroraview_qt.policy import CAPABILITIES, Policy
from auroraview_qt.sites.content_policy import content_policy

#: Arguments of the view that decide about its pages, beside the policy.
_OF_VIEW = ("url", "app_dir", "dev_url", "storage", "trusted_origins", "devtools")


def policy_report(target: str, options: Mapping[str, Any], enabled: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the report.

    Parameters
    ----------
    target : str
        The tool, as the command line names it.
    options : mapping
        The keywords of its view.
    enabled : mapping
        The capabilities that the tool has enabled itself, with their options.

    Notes
    -----
    Thread: any
    """
    policy = options.get("policy") or Policy()
    capabilities = {**policy.capabilities(), **enabled}
    closed = Policy()
    lines = [f"Policy of {target}; * differs from the default", ""]
    for field in fields(Policy):
        name = field.name
        if name in CAPABILITIES:
            value: object = capabilities.get(name, False) or name in capabilities
            is_default = name not in capabilities
        else:
            value = getattr(policy, name)
            is_default = value == getattr(closed, name)
        if not field.repr and isinstance(value, Mapping):
            value = tuple(value)  # origins without their secrets
        lines.append(_line(name, value, is_default=is_default))
    lines += ["", "The view"]
    lines += [_line(name, options.get(name), is_default=not options.get(name)) for name in _OF_VIEW]
    lines += ["", "Content Security Policy of a served app"]
    lines += [f"    {directive.strip()}" for directive in content_policy(policy).split(";")]
    return "\n".join(lines) + "\n"


def _line(name: str, value: object, *, is_default: bool) -> str:
    return f"{' ' if is_default else '*'} {name:20} {_text(value)}"


def _text(value: object) -> str:
    if value is None or value is False or value == () or value == {}:
        return "no"
    if value is True:
        return "yes"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_text(one)}" for key, one in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(map(str, value))
    if callable(value):
        return f"the function {getattr(value, '__qualname__', value)}"
    return str(value)
