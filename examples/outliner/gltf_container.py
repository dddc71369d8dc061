"""Read the outer layer of a glTF file: GLB chunks, JSON text, buffers.

Owns the way from a path to a JSON document and its buffers. It checks the container: size, magic, version, chunk lengths,
text encoding, JSON. `outliner.gltf` reads the meaning of the JSON.
Thread: any. May not import Qt.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote_to_bytes

from outliner.errors import SceneFileError

MAX_FILE_BYTES = 1 << 30
MAX_JSON_BYTES = 128 << 20

_GLB_MAGIC = b"glTF"
_HEADER = struct.Struct("<4sII")
_CHUNK = struct.Struct("<I4s")
_EXPORT_AGAIN = "export it again from the program that wrote it"


class GltfContainer:
    """An open glTF or GLB file: its JSON document, and its buffers on demand.

    Parameters
    ----------
    path
        The file. The content decides between GLB and JSON, not the extension.

    Raises
    ------
    SceneFileError
        If the file is missing, unreadable, truncated, too large, or neither glTF nor GLB.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        data = self._read(path)
        self._binary: bytes | None = None
        self._buffers: dict[int, bytes] = {}
        if data[:4] == _GLB_MAGIC:
            text = self._split_glb(data)
        elif data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            text = data
        else:
            self.fail("is neither glTF (JSON) nor GLB: choose a .gltf or .glb file")
        self.document = self._parse(text)

    def fail(self, what: str) -> NoReturn:
        """Raise the error with `what` about this file.

        Parameters
        ----------
        what
            The end of a sentence that begins with the file's name.

        Raises
        ------
        SceneFileError
            Always.
        """
        raise SceneFileError(f"{self.path.name} {what}.", data={"path": str(self.path)})

    def buffer(self, index: int) -> bytes:
        """Return the bytes of a buffer: from the GLB chunk, a data URI, or a file beside this file.

        Parameters
        ----------
        index
            A valid index into the document's `buffers`.

        Raises
        ------
        SceneFileError
            If the buffer's file is missing, or shorter than the document says.
        """
        if index not in self._buffers:
            entry = self.document["buffers"][index]
            uri = entry.get("uri")
            length = entry.get("byteLength")
            if not isinstance(length, int) or isinstance(length, bool) or length < 1:
                self.fail(f"gives no length for buffer {index}: {_EXPORT_AGAIN}")
            data = self._resolve(index, uri)
            if len(data) < length:
                self.fail(f"says buffer {index} has {length} bytes, but there are {len(data)}: {_EXPORT_AGAIN}")
            self._buffers[index] = data
        return self._buffers[index]

    def _resolve(self, index: int, uri: object) -> bytes:
        if uri is None:
            if index != 0 or self._binary is None:
                self.fail(f"has no data for buffer {index}: {_EXPORT_AGAIN}")
            return self._binary
        if not isinstance(uri, str):
            self.fail(f"names buffer {index} by something that is no text: {_EXPORT_AGAIN}")
        if uri.startswith("data:"):
            return self._data_uri(index, uri)
        if "://" in uri or uri.startswith(("/", "\\")):
            self.fail(f"keeps buffer {index} at {uri[:80]}: only files beside it are read")
        try:
            beside = self.path.parent / unquote_to_bytes(uri).decode("utf-8")
            if beside.stat().st_size > MAX_FILE_BYTES:
                self.fail(f"needs {uri}, which is larger than {MAX_FILE_BYTES >> 20} MB")
            return beside.read_bytes()
        except FileNotFoundError:
            self.fail(f"needs {uri[:80]}, which is not there: keep it beside the file")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "no usable file name"
            self.fail(f"needs {uri[:80]}, which cannot be read ({reason})")

    def _data_uri(self, index: int, uri: str) -> bytes:
        head, comma, payload = uri.partition(",")
        if not comma or not head.endswith(";base64"):
            self.fail(f"embeds buffer {index} as something other than base64: {_EXPORT_AGAIN}")
        try:
            return base64.b64decode(payload, validate=True)
        except (binascii.Error, ValueError):
            self.fail(f"embeds buffer {index} as broken base64: {_EXPORT_AGAIN}")

    def _read(self, path: Path) -> bytes:
        try:
            if path.is_dir():
                self.fail("is a folder: choose the .gltf or .glb file in it")
            size = path.stat().st_size
            if size > MAX_FILE_BYTES:
                self.fail(f"is larger than {MAX_FILE_BYTES >> 20} MB: export a smaller part of the scene")
            data = path.read_bytes()
        except FileNotFoundError:
            self.fail(f"does not exist in {path.resolve().parent}: check the path")
        except (OSError, ValueError) as error:
            self.fail(f"cannot be read ({getattr(error, 'strerror', None) or error}): check its permissions")
        if not data:
            self.fail(f"is empty: {_EXPORT_AGAIN}")
        return data

    def _split_glb(self, data: bytes) -> bytes:
        if len(data) < _HEADER.size + _CHUNK.size:
            self.fail(f"ends within its GLB header: {_EXPORT_AGAIN}")
        _, version, length = _HEADER.unpack_from(data)
        if version != 2:
            self.fail(f"is GLB version {version}; only version 2 is read: convert it to glTF 2.0")
        if length > len(data):
            self.fail(f"is truncated: {len(data)} of {length} bytes are there; copy or {_EXPORT_AGAIN}")
        if length < _HEADER.size + _CHUNK.size:
            self.fail(f"gives its own length as {length} bytes: {_EXPORT_AGAIN}")
        text: bytes | None = None
        offset = _HEADER.size
        while offset + _CHUNK.size <= length:
            size, kind = _CHUNK.unpack_from(data, offset)
            offset += _CHUNK.size
            if size > length - offset:
                self.fail(f"has a chunk of {size} bytes where {length - offset} are left: {_EXPORT_AGAIN}")
            if text is None and kind != b"JSON":
                self.fail(f"does not begin with its JSON chunk: {_EXPORT_AGAIN}")
            if text is None:
                text = data[offset : offset + size]
            elif kind == b"BIN\x00" and self._binary is None:
                self._binary = data[offset : offset + size]
            offset += size
        if text is None:
            self.fail(f"has no JSON chunk: {_EXPORT_AGAIN}")
        return text

    def _parse(self, text: bytes) -> dict[str, Any]:
        if len(text) > MAX_JSON_BYTES:
            self.fail(f"holds more than {MAX_JSON_BYTES >> 20} MB of JSON: export a smaller part of the scene")
        try:
            document = json.loads(text.decode("utf-8-sig"), parse_constant=self._refuse_constant)
        except UnicodeDecodeError:
            self.fail(f"is not UTF-8 text: {_EXPORT_AGAIN}")
        except json.JSONDecodeError as error:
            self.fail(f"is not valid JSON at line {error.lineno}, column {error.colno}: {_EXPORT_AGAIN}")
        except RecursionError:
            self.fail(f"nests its JSON too deeply: {_EXPORT_AGAIN}")
        except ValueError:  # an integer of thousands of digits
            self.fail(f"holds a number too long to read: {_EXPORT_AGAIN}")
        if not isinstance(document, dict):
            self.fail(f"holds no glTF document: {_EXPORT_AGAIN}")
        return document

    def _refuse_constant(self, name: str) -> NoReturn:
        self.fail(f"holds {name}, which is no JSON number: {_EXPORT_AGAIN}")
