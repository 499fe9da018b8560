"""What the charts need is imported beside everything else, and never in a thread that Qt's types do not bear."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from positions_desk import MINUTE, state_at

from crashdesk import StateStore

PROCESS = """
import sys, threading
from pathlib import Path
from crashdesk_gui.app import make_application
from PySide6.QtCore import QSettings, QTimer
from crashdesk.clock import SystemClock
from crashdesk.inspection import StoreView
from crashdesk_gui.context import UiContext
from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.session import StoreSession
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import ThemeManager, ThemeMode
from crashdesk_gui.views.picture_words import PictureWords
from crashdesk_gui.views.positions_page import PositionsPage

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("pyqtgraph", "PySide6", "crashdesk_gui")):
            if threading.current_thread() is not threading.main_thread():
                print("astray:", name)

sys.meta_path.insert(0, Watch())
directory, way = Path(sys.argv[1]), sys.argv[2]
app = make_application()
settings = DeskSettings(QSettings(str(directory / "desk.ini"), QSettings.Format.IniFormat))
themes, clock = ThemeManager(app, ThemeMode.LIGHT), SystemClock()
ui = UiContext(themes, Icons(themes), Display(zone=settings.zone(), compact=False, now=clock.now_ns), settings)
session = StoreSession(StoreView(directory / "store", clock=clock), who="operator", clock=clock)
page = PositionsPage(ui)
page.resize(900, 600)
page.set_session(session)
session.refresh()
assert "pyqtgraph" not in sys.modules

def look():
    if "crashdesk_gui.views.chart_canvas" in sys.modules and not page.isVisible() and not session.watcher.busy:
        page.show()
    if way == "opened at once":
        page.show()
    if page.charts.complete:
        print("drawn")
        if way != "left open":
            session.close()
            page.close()
        app.quit()

timer = QTimer()
timer.timeout.connect(look)
timer.start(5)
QTimer.singleShot(20000, app.quit)
code = app.exec()
keep = [page, app, lambda: keep]
sys.exit(code)
"""


@pytest.mark.parametrize("way", ["closed", "opened at once", "left open"])
def test_no_worker_imports_what_defines_types_of_qt_and_the_process_ends_well(tmp_path: Path, way: str) -> None:
    with StateStore(tmp_path / "store") as store:
        for number in range(3):
            store.save(state_at(number, time.time_ns() - (3 - number) * MINUTE))
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "faulthandler", "-c", PROCESS, str(tmp_path), way]
    told = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split("\n")[0] == "drawn", told.stdout + told.stderr


LAZY = """
import crashdesk_gui
from PySide6 import QtCore, QtGui, QtWidgets
print(sum(isinstance(vars(module).get(name), type) for module, name in (
    (QtCore, "QBuffer"), (QtGui, "QTextBlockFormat"), (QtWidgets, "QProxyStyle"), (QtWidgets, "QMdiSubWindow"))))
"""


def test_every_type_of_qt_is_made_before_two_threads_can_need_it() -> None:
    told = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.split() == ["4"]


READ = """
import sys, threading
from crashdesk_gui.read_ahead import ModulesRead
read, before = ModulesRead(), set(sys.modules)
reading = threading.Thread(target=lambda: read.read("shop", without=["cellar"]))
reading.start()
reading.join()
assert set(sys.modules) == before, "a worker may read a module and may not run it"
for name in sys.argv[1:]:
    open(name, "w").write("raise RuntimeError('read again')")
with read.used():
    import shop.counter.till
    from shop import shelf
assert (shop.NAME, shop.counter.till.NAME, shelf.NAME) == ("shop", "shop.counter.till", "shop.shelf")
assert shop.counter.__path__ and shelf.__file__ == sys.argv[1] and read not in sys.meta_path
try:
    import shop.cellar
except RuntimeError as error:
    print(error)
"""


def test_a_package_that_was_read_ahead_is_the_same_when_it_is_imported(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    (shop / "counter").mkdir(parents=True)
    modules = [shop / "shelf.py", shop / "counter" / "till.py", shop / "cellar.py"]
    for file in (*modules, shop / "__init__.py", shop / "counter" / "__init__.py"):
        file.write_text("NAME = __name__\n")
    (shop / "broken.py").write_text("this is no Python\n")
    told = subprocess.run(
        [sys.executable, "-c", READ, *map(str, modules)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=False,
    )
    assert told.stdout.strip() == "read again", told.stderr
