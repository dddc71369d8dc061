"""Docs: the sections of docstrings, in the styles people write them."""

from __future__ import annotations

import pytest

from auroraview_qt.typegen.docs import comment, parse

NUMPY = """Bake the ``scene``.

    It takes a while: the
    longer the more frames there are.

    Parameters
    ----------
    start, end : int
        First and last frame,
        both included.
    name : str, optional
    **more : object
        Passed on.

    Returns
    -------
    str
        What was baked.

    Raises
    ------
    ValueError
        Never.
    """
GOOGLE = """Bake the ``scene``.

    It takes a while: the
    longer the more frames there are.

    Args:
        start: First and last frame,
            both included.
        end (int): First and last frame, both included.
        **more: Passed on.

    Returns:
        What was baked.
    """
SPHINX = """Bake the ``scene``.

    It takes a while: the
    longer the more frames there are.

    :param int start: First and last frame,
        both included.
    :param end: First and last frame, both included.
    :param more: Passed on.
    :returns: What was baked.
    """


@pytest.mark.parametrize("docstring", [NUMPY, GOOGLE, SPHINX])
def test_parse_of_each_style_gives_text_and_parameters(docstring: str) -> None:
    doc = parse(docstring)
    assert doc.text == "Bake the `scene`.\n\nIt takes a while: the\nlonger the more frames there are."
    frame = "First and last frame, both included."
    assert doc.parameters == {"start": frame, "end": frame, "more": "Passed on."}


@pytest.mark.parametrize("docstring", [None, "", "   "])
def test_parse_of_nothing_is_empty(docstring: str | None) -> None:
    assert parse(docstring) == ("", {})


def test_parse_of_a_sentence_that_ends_with_a_colon_is_text() -> None:
    assert parse("Bake.\n\nThis is how:\n    first one, then the other.").text.endswith("then the other.")


def test_comment_cannot_be_ended_by_its_text() -> None:
    assert comment("a */ b") == ["/** a *\\/ b */"]
    assert comment("a\n\nb", "  ") == ["  /**", "   * a", "   *", "   * b", "   */"]
    assert comment("  ") == []
