"""A scene outliner: a web panel on a glTF scene, or on the document of a real host.

`python -m outliner` from the folder `examples` opens it in a separate window; see `outliner.host_panel` for hosts.
"""

from __future__ import annotations

from pathlib import Path

#: Folder of the panel's page.
PAGE = Path(__file__).resolve().parent / "page"
