"""The commands that open the desk or play its incident: ``desk``, ``demo``, ``desktop-entry``."""

from __future__ import annotations

import enum
import gc
import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from crashdesk.cli_help import epilog
from crashdesk.demo.empty_place import require_empty
from crashdesk.errors import ConfigError
from crashdesk.inspection import StoreView

commands = typer.Typer(rich_markup_mode=None)
console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class DemoExchange(enum.StrEnum):
    """The exchanges whose API the embedded one speaks."""

    BINANCE = "binance"
    OKX = "okx"


class LanguageName(enum.StrEnum):
    """Which language the desk speaks."""

    ENGLISH = "en"
    CHINESE = "zh_CN"


class ThemeName(enum.StrEnum):
    """Which palette to wear."""

    LIGHT = "light"
    DARK = "dark"


ThemeOption = Annotated[ThemeName | None, typer.Option(help="Light or dark.")]
LanguageOption = Annotated[LanguageName | None, typer.Option(help="English or Simplified Chinese.")]


@commands.command(
    epilog=epilog(
        "For example:",
        ("crashdesk desk STORE", "one that is open already comes to the front"),
        ended={0: "the desk was closed, or the store is open in another of your desks"},
    )
)
def desk(
    stores: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="STORE", help="Directories that a bot's RecoveryConfig names as checkpoint_dir.", readable=False
        ),
    ] = None,
    new_window: Annotated[
        bool,
        typer.Option("--new-window", help="Open another window even where one of yours has the store open already."),
    ] = False,
    theme: ThemeOption = None,
    language: LanguageOption = None,
) -> None:
    """Open the desk, on one or more stores."""
    for store in stores or []:
        StoreView(store).close()
    raise typer.Exit(open_desk(stores or [], new_window=new_window, theme=theme, language=language))


@commands.command(
    "desktop-entry",
    short_help="Put the desk among your desktop's applications.",
    epilog=epilog(
        "For example:",
        ("crashdesk desktop-entry --install", "the entry and its icon, for this user"),
        ("crashdesk desktop-entry --remove", "takes them away"),
    ),
)
def desktop_entry(
    install: Annotated[
        bool,
        typer.Option("--install/--remove", help="Put the desk among your desktop's applications, or take it away."),
    ],
) -> None:
    """Put the desk among your desktop's applications (Linux), where an installation in a virtual environment does not."""
    for path in _gui().change_entry(install=install):
        console.print(f"{'+' if install else '-'} {path}", markup=False)


@commands.command(
    short_help="Play an incident through, with an embedded exchange.",
    epilog=epilog(
        "For example:",
        ("crashdesk demo", "the desk opens on a bot that has just died"),
        ("crashdesk demo --headless", "without a screen: recover, check the result"),
        ("crashdesk demo --store DIR", "keep the store, for a second terminal"),
        ("crashdesk demo --start-bot DIR", "there: start its bot again"),
        ended={1: "the recovery is not right, or the demonstration could not go on"},
    ),
)
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: recover as proposed and check against the exchange's ledger.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="With --headless: print the report as JSON.")] = False,
    screenshots: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Render every page of the incident to PNG files in this directory, without a window.",
            readable=False,
        ),
    ] = None,
    theme: ThemeOption = None,
    language: LanguageOption = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Another seed is another market and another crash.")] = 0,
    hours: Annotated[
        float, typer.Option(metavar="HOURS", min=0.5, max=72, help="How long the bot has traded before it dies.")
    ] = 24,
    exchange: Annotated[
        DemoExchange, typer.Option(help="Which exchange's API the embedded one speaks.")
    ] = DemoExchange.BINANCE,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Keep the demonstration's store here instead of in a temporary directory.",
            readable=False,
        ),
    ] = None,
    start_bot: Annotated[
        Path | None,
        typer.Option(
            "--start-bot",
            metavar="STORE",
            help="Have the demonstration that is open, and whose store this is, start its bot again; then see it trade.",
            readable=False,
        ),
    ] = None,
) -> None:
    """Live through an incident: a bot trades on an embedded exchange, dies, and is brought back."""
    if json and not headless:
        raise ConfigError("--json belongs to --headless: use `crashdesk demo --headless --json`")
    if start_bot is not None:
        if headless or screenshots is not None or store is not None:
            raise ConfigError(
                "--start-bot belongs to a demonstration that is open already: give it and the store alone"
            )
        from crashdesk.cli_start import start_demo_bot

        raise typer.Exit(start_demo_bot(start_bot, console))
    with tempfile.TemporaryDirectory(prefix="crashdesk-demo-", ignore_cleanup_errors=True) as temporary:
        directory = store or Path(temporary) / "store"
        # Before a window is opened that, without a screen, nobody would see.
        require_empty(directory)
        if headless:
            code = _headless(directory, exchange, seed=seed, hours=hours, as_json=json)
        else:
            code = _gui().demonstrate(
                directory,
                exchange=exchange.value,
                seed=seed,
                hours=hours,
                theme=theme.value if theme else None,
                language=language.value if language else None,
                screenshots=screenshots,
            )
    raise typer.Exit(code)


