"""Warn when a page looks another way than it did: ``python tests/pictures/compare.py [--update] [--keep DIRECTORY]``.

Every state is rendered and compared with its baseline. Letters differ from machine to machine, so what is compared is where
a page is light and where it is dark, in coarse fields, with a tolerance. Exits with 1 when a page changed, is new or is gone.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sys
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

HERE = Path(__file__).parent
BASELINES = HERE / "baselines"
WIDTH = 320
FIELD = 10
"""A baseline is so many pixels wide; so many of them in a square are one field."""
SLIGHT = 20
"""A difference in luminance, of 255, that other letters of the same font may make in a field."""
FEW = 0.02
"""The part of all fields that may differ by more."""
GREYS = 16


def baseline_of(picture: QImage) -> QImage:
    """A picture small, and in a few greys, so that it takes few bytes."""
    size = QSize(WIDTH, round(picture.height() * WIDTH / picture.width()))
    smooth = Qt.TransformationMode.SmoothTransformation
    small = picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    greys = [0xFF000000 | grey * 0x010101 for grey in range(0, 256, 255 // (GREYS - 1))]
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    return grey.convertToFormat(QImage.Format.Format_Indexed8, greys, Qt.ImageConversionFlag.AvoidDither)


def fields(picture: QImage) -> list[list[int]]:
    """The mean luminance of each field, row by row."""
    size = QSize(picture.width() // FIELD, picture.height() // FIELD)
    smooth = Qt.TransformationMode.SmoothTransformation
    coarse = picture.convertToFormat(QImage.Format.Format_Grayscale8).scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth
    )
    return [[coarse.pixel(x, y) & 0xFF for x in range(coarse.width())] for y in range(coarse.height())]


def difference(before: QImage, after: QImage) -> float:
    """The part of all fields that look another way, 0 to 1; 1 when the sizes differ by more than a tenth."""
    if abs(before.height() - after.height()) > before.height() / 10:
        return 1.0
    old, new = fields(before), fields(after.scaled(before.size()))
    pairs = [pair for rows in zip(old, new, strict=True) for pair in zip(*rows, strict=True)]
    return sum(abs(one - other) > SLIGHT for one, other in pairs) / len(pairs)


def told(name: str, small: QImage) -> str:
    """What is to be said of one picture against its baseline; empty when it is as it was."""
    baseline = QImage(str(BASELINES / f"{name}.png"))
    if baseline.isNull():
        return f"{name}: new, it has no baseline"
    part = difference(baseline, small)
    return f"{name}: changed in {part:.1%} of the page" if part > FEW else ""


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the desk's pages with how they looked before.")
    parser.add_argument("--update", action="store_true", help="take what is rendered now as the baselines")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="save the full pictures of changed pages there")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # What the tests share stands one directory above this script's.
    sys.path.insert(0, str(HERE.parent))
    from pictures.states import THEMES, languages, pictures

    app = QApplication.instance() or QApplication(["crashdesk"])
    assert isinstance(app, QApplication)
    spoken = languages()
    seen: set[str] = set()
    problems: list[str] = []
    for language, theme in itertools.product(spoken, THEMES):
        for name, picture in pictures(app, language, theme):
            seen.add(name)
            small = baseline_of(picture)
            if options.update:
                BASELINES.mkdir(exist_ok=True)
                small.save(str(BASELINES / f"{name}.png"))
                continue
            problem = told(name, small)
            if problem:
                problems.append(problem)
            if problem and options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                picture.save(str(options.keep / f"{name}.png"))
    endings = tuple(f"-{language.value}" for language in spoken)
    for path in sorted(BASELINES.glob("*.png")):
        if path.stem not in seen and path.stem.endswith(endings):
            problems.append(f"{path.stem}: there is a baseline and no such page any more")
            if options.update:
                path.unlink()
    if options.update:
        print(f"{len(seen)} baselines in {BASELINES}")
        return 0
    for problem in problems:
        print(f"warning: {problem}")
    print(f"{len(seen)} pages rendered, {len(problems)} to look at")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
