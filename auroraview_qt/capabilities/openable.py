"""Openable: which files a page may have the system open. Thread: any. No Qt.

The list names harmless kinds, not dangerous kinds, because new kinds of programs, installers and disk images appear all the
time. The list leaves out documents whose program runs their scripts: web pages, vector pictures, scenes of host
applications, documents with macros.
"""

from __future__ import annotations

import re
from pathlib import Path

#: Endings of files that are only shown, by kind: pictures, sound and film, geometry and caches, text and office, archives.
HARMLESS = frozenset(
    [
        "avif",
        "bmp",
        "cin",
        "dds",
        "dpx",
        "exr",
        "gif",
        "hdr",
        "heic",
        "ico",
        "jp2",
        "jpeg",
        "jpg",
        "png",
        "psd",
        "psb",
        "rat",
        "tex",
        "tga",
        "tif",
        "tiff",
        "tx",
        "webp",
        "aac",
        "aif",
        "aiff",
        "avi",
        "flac",
        "m4a",
        "m4v",
        "mkv",
        "mov",
        "mp3",
        "mp4",
        "mpeg",
        "mpg",
        "mxf",
        "ogg",
        "ogv",
        "opus",
        "wav",
        "webm",
        "wmv",
        "abc",
        "fbx",
        "glb",
        "gltf",
        "mtl",
        "obj",
        "ply",
        "stl",
        "usd",
        "usda",
        "usdc",
        "usdz",
        "vdb",
        "cdl",
        "csv",
        "cube",
        "docx",
        "edl",
        "json",
        "log",
        "lut",
        "md",
        "odp",
        "ods",
        "odt",
        "otio",
        "pdf",
        "pptx",
        "rtf",
        "srt",
        "tsv",
        "txt",
        "vtt",
        "xlsx",
        "yaml",
        "yml",
        "7z",
        "bz2",
        "gz",
        "tar",
        "tgz",
        "xz",
        "zip",
    ]
)
#: Folders that are programs, or a place of the system, to the system that opens them.
_PROGRAM_FOLDER = re.compile(
    r".*\.(action|app|appex|bundle|component|framework|kext|mpkg|pkg|plugin|prefpane|qlgenerator|saver|service|wdgt|workflow"
    r"|xpc|\{.*\})",
    re.IGNORECASE | re.DOTALL,
)


def is_openable(path: Path) -> bool:
    """Return whether a resolved path is a folder, or a file of a harmless kind without effect of the executable bit."""
    if path.is_dir():
        return not _PROGRAM_FOLDER.fullmatch(path.name)
    return path.is_file() and path.suffix[1:].lower() in HARMLESS
