"""The one HTTP server: webhooks, a page to print, and how the program is."""

from collections.abc import Awaitable, Callable, Mapping
from html import escape
from typing import Final

from aiohttp import web

from content.model import Card, Library
from content.pages.reading import card_text
from content.screen import bold_runs

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Ready = Callable[[], Awaitable[Mapping[str, bool]]]

MAXIMUM_BODY: Final = 2 * 1024 * 1024
_SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_STYLE: Final = "body{font:14pt/1.5 sans-serif;max-width:38em;margin:2em auto;padding:0 1em}h1{font-size:1.3em}"


def application(library: Callable[[], Library], ready: Ready, webhooks: Mapping[str, Handler]) -> web.Application:
    """The routes: `webhooks` by path, /card/<id>, /healthz and /readyz."""
    served = web.Application(client_max_size=MAXIMUM_BODY)
    for path, handler in webhooks.items():
        served.router.add_post(path, handler)
    served.router.add_get("/card/{id:[a-z0-9/-]+}", _card_handler(library))
    served.router.add_get("/healthz", _healthy)
    served.router.add_get("/readyz", _ready_handler(ready))
    return served


async def listen(served: web.Application, host: str, port: int) -> web.AppRunner:
    """Begin to listen; `cleanup()` of the runner ends it. Raises OSError where the port is taken."""
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=10)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


async def _healthy(_: web.Request) -> web.Response:
    return web.json_response({"alive": True})


def _ready_handler(ready: Ready) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        parts = await ready()
        return web.json_response(dict(parts), status=200 if all(parts.values()) else 503)

    return handler


def _card_handler(library: Callable[[], Library]) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        today = library()
        language = today.spoken(request.query.get("language"))
        card = today.card(today.living(request.match_info["id"]) or "", language)
        if card is None:
            return web.Response(status=404)
        return web.Response(text=page(today, card, language), content_type="text/html", headers=_SAFE)

    return handler


def page(library: Library, card: Card, language: str) -> str:
    """A card as a page to print: no script, no cookie."""
    lines = (_line(line) for line in card_text(library, card, language).splitlines() if line.strip())
    return (
        f'<!doctype html><html lang="{card.language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(card.title)}</title><style>{_STYLE}</style>' + "".join(lines)
    )


def _line(line: str) -> str:
    words = "".join(f"<strong>{escape(text)}</strong>" if bold else escape(text) for bold, text in bold_runs(line.removeprefix("- ")))
    return f"<li>{words}</li>" if line.startswith("- ") else f"<p>{words}</p>"
