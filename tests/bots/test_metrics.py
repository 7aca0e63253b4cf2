"""The counters as Prometheus reads them."""

from bots.metrics import text


def test_counters_and_gauges_have_their_types() -> None:
    """Each name once, a line a platform; a platform without a value has no line."""
    told = text({"telegram": {"failed": 1, "tips_sent": 3}, "slack": {"failed": 0}}, {"tips_waiting_seconds": {"telegram": 2.5}})
    assert told.splitlines() == [
        "# TYPE immunobot_failed_total counter",
        'immunobot_failed_total{platform="telegram"} 1',
        'immunobot_failed_total{platform="slack"} 0',
        "# TYPE immunobot_tips_sent_total counter",
        'immunobot_tips_sent_total{platform="telegram"} 3',
        "# TYPE immunobot_tips_waiting_seconds gauge",
        'immunobot_tips_waiting_seconds{platform="telegram"} 2.5',
    ]
