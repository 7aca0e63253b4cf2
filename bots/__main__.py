"""The command line: each command is imported only when it is called."""

from importlib.metadata import PackageNotFoundError, version

from cyclopts import App


def _version() -> str:
    try:
        return version("immunobot")
    except PackageNotFoundError:
        return "from this folder"


app = App(
    name="immunobot",
    help="Bite-sized, cited, plain-language answers about immunotherapy: a Telegram bot for patients, a Slack bot for care teams.",
    version=_version,
)
app.command("bots.cli.preview.command:preview", help="Both bots on one web page: no token, no account, no service.")
app.command("bots.cli.run:run", help="Serve every platform whose token is set.")
app.command("bots.cli.chat:chat", help="The same conversation in this terminal, or from a pipe.")
app.command("bots.cli.ask:ask", help="One question, one answer.")
app.command("bots.cli.check:check", help="Check every text, and draw every screen on every platform.")
app.command("bots.cli.tree:tree", help="The topic tree; with --claims, the source article's claims and the cards that answer them.")
app.command("bots.cli.manifest:manifest", help="The Slack app manifest (YAML).")
app.command("bots.cli.broadcast:app", name="broadcast", help="A message to everybody who has tips; a second person approves it.")
app.command("bots.cli.doctor:doctor", help="What is set up, what is not, and how to mend it.")
app.command("bots.cli.backup:backup", help="A copy of the store.")


def main() -> None:
    """Read the command line and do what it says."""
    app()


if __name__ == "__main__":
    main()
