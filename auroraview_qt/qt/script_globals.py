"""Sources that define globals, as a script does: AuroraView evaluates them there, and `eval_js` in a function. No Qt."""

from __future__ import annotations

import re

#: Parts of a source that matter here: texts and comments, which are skipped, brackets, and declarations.
_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`"""
    r"""|(?P<open>[({\[])|(?P<close>[)}\]])"""
    r"""|(?<![\w$.])(?:(?P<variable>var|let|const|class)\s+|(?:async\s+)?function\b\s*\*?\s*)(?P<name>[A-Za-z_$][\w$]*)""",
    re.DOTALL,
)


def with_globals(source: str) -> str:
    """Add to a source that its top-level variables and functions become properties of the window.

    The properties are accessors: functions of the source and later sources see the same variable. A source without
    declarations at its top is returned as it is.

    Thread: any.
    """
    depth, names = 0, []
    for token in _TOKEN.finditer(source):
        depth += bool(token["open"]) - bool(token["close"])
        if token["name"] and depth == 0:
            names.append(token["name"])
    if not names:
        return source
    return "\n".join([source, *map(_global, dict.fromkeys(names))])


def _global(name: str) -> str:
    accessor = f"get: () => {name}, set: (value) => {{ {name} = value; }}, configurable: true, enumerable: true"
    # A name that the window already has, such as `name`, cannot be defined again.
    return (
        f";try {{ Object.defineProperty(window, '{name}', {{ {accessor} }}); }} catch (error) {{ window.{name} = {name}; }}"
    )
