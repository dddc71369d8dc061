"""Sources that Python evaluates in the page: what they are, and the scripts that hand them over. No Qt.

A source is wrapped in a function, as an expression or as a body. A content security policy forbids the page to compile text,
so the wrapping is done here, and what it has to be is asked of another world of the page where it is not plain to see.
"""

from __future__ import annotations

import json
import re
from typing import Literal

#: An expression gives its value, a body what it returns.
Form = Literal["expression", "body"]

_STATEMENT = re.compile(
    r"(?:const|let|var|return|if|for|while|do|switch|try|throw|function|class|debugger|async\s+function)\b"
)


def form_of(source: str) -> Form | None:
    """Say what a source has to be wrapped as; None where only a parser can tell. Thread: any."""
    if _STATEMENT.match(source):
        return "body"
    return None if ";" in source or "\n" in source else "expression"


def hand_over_script(target: str, call_id: str, source: str, form: Form) -> str:
    """Give the script that hands a source to the page's runtime, wrapped in a function.

    Parameters
    ----------
    target : str
        The document's own function, an expression.
    call_id : str
        The call whose turn it waits for.
    source : str
        JavaScript.
    form : {"expression", "body"}
        How it is wrapped.

    Returns
    -------
    str
        Its value is 1, and nothing where the source cannot be parsed.

    Notes
    -----
    Thread: any
    """
    body = f"(\n{source}\n)" if form == "expression" else f"{{\n{source}\n}}"
    return f"{target}.evaluate('{call_id}',async()=>{body})"


def probe_script(source: str) -> str:
    """Give a script, for a world without the page's policy, whose value is what a source is: a `Form`, or why it is none."""
    text = json.dumps(source)
    return (
        f"(function(s){{try{{new Function('async()=>(\\n'+s+'\\n)');return 'expression'}}catch(e){{"
        f"try{{new Function('async()=>{{\\n'+s+'\\n}}');return 'body'}}catch(f){{return f.message}}}}}})({text})"
    )
