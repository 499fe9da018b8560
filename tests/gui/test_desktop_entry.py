"""The desk among the applications of a desktop: entry, icons and description are there, whole, and say what they must."""

import re
import runpy
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage

from crashdesk import __version__
from crashdesk.errors import StorageError
from crashdesk.resources import resource_path
from crashdesk_gui.desktop_entry import data_home, entry_text, install_entry, own_command, quoted, remove_entry

SHARE = resource_path("desktop", "share")
ENTRY = SHARE / "applications" / "crashdesk.desktop"
SIZES = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512)


def groups(text: str) -> dict[str, dict[str, str]]:
    """A desktop entry as groups of keys; fails on a line that is neither, and on a key given twice."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if head := re.fullmatch(r"\[([^\[\]]+)\]", line):
            current = found.setdefault(head[1], {})
            continue
        key, equals, value = line.partition("=")
        assert equals, line
        assert re.fullmatch(r"[A-Za-z0-9-]+(\[\w+\])?", key), line
        assert key not in current, line
        current[key] = value
    return found


def test_the_entry_has_every_key_in_both_languages() -> None:
    entry = groups(ENTRY.read_text(encoding="utf-8"))
    main = entry["Desktop Entry"]
    assert main["Type"] == "Application"
    assert main["Name"] == "Crashdesk"
    for key in ("GenericName", "Comment", "Keywords"):
        assert main[key]
        assert main[f"{key}[zh_CN]"]
        assert main[key] != main[f"{key}[zh_CN]"]
    for key in ("Keywords", "Keywords[zh_CN]", "Categories", "Actions"):
        assert main[key].endswith(";"), key
    assert {"Office", "Finance"} <= set(main["Categories"].split(";"))
    assert main["Exec"].split()[0] == main["TryExec"] == "crashdesk"
    assert main["Terminal"] == "false"
    for action in filter(None, main["Actions"].split(";")):
        group = entry[f"Desktop Action {action}"]
        assert group["Name"]
        assert group["Name[zh_CN]"]
        assert group["Exec"].startswith("crashdesk ")


def test_the_window_belongs_to_the_entry() -> None:
    from crashdesk_gui.app import make_application

    app = make_application()
    assert f"{app.desktopFileName()}.desktop" == ENTRY.name
    assert groups(ENTRY.read_text(encoding="utf-8"))["Desktop Entry"]["StartupWMClass"] == "crashdesk"


@pytest.mark.parametrize("size", SIZES)
def test_the_icon_is_there_in_every_size(size: int) -> None:
    picture = QImage(str(SHARE / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "crashdesk.png"))
    assert (picture.width(), picture.height()) == (size, size)
    assert picture.hasAlphaChannel()
    assert picture.pixelColor(0, 0).alpha() < 128, "the corners are round"
    every = range(0, size, max(1, size // 32))
    white = sum(
        picture.pixelColor(x, y).lightness() > 240 and picture.pixelColor(x, y).alpha() > 0
        for x in every
        for y in every
    )
    assert white >= max(6, len(every) ** 2 // 60), "the mark stands out white"


def test_the_pictures_are_those_of_the_drawings(qapp: QGuiApplication, tmp_path: Path) -> None:
    script = runpy.run_path(str(resource_path("desktop", "render_icons.py")))
    script["render"](tmp_path)
    icons = Path("icons") / "hicolor"
    scalable = icons / "scalable" / "apps" / "crashdesk.svg"
    assert (tmp_path / scalable).read_bytes() == (SHARE / scalable).read_bytes()
    assert tuple(script["SIZES"]) == SIZES
    for size in SIZES:
        name = icons / f"{size}x{size}" / "apps" / "crashdesk.png"
        fresh, kept = QImage(str(tmp_path / name)), QImage(str(SHARE / name))
        apart = [
            (x, y)
            for x in range(0, size, max(1, size // 32))
            for y in range(0, size, max(1, size // 32))
            if abs(fresh.pixelColor(x, y).lightness() - kept.pixelColor(x, y).lightness()) > 24
        ]
        assert not apart, f"{name} is older than its drawing: run resources/desktop/render_icons.py"


def test_the_description_is_of_this_version_and_of_the_entry() -> None:
    root = ElementTree.parse(SHARE / "metainfo" / "org.crashdesk.Crashdesk.metainfo.xml").getroot()
    assert root.get("type") == "desktop-application"
    for tag in ("id", "name", "summary", "metadata_license", "project_license", "description", "content_rating"):
        assert root.find(tag) is not None, tag
    assert root.findtext("launchable") == ENTRY.name
    assert root.find("releases")[0].get("version") == __version__
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    for parent in (root, root.find("description"), root.find("description/ul")):
        texts = [each for each in parent if each.tag in ("summary", "p", "li")]
        assert len([each for each in texts if each.get(lang) == "zh_CN"]) * 2 == len(texts)


def test_a_users_entry_starts_this_installation_from_anywhere(tmp_path: Path) -> None:
    data, script = tmp_path / "da ta", tmp_path / "my env" / "crashdesk"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    command = own_command(script.parent, "/usr/bin/python3")
    assert command == (str(script),)
    written = install_entry(SHARE, data, command)
    assert data / "icons" / "hicolor" / "16x16" / "apps" / "crashdesk.png" in written
    entry = groups((data / "applications" / "crashdesk.desktop").read_text(encoding="utf-8"))
    assert entry["Desktop Entry"]["Exec"] == f'"{script}" desk'
    assert entry["Desktop Entry"]["TryExec"] == str(script)
    assert entry["Desktop Action new-window"]["Exec"] == f'"{script}" desk --new-window'

    other = data / "applications" / "other.desktop"
    other.write_text("[Desktop Entry]\n", encoding="utf-8")
    assert sorted(remove_entry(SHARE, data)) == sorted(written)
    assert [path for path in data.rglob("*") if path.is_file()] == [other]
    assert remove_entry(SHARE, data) == [], "nothing there is no error"


def test_without_a_script_the_module_is_started(tmp_path: Path) -> None:
    command = own_command(tmp_path, "/opt/py thon")
    assert entry_text("Exec=crashdesk demo\n", command) == 'Exec="/opt/py thon" -m crashdesk.cli demo\n'


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ("/usr/bin/crashdesk", "/usr/bin/crashdesk"),
        ("/a b", '"/a b"'),
        ("/100%", "/100%%"),
        ('/a"b', r'"/a\\"b"'),
        ("/a$b", r'"/a\\$b"'),
        ("/a\\b", r'"/a\\\\b"'),
    ],
)
def test_an_argument_is_quoted_as_the_specification_wants(argument: str, written: str) -> None:
    assert quoted(argument) == written


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        install_entry(SHARE, tmp_path / "data", ("crashdesk",))


def test_a_relative_data_home_is_ignored_as_the_specification_wants(tmp_path: Path) -> None:
    assert data_home({"XDG_DATA_HOME": "relative"}, tmp_path) == tmp_path / ".local" / "share"
    assert data_home({"XDG_DATA_HOME": "/data"}, tmp_path) == Path("/data")
