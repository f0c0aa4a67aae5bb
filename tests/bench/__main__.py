"""Runs the benchmarks one after the other, or those that are named: `python -m tests.bench [NAME…]`.

Each prints ratios against a peer or a limit that it measures in the same run; each takes options of its own when it is
run by itself (`python -m tests.bench.directory_import --help`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_CLIENT = Path(__file__).parents[2] / "clients" / "python" / "src"
_NOT_BENCHMARKS = {"__main__", "__init__", "practices", "serving"}


def benchmarks() -> list[str]:
    """The names of all benchmarks."""
    here = Path(__file__).parent
    packages = {path.parent.name for path in here.glob("*/__main__.py")}
    return sorted(({path.stem for path in here.glob("*.py")} | packages) - _NOT_BENCHMARKS)


def main() -> int:
    """Run them; the exit code is that of the first that failed."""
    wanted = sys.argv[1:] or benchmarks()
    unknown = set(wanted) - set(benchmarks())
    if unknown:
        sys.stderr.write(f"There is no {', '.join(sorted(unknown))}; there is {', '.join(benchmarks())}.\n")
        return 2
    environment = os.environ | {"PYTHONPATH": str(_CLIENT)}
    for name in wanted:
        sys.stdout.write(f"\n== {name}\n")
        sys.stdout.flush()
        command = [sys.executable, "-m", f"tests.bench.{name}"]
        code = subprocess.run(command, env=environment, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
