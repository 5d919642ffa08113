#!/usr/bin/env bash
# The benchmark's table: rivals in an environment of their own, Bulou in the project's.
set -euo pipefail
cd "$(dirname "$0")/.."
rivals=bench/data/rivals
if [ ! -x "$rivals/bin/python" ]; then
  python3 -m venv "$rivals"
  "$rivals/bin/pip" install --quiet --disable-pip-version-check -r bench/requirements.txt
fi
sizes=${SIZES:-"5000 52000 1000000 10000000"}
# shellcheck disable=SC2086
.venv/bin/python bench/measure.py --rivals-python "$rivals/bin/python" --sizes $sizes --folder bench/data "$@"
.venv/bin/python bench/month.py --folder bench/data/wuwei
