"""The one HTTP server."""

from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest

from bots.server import application, listen
from content.model import Library


@pytest.fixture
async def served(library: Library) -> AsyncIterator[tuple[str, dict[str, bool]]]:
    """Its address, and what it will say of itself."""
    parts = {"telegram": True, "store": True}

    async def ready() -> Mapping[str, bool]:
        return parts

    runner = await listen(application(lambda: library, ready, {}), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", parts
    await runner.cleanup()


async def get(url: str) -> tuple[int, str, Mapping[str, str]]:
    """Status, text and headers."""
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text(), response.headers


async def test_ready_and_alive_are_two_things(served: tuple[str, dict[str, bool]]) -> None:
    """The loop turns although a platform has not been accepted yet."""
    address, parts = served
    assert (await get(f"{address}/readyz"))[0] == 200
    parts["telegram"] = False
    assert (await get(f"{address}/readyz"))[0] == 503
    assert (await get(f"{address}/healthz"))[0] == 200


async def test_a_card_is_a_page_to_print(served: tuple[str, dict[str, bool]], library: Library) -> None:
    """The same words as in the chat, without script or cookie."""
    status, text, headers = await get(f"{served[0]}/card/side-effects/overview")
    assert status == 200
    assert library.cards["en"]["side-effects/overview"].title in text
    assert "<script" not in text
    assert "Set-Cookie" not in headers
    assert "script" not in headers["Content-Security-Policy"]


async def test_an_unknown_card_is_not_found(served: tuple[str, dict[str, bool]]) -> None:
    """Also one that was never an id."""
    for path in ("/card/no/such/card", "/card/..%2f..%2fetc", "/card/"):
        assert (await get(served[0] + path))[0] == 404
