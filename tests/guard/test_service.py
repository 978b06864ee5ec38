"""The example of a service, with a real Redis, on the loopback: nothing lost, nothing mixed up."""

import importlib
import shutil
from pathlib import Path

import pytest

for package in ("fastapi", "uvicorn", "redis", "httpx"):
    pytest.importorskip(package, reason=f"{package} is not installed")

EXAMPLES = Path(__file__).parents[2] / "examples" / "integrations"


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_many_customers_at_once(monkeypatch, capsys):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    importlib.import_module("load_on_service").main(talks=20)
    assert "p95" in capsys.readouterr().out
