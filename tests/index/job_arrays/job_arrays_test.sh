#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shards under GNU parallel and under a real Slurm: merged they are one run's index. What is not
# installed is passed over with a word. Usage: job_arrays_test.sh FACET SOURCE
set -eu
FACET=$(realpath "$1")
export FACET
source=$(realpath "$2")
unset FACET_DB SLURM_CONF || true
export FACET_MODEL="${FACET_MODEL:-$source/models/fast.safetensors}"
export OMP_WAIT_POLICY=passive
work=$(mktemp -d)
stop=:
trap '$stop; rm -rf "$work"' EXIT
fail() {
  echo "FAILED: $*" >&2
  exit 1
}
[ -f "$FACET_MODEL" ] || {
  echo "SKIPPED: there is no model"
  exit 0
}

# Several photos, and several of one content.
export PHOTOS="$work/photos"
mkdir -p "$PHOTOS/below"
cp "$source"/samples/*.png "$PHOTOS"
for copy in 1 2 3 4; do cp "$source/samples/astronaut.png" "$PHOTOS/below/$copy.png"; done
cp "$source/samples/solvay_1927.jpg" "$PHOTOS/below"
echo "no photo" >"$PHOTOS/broken.jpg"

# What an index answers.
answers() {
  for query in 'smiling' '-smiling' 'faces:0' 'man -eyeglasses faces:>=2' 'photo(smiling man)'; do
    "$FACET" search --db "$1" --format csv --most 0 --uncertain 1000 -- "$query" | sort
  done
  "$FACET" index --db "$1" --status | grep -vE '^index '
}

"$FACET" index "$PHOTOS" --db "$work/whole.db" 2>/dev/null && fail "a broken photo, and exit code 0"
answers "$work/whole.db" >"$work/wanted"
grep -q solvay "$work/wanted" || fail "nothing was found"

if command -v parallel >/dev/null; then
  # 1: some photos could not be read.
  parallel --will-cite "$FACET index $PHOTOS --db $work/parallel-{}.db --shard {}/2 --threads 1 \
    2>/dev/null || [ \$? -eq 1 ]" ::: 1 2 >/dev/null || fail "parallel"
  "$FACET" index --merge "$work/parallel.db" "$work"/parallel-[12].db
  answers "$work/parallel.db" | diff "$work/wanted" - || fail "GNU parallel: another index"
  echo "GNU parallel: as one run"
else
  echo "GNU parallel is not installed: passed over"
fi

. "$source/tests/index/job_arrays/slurm_here"
missing=$(slurm_missing)
if [ -n "$missing" ]; then
  echo "Slurm: $missing: passed over"
  exit 0
fi
chmod 755 "$work"
export INDEX="$work"
stop=stop_slurm
start_slurm "$work/slurm"
cd "$work"
job=$(sbatch --parsable --array=1-2 "$source/examples/slurm/index.sbatch")
timeout 120 sbatch --parsable --wait --dependency="afterok:$job" --kill-on-invalid-dep=yes --output=merge.log \
  --wrap "$FACET index --merge $INDEX/slurm.db $INDEX/part-*.db" >/dev/null || {
  cat "$work"/*.log slurm/*.log >&2
  fail "Slurm: job $job"
}
[ -s "$work/part-1.db" ] && [ -s "$work/part-2.db" ] || fail "Slurm: not two tasks"
answers "$work/slurm.db" | diff "$work/wanted" - || fail "Slurm: another index"
echo "Slurm: as one run"
