"""The pages in a real browser, beside a daemon that watches the demo's fleet. All tests share both."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from monitor.simulator import Simulator, load_scenario, shipped_scenario
from tests.builders import project_arn
from tests.end_to_end.browser import DEADLINE, PHONE, chromium, reading
from tests.end_to_end.daemon import Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.end_to_end.browser import Reader

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(240)]

STEADY: Final = project_arn("steady", region="eu-west-1")
HOSTILE: Final = project_arn("hostile", region="eu-west-1")
LONG: Final = "x" * 255
MARKUP: Final = "<script>document.title='broken out'</script>\"><img src=x onerror=\"document.title='broken out'\">"
TURNED: Final = "safe\u202etxt.exe \u2067right\u2069"

SLOWER: Final = 0.4
"""Than the demo, so that browsers on a busy machine have less to do."""

SMALL: Final = 100_000
"""Bytes."""

LIVE: Final = 2.0
"""Seconds from a transition's detection to the page that shows it."""

_RECORD: Final = """(arn) => {
    window.seen = {};
    const look = () => {
        for (const row of document.querySelectorAll("tr[data-status]")) {
            const at = window.seen[row.id] ||= {};
            at[row.dataset.status] ||= Date.now() / 1000;
        }
    };
    look();
    const whole = {attributes: true, childList: true, subtree: true};
    new MutationObserver(look).observe(document.getElementById("main"), whole);
}"""
"""Has the page note when it first shows each status of each version."""


_TOP: Final = "element => element.getBoundingClientRect().top"

PIXELS: Final = 3
"""What a line may be off its place on the screen, while lines above it come and go."""


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """The demo's fleet, a project that only tests move, and one whose texts try to break out."""
    demo = load_scenario(shipped_scenario("life-of-everything"))
    limits = demo.limits.model_copy(update={"calls_per_second": None})
    scenario = demo.model_copy(update={"limits": limits})
    with Simulator(scenario, speed=demo.speed * SLOWER) as running:
        world = running.world
        world.put_project(STEADY)
        world.put_version(STEADY, "v1", status="STOPPED", evaluation_result={"F1Score": 0.8}, min_inference_units=1)
        world.put_version(
            STEADY, "v2", status="STOPPED", evaluation_result={"F1Score": 0.9}, version_description="the other one"
        )
        world.put_project(HOSTILE)
        world.put_version(HOSTILE, LONG, status="FAILED", status_message=MARKUP, version_description=TURNED)
        yield running


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Iterator[Daemon]:
    """The daemon that watches all of it, every second."""
    projects = [str(project.arn) for project in simulator.world.projects]
    with Daemon(tmp_path_factory.mktemp("page"), simulator, projects) as running:
        running.wait_for(lambda: running.ask("/-/ready")[0] == 200)
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def origin(daemon: Daemon) -> str:
    """Where the pages are."""
    return daemon.url.rstrip("/")


@pytest.fixture
def reader(browser: Browser, origin: str) -> Iterator[Reader]:
    """Somebody at a desk."""
    with reading(browser, origin) as made:
        yield made


def arn_of(simulator: Simulator, project: str, name: str) -> str:
    """The version's ARN."""
    found = simulator.world.project(project)
    version = found.named(name) if found else None
    assert version is not None
    return str(version.arn)


def shown(page: Page) -> dict[str, str]:
    """The status of each version by its name, as the fleet's table says it."""
    rows: dict[str, str] = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('tr[data-status]')].map("
        "row => [row.querySelector('a.name').textContent, row.querySelector('td .status').textContent]))"
    )
    return rows


def in_the_world(simulator: Simulator) -> dict[str, str | None]:
    """The same as the simulator has it."""
    versions = (version for project in simulator.world.projects for version in tuple(project.versions.values()))
    return {version.name: version.status for version in versions}


def wait(page: Page, script: str, argument: Any = None) -> None:
    """Until *script* is true in the page."""
    page.wait_for_function(script, arg=argument, timeout=DEADLINE)


def names(page: Page) -> list[str]:
    """The versions of the table in their order."""
    return page.locator("#fleet a.name").all_text_contents()


def test_each_status_of_the_fleet_is_shown(reader: Reader, simulator: Simulator, daemon: Daemon) -> None:
    """While the fleet lives, the page that is open comes to show every version with the status that it has."""
    page = reader.open()
    daemon.wait_for(lambda: shown(page) == in_the_world(simulator))


