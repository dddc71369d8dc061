"""Make the scripts that hand Python's sources to the page, and find the form of a source. No Qt.

A source is wrapped in a function, as an expression or as a body. A content security policy forbids the page to compile text,
so Python does the wrapping. If the form of a source is not obvious, another world of the page parses it.
"""

from __future__ import annotations

import json
import re
from typing import Literal

#: The value of an expression is its value, the value of a body is its ``return``.
Form = Literal["expression", "body"]

_STATEMENT = re.compile(
    r"(?:const|let|var|return|if|for|while|do|switch|try|throw|function|class|debugger|async\s+function)\b"
)


def form_of(source: str) -> Form | None:
    """Return the form of a source; None if only a parser can decide. Thread: any."""
    if _STATEMENT.match(source):
        return "body"
    return None if ";" in source or "\n" in source else "expression"


def hand_over_script(target: str, call_id: str, source: str, form: Form) -> str:
    """Return the script that hands a source to the page's runtime, wrapped in a function.

    Thread: any.

    Parameters
    ----------
    target : str
        The document's own function, as an expression.
    call_id : str
        The waiting call.
    source : str
        JavaScript.
    form : {"expression", "body"}
        The form.

    Returns
    -------
    str
        Its value is 1, or missing if the source cannot be parsed.
    """
    body = f"(\n{source}\n)" if form == "expression" else f"{{\n{source}\n}}"
    return f"{target}.evaluate('{call_id}',async()=>{body})"


def probe_script(source: str) -> str:
    """Return a script, for a world without the page's policy, whose value is a source's `Form`, or the syntax error."""
    text = json.dumps(source)
    return (
        f"(function(s){{try{{new Function('async()=>(\\n'+s+'\\n)');return 'expression'}}catch(e){{"
        f"try{{new Function('async()=>{{\\n'+s+'\\n}}');return 'body'}}catch(f){{return f.message}}}}}})({text})"
    )