def _headless(directory: Path, exchange: DemoExchange, *, seed: int, hours: float, as_json: bool) -> int:
    from crashdesk.demo.headless import run_headless
    from crashdesk.demo.setting import setting_of

    report = run_headless(
        directory,
        seed=seed,
        hours=hours,
        setting=setting_of(exchange.value),
        say=lambda text: errors.print(text, markup=False),
    )
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(report)).decode() + "\n")
    else:
        for check in report.checks:
            console.print(f"{'✓' if check.holds else '✕'} {check.name} ({check.detail})", markup=False)
    if not report.ok:
        errors.print("The recovery is not right; see the checks above.")
    return 0 if report.ok else 1


def open_desk(
    stores: list[Path],
    *,
    new_window: bool = False,
    theme: ThemeName | None = None,
    language: LanguageName | None = None,
) -> int:
    """Open the desk and return its exit code. Raises ConfigError where only the core is installed."""
    return _gui().run(
        stores,
        new_window=new_window,
        theme=theme.value if theme else None,
        language=language.value if language else None,
    )


class _Gui:
    """The desk, which is installed with the extra `gui` only."""

    def run(self, stores: list[Path], *, new_window: bool, theme: str | None, language: str | None) -> int:
        """Open the desk."""
        # None of what is imported becomes garbage: looking through it for some would be a tenth of the start.
        gc.disable()
        try:
            from crashdesk_gui.app import run
        finally:
            gc.freeze()
            gc.enable()

        return int(run(stores, new_window=new_window, theme=theme, language=language))

    def change_entry(self, *, install: bool) -> list[Path]:
        """Install or remove the desktop entry."""
        from crashdesk_gui.desktop_entry import change_entry

        return list(change_entry(install=install))

    def demonstrate(
        self,
        directory: Path,
        *,
        exchange: str,
        seed: int,
        hours: float,
        theme: str | None,
        language: str | None,
        screenshots: Path | None,
    ) -> int:
        """Open the desk on the demonstration's incident, or take its pictures."""
        from crashdesk_gui.demo import demonstrate

        return int(
            demonstrate(
                directory,
                exchange=exchange,
                seed=seed,
                hours=hours,
                theme=theme,
                language=language,
                screenshots=screenshots,
            )
        )


def _gui() -> _Gui:
    if importlib.util.find_spec("PySide6") is None or importlib.util.find_spec("pyqtgraph") is None:
        raise ConfigError(
            "the desk is not installed, only the core: `pip install 'crashdesk[gui]'`. "
            "Without it, `crashdesk list|show|verify|recover STORE` and `crashdesk demo --headless` work"
        )
    return _Gui()
