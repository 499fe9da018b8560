"""One thing has one name in Chinese: 撤单 is to cancel an order, 撤销 to take something back, 存储库 the store."""

import re

from translations import CHINESE, Message, messages

FORBIDDEN = (
    (re.compile("撤销"), "撤单"),
    (re.compile("存储(?!库)"), "存储库"),
    (re.compile("客户端订单 ?[iI][dD]"), "客户端订单编号"),
)
ASCII_AFTER_CHINESE = re.compile(r"[\u3400-\u9fff”》）][:,;]")
"""Chinese has marks of its own, as wide as its words."""
TAKES_BACK = re.compile(r"\bundo|\btakes? .*back", re.IGNORECASE)


def told() -> list[Message]:
    return list(messages(CHINESE))


def test_no_second_word_for_the_same_thing() -> None:
    found = [
        f"{message.context}: {text}: say {better}"
        for message in told()
        if not TAKES_BACK.search(message.source)
        for text in message.translations
        for word, better in FORBIDDEN
        if word.search(text)
    ]
    assert found == []


def test_chinese_words_are_followed_by_chinese_marks() -> None:
    found = [
        f"{message.context}: {text}"
        for message in told()
        for text in message.translations
        if ASCII_AFTER_CHINESE.search(text)
    ]
    assert found == []


def test_the_decision_to_cancel_is_called_the_same_wherever_it_is_offered_or_shown() -> None:
    places = {
        ("Activity", "cancel"),
        ("EvidencePanel", "Cancel order"),
        ("OrphanDeciding", "Cancel"),
        ("PlanWords", "cancel"),
    }
    words = {
        (message.context, message.source): message.translations
        for message in told()
        if (message.context, message.source) in places
    }
    assert words == {place: ["撤单"] for place in places}


def test_a_group_of_orphans_is_called_what_its_orders_are_called() -> None:
    words = {(message.context, message.source): message.translations for message in told()}
    pairs = (
        ("Ours, unknown to the bot", "ours, unknown to the bot"),
        ("Not ours", "not ours"),
        ("Cannot tell", "cannot tell whose"),
    )
    for group, badge in pairs:
        titles = {tuple(words[key]) for key in words if key[1] == group}
        badges = {tuple(words[key]) for key in words if key[1] == badge}
        assert titles == badges, group
        assert len(titles) == 1
    assert {tuple(words[key]) for key in words if key[1].lower() == "protects a position"} == {("保护持仓",)}
