"""Compute the files that installing a panel writes, changes and removes. Thread: any. No Qt and no host.

Owns the filling of templates, and the decision about each file.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from auroraview_qt.cli.install_blocks import with_block, with_setting, without_block, without_blocks, without_setting
from auroraview_qt.cli.install_files import Change, InstallError, missing_folders, read
from auroraview_qt.cli.install_receipt import Receipt, Request, folders_shared, read_receipt
from auroraview_qt.hosts.install_target import InstallTarget, PluginSwitch
from auroraview_qt.hosts.names import identifier_from
from auroraview_qt.hosts.templates import fill_in, python_literal

#: Placeholder for the panel's module in the templates and their file names.
_MODULE = "panel_name"
#: Placeholder for a folder for each Python version of Houdini.
_PYTHONS = ("python3.Xlibs", ("python3.9libs", "python3.10libs", "python3.11libs", "python3.13libs"))
_BLOCK = ".block"
#: Suffix of a file whose values stand without quotes, and the sign to double in these.
_ESCAPED = {".desktop": "\\", ".txt": "%"}


@dataclass
class Plan:
    """The changes of an install.

    Attributes
    ----------
    changes : list of Change
        Changes that are made together.
    removed, folders : list of Path
        Arguments for `clear_away`, afterwards.
    notes : list of str
        Notes for the user.
    """

    changes: list[Change] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def put(self, path: Path, after: bytes | None) -> None:
        """Add a change if it changes the file."""
        before = read(path)
        if before != after:
            self.changes.append(Change(path, before, after))
            if after is None:
                self.removed.append(path)


def install(host: InstallTarget, request: Request, folder: Path, settings: Path | None) -> Plan:
    """Plan the installation or the update of a panel.

    Parameters
    ----------
    host : InstallTarget
        The host.
    request : Request
        The panel and its options.
    folder : Path
        The host's folder of the user.
    settings : Path or None
        The settings file that switches the panel on, if any.

    Raises
    ------
    InstallError
        If a file of others is in the way.
    """
    templates = _templates(host, request)
    main = _main(templates)
    old = read_receipt(folder / main, request) or Receipt(request.object_name)
    files = [name for name in templates if not name.endswith(_BLOCK)]
    blocks = {
        name[: -len(_BLOCK)]: _backup(folder, name[: -len(_BLOCK)], old, request) for name in templates if name not in files
    }
    missing = {path for name in files for path in missing_folders(folder / name)}
    folders = {path.relative_to(folder).as_posix() for path in missing if folder in path.parents}  # a dry run may lack more
    folders.update(folders_shared(folder, main, request, files))
    receipt = Receipt(
        request.object_name,
        files,
        sorted(folders.union(old.folders)),
        blocks,
        str(settings) if settings is not None else old.settings,
    )
    plan = Plan(folders=[folder / name for name in old.folders])
    for name in files:
        content = _filled(host, name, templates[name], request, folder, receipt)
        found = read(folder / name)
        if found not in (None, content) and name not in old.files:
            raise InstallError(
                f"{folder / name} was not written by this command: move it away, or use another --object-name"
            )
        plan.put(folder / name, content)
    for name in set(old.files).difference(files):
        plan.put(folder / name, None)
    for name, backup in blocks.items():
        if backup and name not in old.blocks:
            plan.put(folder / backup, read(folder / name))
        lines = _filled(host, name, templates[name + _BLOCK], request, folder, receipt).decode()
        plan.put(folder / name, with_block(read(folder / name), request.module, lines))
    if host.switch is not None and receipt.settings:
        before = read(Path(receipt.settings))
        plan.put(Path(receipt.settings), with_setting(before, host.switch.section, _enabling(host.switch, request)))
    elif host.switch is not None:
        plan.notes.append(host.switch.by_hand)
    return plan


def uninstall(host: InstallTarget, request: Request, folder: Path) -> Plan:
    """Plan the removal of an installed panel.

    Parameters
    ----------
    host, request, folder
        As for `install`; only the object name of the request matters.

    Raises
    ------
    InstallError
        If the file in its place was not written by the command.
    """
    plan = Plan()
    templates = _templates(host, request)
    receipt = read_receipt(folder / _main(templates), request)
    if receipt is None:
        return plan
    plan.folders = [folder / name for name in receipt.folders]
    for name, backup in receipt.blocks.items():
        before, now = read(folder / backup) if backup else None, read(folder / name)
        if now is not None:
            left = without_block(now, request.module, before)
            plan.put(folder / name, left if left or backup else None)
            if before is not None and without_blocks(left) == without_blocks(before):
                plan.put(folder / backup, None)
            elif before is not None:
                plan.notes.append(f"{folder / name} has changed since; its old content is kept in {backup}")
    for name in receipt.files:
        plan.put(folder / name, None)
    if host.switch is not None and receipt.settings:
        settings = Path(receipt.settings)
        line = _enabling(host.switch, request)
        plan.put(settings, without_setting(read(settings) or b"", host.switch.section, line) or None)
    return plan


def _enabling(switch: PluginSwitch, request: Request) -> str:
    return switch.line.format(module=request.module)


# Templates


def _templates(host: InstallTarget, request: Request) -> dict[str, str]:
    """Return the files for a host: paths below its folder, and texts with placeholders."""
    root = host.startup
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.suffix == ".pyc":
            continue
        name = path.relative_to(root).as_posix().replace(_MODULE, request.module)
        name = name.replace("object_name.", f"{identifier_from(request.object_name)}.")
        text = path.read_text(encoding="utf-8").replace(_MODULE, request.module)
        several, pythons = _PYTHONS
        for python in pythons if several in name else (several,):
            found[name.replace(several, python)] = text
    return found


def _main(templates: dict[str, str]) -> str:
    """Return the file that has the receipt."""
    return next(name for name, text in templates.items() if '"@receipt@"' in text)


def _filled(host: InstallTarget, name: str, text: str, request: Request, folder: Path, receipt: Receipt) -> bytes:
    """Fill in a template, with values in its language."""
    suffix = PurePosixPath(name).suffix
    if suffix in host.writers:
        return host.writers[suffix](request.object_name, request.title).encode()
    texts = {
        "panel": python_literal(request.panel),
        "title": python_literal(request.title),
        "object_name": python_literal(request.object_name),
        "area": python_literal(request.area),
        "show": python_literal(request.show),
        "paths": python_literal(list(request.paths)),
        "receipt": json.dumps(asdict(receipt)),
        "folder": json.dumps((folder / request.module).as_posix()),
    }
    if suffix in _ESCAPED:
        sign = _ESCAPED[suffix]
        texts["title"] = request.title.replace(sign, 2 * sign)
    return fill_in(text, texts).encode()


def _backup(folder: Path, name: str, old: Receipt, request: Request) -> str:
    """Return the path of a file's copy before its block, or an empty text if there is no file."""
    if name in old.blocks:
        return old.blocks[name]
    content = read(folder / name)
    if content is None or (content and not without_blocks(content)):
        return ""  # the file has only our blocks
    stem = f"{name}.before_{request.module}"
    numbered = itertools.chain([stem], (f"{stem}_{number}" for number in itertools.count(2)))
    return next(backup for backup in numbered if not (folder / backup).exists())  # the artist may remove an older copy
