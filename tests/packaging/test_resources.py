"""Files of `resources/`: they are found, and pages get them without comments."""

from __future__ import annotations

import zipfile

import pytest

from auroraview_qt import _resources
from auroraview_qt._resources import page_text, resource_path


def test_resource_path_of_a_missing_file_names_it_and_the_fix() -> None:
    with pytest.raises(FileNotFoundError, match=r"resources/no/such\.js.*pip install"):
        resource_path("no", "such.js")


def test_resource_path_ignores_a_foreign_folder_beside_an_installed_package(tmp_path, monkeypatch) -> None:
    package = tmp_path / "auroraview_qt"
    (package / "resources").mkdir(parents=True)
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(_resources, "_PACKAGE", package)
    assert resource_path() == package / "resources"


@pytest.mark.parametrize("inside", ["", "lib/site/"])
def test_resource_path_of_a_package_in_a_zip_file_is_unpacked(tmp_path, monkeypatch, inside) -> None:
    with zipfile.ZipFile(tmp_path / "tool.zip", "w") as packed:
        packed.writestr(f"{inside}auroraview_qt/resources/bridge/part.js", "part")
        packed.writestr(f"{inside}auroraview_qt/view.py", "")
        packed.writestr("resources/other.js", "")
    monkeypatch.setattr(_resources, "_PACKAGE", tmp_path / "tool.zip" / inside / "auroraview_qt")
    assert resource_path("bridge", "part.js").read_text(encoding="utf-8") == "part"
    assert [path.name for path in resource_path().iterdir()] == ["bridge"]
    assert resource_path() == resource_path()
    with pytest.raises(FileNotFoundError, match=r"other\.js"):
        resource_path("other.js")


@pytest.mark.parametrize("part", [("bridge.js",), ("bridge", "values.js"), ("panel", "keys.js")])
def test_page_text_has_all_but_comments_and_indents(part) -> None:
    text = page_text(*part)
    assert "/*" not in text
    assert not [line for line in text.splitlines() if line != line.strip() or line.startswith("//")]
    whole = resource_path(*part).read_text(encoding="utf-8").splitlines()
    code = [line.strip() for line in whole if line.strip() and not line.strip().startswith(("/*", "*/", "* ", "//"))]
    bare = [line for line in code if "//" not in line and "/*" not in line and line != "*"]
    assert len(bare) > 50
    assert set(bare) <= set(text.splitlines())


LOOKALIKES = r"""const url = 'https://a/b'; // a comment
const text = "a // b"; const path = '/* c */';  /* a comment */
/** @type {x} */
  f(/** @type {y} */ (z));
const many = `a // b ${f(`/* c */`)} ${g({d: 1})}
    // d`;
const half = a / 2; // 'half' of / a
const slash = /[/"'`]\/\//.test(a) ? 1 : a.split(/\s*\/\*/); // `end
function h() {
  return /"/g; // "
}
"""
BARE = r"""const url = 'https://a/b';
const text = "a // b"; const path = '/* c */';
f( (z));
const many = `a // b ${f(`/* c */`)} ${g({d: 1})}
    // d`;
const half = a / 2;
const slash = /[/"'`]\/\//.test(a) ? 1 : a.split(/\s*\/\*/);
function h() {
return /"/g;
}
"""


def test_page_text_of_script_keeps_strings_templates_and_expressions(tmp_path, monkeypatch) -> None:
    (tmp_path / "some.js").write_text(LOOKALIKES, encoding="utf-8")
    monkeypatch.setattr(_resources, "_root", lambda: tmp_path)
    assert page_text("some.js") == BARE


def test_page_text_of_style_sheet_keeps_addresses_and_strings(tmp_path, monkeypatch) -> None:
    (tmp_path / "some.css").write_text(
        "/* a */\nb { background: url(//c/d); /* e */\n  content: '/* f */' }\n", encoding="utf-8"
    )
    monkeypatch.setattr(_resources, "_root", lambda: tmp_path)
    assert page_text("some.css") == "b { background: url(//c/d);\ncontent: '/* f */' }\n"
