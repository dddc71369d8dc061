"""Compare the scene of the page with the scene of the Qt tree.

Owns: the comparison of two snapshots, neither of them the model.
Thread: any. May not import Qt.
"""

from __future__ import annotations

from typing import Any


def differences(page: dict[str, Any], tree: dict[str, Any]) -> list[str]:
    """Return the differences between two snapshots.

    Parameters
    ----------
    page
        The page's `outliner.snapshot()`.
    tree
        `HostTree.snapshot()`.

    Returns
    -------
    list of str
        A sentence for each difference.
    """
    left = {node["id"]: node for node in page["nodes"]}
    right = {node["id"]: node for node in tree["nodes"]}
    found = [
        f"{node_id} is only in the {'page' if node_id in left else 'Qt tree'}"
        for node_id in sorted(left.keys() ^ right.keys())
    ]
    found += [
        f"{key} of {node_id} is {left[node_id][key]!r} in the page and {right[node_id][key]!r} in the Qt tree"
        for node_id in sorted(left.keys() & right.keys())
        for key in ("name", "parent", "visible")
        if left[node_id][key] != right[node_id][key]
    ]
    if [node["id"] for node in page["nodes"]] != [node["id"] for node in tree["nodes"]] and not found:
        found.append("the order of the nodes differs")
    selected, selected_in_tree = sorted(page["selection"]), sorted(tree["selection"])
    if selected != selected_in_tree:
        found.append(f"{selected} are selected in the page and {selected_in_tree} in the Qt tree")
    return found
