"""A bot ends while its store is open in the desk: what was known of its orders and stops is asked for again at once."""

from __future__ import annotations

from desk_after_crash import bot_at_work
from desk_operator import DeskOperator
from loopback_incident import LoopbackIncident


def test_the_desk_compares_by_itself_when_the_bot_has_ended(operator: DeskOperator, incident: LoopbackIncident) -> None:
    session = operator.session
    first = session.comparison
    bot = bot_at_work(incident.directory, incident.clock)
    bot.save(bot.load_latest())
    session.refresh()
    operator.wait_for_words("The bot is running.")
    bot.close()
    session.refresh()
    operator.wait_until(lambda: session.comparison is not None and session.comparison is not first)
    operator.wait_until_idle()
    assert session.comparison.newest_seq == 5
    assert "not compared" not in operator.words
