"""What every widget of the desk is given: looks, icons, display choices, settings."""

from dataclasses import dataclass

from crashdesk_gui.display import Display
from crashdesk_gui.icons import Icons
from crashdesk_gui.settings import DeskSettings
from crashdesk_gui.theme import Theme, ThemeManager


@dataclass(frozen=True, slots=True)
class UiContext:
    """The services of presentation, passed by constructor. It holds no business state and starts no work."""

    themes: ThemeManager
    icons: Icons
    display: Display
    settings: DeskSettings

    @property
    def theme(self) -> Theme:
        """The theme that is worn now."""
        return self.themes.theme
