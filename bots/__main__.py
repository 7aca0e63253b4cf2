"""The command line: each command is imported only when it is called."""

from importlib.metadata import PackageNotFoundError, version

from cyclopts import App

# The first line of each stands in the list of commands.
_RUN = """Serve every platform whose token is set.

Settings come from the environment, or from `.env` in this folder: TELEGRAM_BOT_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN or
SLACK_SIGNING_SECRET; `.env.example` has them all. Ctrl-C or SIGTERM ends it when what was begun is done; SIGHUP reads the library again.

Example: immunobot run telegram
"""
_DOCTOR = """What is set up, what is not, and how to mend it.

Signs in to each platform whose token is set; makes nothing and sends nothing. Ends with 1 where something is to be mended.
"""
_BACKUP = """A copy of the store, while it is in use. PostgreSQL has pg_dump for that.

Example: immunobot backup backups/monday.db
"""


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
app.command("bots.cli.run:run", help=_RUN)
app.command("bots.cli.chat:chat", help="The same conversation in this terminal, or from a pipe.")
app.command("bots.cli.ask:ask", help="One question, one answer.")
app.command("bots.cli.check:check", help="Check every text, and draw every screen on every platform.")
app.command("bots.cli.tree:tree", help="The topic tree; with --claims, the source article's claims and the cards that answer them.")
app.command("bots.cli.manifest:manifest", help="The Slack app manifest (YAML).")
app.command("bots.cli.broadcast:app", name="broadcast", help="A message to everybody who has tips; a second person approves it.")
app.command("bots.cli.doctor:doctor", help=_DOCTOR)
app.command("bots.cli.backup:backup", help=_BACKUP)


def main() -> None:
    """Read the command line and do what it says."""
    app()


if __name__ == "__main__":
    main()