def test_transition_is_followed_live(reader: Reader, simulator: Simulator, daemon: Daemon) -> None:
    """A page that stays open shows a transition within 2 s of its detection, and nothing that the reader did is lost.

    A busy machine may take longer now and then, so the first of several transitions that is that fast is enough.
    """
    page = reader.open()
    wait(page, "() => document.querySelector('#live.open')")
    page.evaluate(_RECORD)
    row = page.locator("tr", has=page.get_by_role("link", name="v2", exact=True))
    row.locator("summary").click()
    row.locator("a.name").focus()
    before = row.evaluate(_TOP)
    for word in ("STARTING", "RUNNING", "STOPPING", "DELETING", "EXPIRED"):
        if (delay := _delay(page, simulator, daemon, word)) < LIVE:
            break
    assert (True, True, "v2", True) == (
        delay < LIVE,
        row.locator("details").evaluate("details => details.open"),
        page.evaluate("() => document.activeElement.textContent"),
        abs(row.evaluate(_TOP) - before) < PIXELS,
    ), delay


def test_page_without_a_stream_refreshes_by_time(reader: Reader, simulator: Simulator) -> None:
    """Where no stream comes through, the page asks again every few seconds, and says so."""
    reader.page.add_init_script("delete window.EventSource")
    page = reader.open("/?text=steady")
    arn = arn_of(simulator, STEADY, "v1")
    simulator.world.set_status(arn, "FAILED")
    wait(page, "() => document.querySelector('#fleet tr[data-status=FAILED]')")
    assert "Refreshes every few seconds" == page.locator("#live").inner_text()


def _delay(page: Page, simulator: Simulator, daemon: Daemon, word: str) -> float:
    """Seconds from the detection of v1's move to *word* to when the page showed it."""
    arn = arn_of(simulator, STEADY, "v1")
    simulator.world.set_status(arn, word)
    row = page.locator("tr", has=page.get_by_role("link", name="v1", exact=True)).get_attribute("id")
    wait(page, "([row, word]) => (window.seen[row] || {})[word]", [row, word])
    at: float = page.evaluate("([row, word]) => window.seen[row][word]", [row, word])
    daemon.wait_for(lambda: any(_is(event, arn, word) for event in daemon.delivered()))
    told = [event for event in daemon.delivered() if _is(event, arn, word)]
    return at - datetime.fromisoformat(told[-1]["time"]).timestamp()


def _is(event: dict[str, Any], arn: str, word: str) -> bool:
    return bool(event["subject"] == arn and event["data"].get("to") == word)


def test_filter_and_order_are_in_the_address(reader: Reader) -> None:
    """What is typed and chosen filters at once; the address has it, and leads another reader to the same view."""
    page = reader.open()
    page.get_by_label("Text").fill("steady")
    wait(page, "() => document.querySelectorAll('#fleet a.name').length === 2")
    page.get_by_role("link", name="F1").click()
    wait(page, "() => document.querySelector('th[aria-sort=descending]')")
    address, found = page.url, names(page)
    page.get_by_role("link", name="F1").click()
    wait(page, "() => document.querySelector('th[aria-sort=ascending]')")
    turned = names(page)
    page.goto(address)
    assert (["v2", "v1"], ["v1", "v2"], ["v2", "v1"], "steady", "/?text=steady&sort=-f1") == (
        found,
        turned,
        names(page),
        page.get_by_label("Text").input_value(),
        address.removeprefix(reader.origin).split("#")[0],
    )
    page.go_back()
    wait(page, "() => document.querySelector('th[aria-sort=ascending]')")
    page.go_forward()
    page.get_by_role("link", name="Show all").click()
    wait(
        page, "() => document.querySelectorAll('#fleet a.name').length > 2 && !document.querySelector('#f-text').value"
    )


def test_version_is_opened(reader: Reader, simulator: Simulator, daemon: Daemon) -> None:
    """A version's own page has its history, with the sinks that accepted it, and every field."""
    arn = arn_of(simulator, STEADY, "v2")
    simulator.world.set_status(arn, "RUNNING")
    daemon.wait_for(lambda: any(_is(event, arn, "RUNNING") for event in daemon.delivered()))
    page = reader.open("/?text=steady")
    page.get_by_role("link", name="v2", exact=True).first.click()
    page.wait_for_url("**/version?*")
    wait(page, "() => document.querySelectorAll('.deliveries .delivered').length >= 2")
    history = page.locator("#main").inner_text()
    held = ("STOPPED", "RUNNING", "skipped STARTING", "accepted", "file", "log", "1 try", "the other one", arn)
    assert dict.fromkeys(held, True) == {word: word in history for word in held}


