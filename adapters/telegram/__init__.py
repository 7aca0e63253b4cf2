"""Telegram: `receive` reads updates, `render` draws screens, `client` sends and edits them, `updates` is how updates come in.

Updates are read as JSON; python-telegram-bot gives the calls, the errors and the `BaseRequest` that `http` fills with aiohttp.
"""
