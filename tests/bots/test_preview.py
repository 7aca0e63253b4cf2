"""The preview in a real browser: type, tap, see edits in place. Where the browser is missing these tests fail."""

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import running
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright, expect

QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync"


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """`immunobot preview` in its own process, ready."""
    port = running.free_port()
    command = [sys.executable, "-m", "bots", "preview", "--no-browser", "--port", str(port)]
    process = await asyncio.create_subprocess_exec(*command, cwd=running.ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    async with asyncio.timeout(running.PATIENCE):
        told = await process.stdout.readline()
    assert b"ready" in told
    yield f"http://127.0.0.1:{port}/"
    process.terminate()
    await process.wait()


@pytest.fixture
async def page(address: str) -> AsyncIterator[Page]:
    """The page, open in the system's Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET.split())
        opened = await browser.new_page(viewport={"width": 1280, "height": 860})
        await opened.goto(address)
        await opened.wait_for_selector("body[data-ready]")
        yield opened
        await browser.close()


def last(page: Page, platform: str) -> str:
    """The selector of the newest answer."""
    return f".{platform} .message:not(.mine) >> nth=-1"


async def say(page: Page, platform: str, words: str) -> None:
    """Type into one column and send."""
    await page.fill(f".{platform} .typed input", words)
    await page.press(f".{platform} .typed input", "Enter")


@pytest.mark.parametrize("platform", ["telegram", "slack"])
async def test_a_tap_edits_the_message_in_place(page: Page, platform: str) -> None:
    """The menu is there at once; a tap turns it into the topic, and no second message appears."""
    answers = page.locator(f".{platform} .message:not(.mine)")
    await expect(answers).to_have_count(1)
    await page.click(f".{platform} button:text-is('Side effects')")
    await expect(page.locator(last(page, platform))).to_contain_text("What can happen, when, and what to do.")
    await expect(answers).to_have_count(1)


@pytest.mark.parametrize("platform", ["telegram", "slack"])
async def test_danger_is_answered_first(page: Page, platform: str) -> None:
    """Two messages; the first begins with what to do."""
    answers = page.locator(f".{platform} .message:not(.mine)")
    await expect(answers).to_have_count(1)
    await say(page, platform, "my mom cant breathe")
    await expect(answers).to_have_count(3)
    await expect(answers.nth(1)).to_contain_text(re.compile("^Call "))


@pytest.mark.parametrize("platform", ["telegram", "slack"])
async def test_a_tip_can_be_seen_at_once(page: Page, platform: str) -> None:
    """Whoever chose none is shown where to choose; then each press brings the next one, as it would come on its day."""
    answers = page.locator(f".{platform} .message:not(.mine)")
    await expect(answers).to_have_count(1)
    await page.click(f".{platform} nav button:text-is('Next tip')")
    await expect(page.locator(last(page, platform))).to_contain_text("18 and over")
    await say(page, platform, "tips Bogotá")
    await expect(page.locator(last(page, platform))).to_contain_text("Bogotá")
    await page.click(f"{last(page, platform)} >> button:text-is('Starting treatment')")
    await expect(page.locator(last(page, platform))).to_contain_text("Your tips are on.")
    count = await answers.count()
    for number in (1, 2):
        await page.click(f".{platform} nav button:text-is('Next tip')")
        await expect(answers).to_have_count(count + number)
        await expect(page.locator(f"{last(page, platform)} >> button:text-is('Stop all tips')")).to_have_count(1)
    shown = await answers.all_inner_texts()
    assert shown[-1] != shown[-2]


async def test_slack_has_a_channel_and_a_home(page: Page) -> None:
    """Home shows the menu; in the channel the bot answers a mention in its thread."""
    await expect(page.locator(".slack .message:not(.mine)")).to_have_count(1)
    await page.click(".slack nav button:text-is('Home')")
    await expect(page.locator(".slack .messages")).to_contain_text("Tap a topic")
    await page.click(".slack nav button:text-is('#ward')")
    await expect(page.locator(".slack .message")).to_have_count(0)
    await say(page, "slack", "what is car t")
    await expect(page.locator(last(page, "slack"))).to_contain_text("CAR T cells are your own T cells")


async def test_a_broadcast_can_be_learned_here(page: Page) -> None:
    """Written in the form, mended where it was wrong, and approved by the colleague."""
    notice = "The clinic is shut on Friday. Please call the ward if you need us. The ward is open all day and all night."
    await say(page, "telegram", "tips Madrid")
    await page.click(f"{last(page, 'telegram')} >> button:text-is('Starting treatment')")
    await expect(page.locator(last(page, "telegram"))).to_contain_text("Your tips are on.")
    await say(page, "slack", "/immunobot broadcast")
    await page.fill(".slack .fields textarea", "Take 5 mg.")
    await page.click(".slack .fields button")
    await expect(page.locator(".slack .wrong")).to_contain_text("Leave out the dose")
    await page.fill(".slack .fields textarea", notice)
    await page.click(".slack .fields button")
    await expect(page.locator(last(page, "slack"))).to_contain_text("It waits for a second person.")
    await page.click(".slack nav button:text-is('A colleague')")
    await page.click(".slack button:text-is('Approve')")
    await expect(page.locator(last(page, "slack"))).to_contain_text("Approved.")


@pytest.mark.parametrize("platform", ["telegram", "slack"])
async def test_typed_markup_stays_text(page: Page, platform: str) -> None:
    """What a person types is shown as typed, in both columns."""
    await say(page, platform, "<b>x</b> & more")
    await expect(page.locator(f".{platform} .mine >> nth=-1")).to_have_text("<b>x</b> & more")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "dark")])
async def test_it_fits_a_phone_and_the_night(page: Page, width: int, scheme: str) -> None:
    """No sideways scrolling, and nothing that axe finds wrong."""
    await page.set_viewport_size({"width": width, "height": 800})
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two schemes
    await expect(page.locator(".telegram .message:not(.mine)")).to_have_count(1)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def test_another_sites_page_may_not_reach_in(address: str) -> None:
    """A foreign Host is refused, and a form of another site too."""
    async with aiohttp.ClientSession() as session:
        async with session.get(address, headers={"Host": "example.org"}) as response:
            assert response.status == 403
        async with session.post(f"{address}telegram/type", data="text=hello") as response:
            assert response.status == 415
        async with session.post(f"{address}slack/tap", json={"message": "none"}) as response:
            assert response.status == 400


def test_the_pages_files_name_nothing_outside() -> None:
    """Everything the page needs comes with it."""
    for path in Path(running.ROOT / "bots/cli/preview/page").iterdir():
        assert not re.search(r"(src|href|import|url\()\s*[=(]?\s*[\"']?https?://", path.read_text(encoding="utf-8")), path