def test_page_works_without_script(browser: Browser, origin: str) -> None:
    """Without JavaScript the form filters, the heads sort, the links lead on."""
    with reading(browser, origin, java_script_enabled=False) as reader:
        page = reader.open()
        page.get_by_label("Text").fill("steady")
        page.get_by_label("Sort").select_option("-f1")
        page.get_by_role("button", name="Show").click()
        found = names(page)
        page.get_by_role("link", name="F1").click()
        turned = names(page)
        page.get_by_role("link", name="v1", exact=True).first.click()
        heading = page.locator("h1").inner_text()
        page.get_by_role("link", name="Events", exact=True).click()
        page.get_by_label("Region").select_option("eu-west-1")
        page.get_by_role("button", name="Show").click()
        chosen = page.get_by_label("Region").input_value()
    assert (["v2", "v1"], ["v1", "v2"], "v1", "eu-west-1") == (found, turned, heading, chosen)


def test_keyboard_alone_is_enough(reader: Reader) -> None:
    """By Tab and Enter one passes the head, sees exact times, opens a detail and a version, and puts a time away."""
    page = reader.open("/?text=steady")
    page.keyboard.press("Tab")
    first = page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("Enter")
    wait(page, "() => document.activeElement.id === 'main'")
    page.locator("#fleet td .when").first.focus()
    exact = page.locator("#fleet td .exact").first
    seen = [exact.is_visible()]
    page.keyboard.press("Escape")
    seen.append(exact.is_visible())
    page.keyboard.press("Tab")
    link = page.evaluate("() => document.activeElement.className")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    opened = page.locator("#fleet details").first.evaluate("details => details.open")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#history")
    assert ("Skip to the content", [True, False], "name", True) == (first, seen, link, opened)


@pytest.mark.parametrize("path", ["/?text=hostile", "/events?project=hostile", "version"])
def test_text_that_tries_to_break_out_is_text(reader: Reader, simulator: Simulator, path: str) -> None:
    """Markup, marks that turn the direction and very long names are shown as what they are, in the page's width."""
    arn = arn_of(simulator, HOSTILE, LONG)
    page = reader.open(f"/version?arn={quote(arn)}" if path == "version" else path)
    words = page.locator("#main").text_content() or ""
    inside = path.startswith("/events")
    assert (False, 0, True, True, True) == (
        page.title() == "broken out",
        page.locator("#main img, #main script").count(),
        inside or MARKUP in words,
        inside or r"safe\u202etxt.exe \u2067right\u2069" in words,
        page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"),
    )


@pytest.mark.parametrize(
    "settings",
    [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE}],
    ids=["light", "dark, on a phone"],
)
def test_everybody_can_read_it(browser: Browser, origin: str, simulator: Simulator, settings: dict[str, Any]) -> None:
    """In light and dark, on a desk and a phone, axe finds nothing, and nothing is wider than the screen."""
    with reading(browser, origin, **settings) as reader:
        version = f"/version?arn={quote(arn_of(simulator, STEADY, 'v2'))}"
        found = {path: _look(reader.open(path)) for path in ("/", "/events", version)}
        ground = reader.page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    dark = settings["color_scheme"] == "dark"
    assert (dict.fromkeys(found, ([], True)), "rgb(14, 19, 24)" if dark else "rgb(245, 246, 248)") == (found, ground)


def _look(page: Page) -> tuple[list[str], bool]:
    """What axe finds with every detail open, and whether the page is as narrow as the screen."""
    page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]]
    return found, page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_page_and_all_that_it_loads_are_small(reader: Reader) -> None:
    """The demo's page, its style, its script and its icon are under 100 KB as they are sent."""
    reader.open()
    wait(reader.page, "() => document.readyState === 'complete'")
    sizes = {each.url: each.sizes() for each in reader.requests if "/api/" not in each.url}
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values())
    assert (4, True) == (len(sizes), total < SMALL), sizes
