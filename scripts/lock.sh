#!/usr/bin/env bash
# Locks requirements/*.in with hashes, for every platform, without an index address. Needs uv.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
    "${UV:-uv}" pip compile --quiet --universal --python-version 3.13 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
        "requirements/$1.in" -o "$2"
}
lock layer layers/unless/requirements.txt
lock dev requirements/dev.txt
lock aws requirements/aws.txt
lock security requirements/security.txt
