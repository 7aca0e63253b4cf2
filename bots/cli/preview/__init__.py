"""`immunobot preview`: both real bots against a Telegram and a Slack on this computer, and one web page to talk to them."""
