# SPDX-License-Identifier: Apache-2.0
# How this run's figures of facet compare with an earlier table's of the same machine, in words.
# Usage: awk -f compare_speed.awk EARLIER.csv NOW.csv
# Fields with commas are quoted in the tables; only those behind the ones read here may be.
BEGIN { FS = "," }
FNR == 1 {
  for (i = 1; i <= NF; i++) column[$i] = i
  next
}
/^"/ { next }
{
  if ($column["implementation"] != "facet") next
  unit = $column["unit"]
  if (unit != "ms" && unit != "s" && unit != "MiB" && unit != "photos/s") next
  key = $column["what"] SUBSEP $column["model"] SUBSEP $column["threads"] SUBSEP \
        $column["precision"] SUBSEP unit
}
NR == FNR {
  earlier[key] = $column["median"]
  machine = $column["processor"]
  version = $column["version"]
  next
}
{ here = $column["processor"] }
key in earlier && $column["median"] > 0 && earlier[key] > 0 {
  ratio = unit == "photos/s" ? $column["median"] / earlier[key] : earlier[key] / $column["median"]
  kind = unit == "MiB" ? "memory" : unit == "photos/s" ? "rate" : "time"
  sum[kind] += log(ratio)
  count[kind]++
  if (ratio < 0.9) {
    worse++
    if (worse <= 5) list = list "\n  " $column["what"] ", " $column["model"] ": " \
                           sprintf("%.2f", ratio)
  }
}
END {
  if (here != machine) {
    printf "compared with %s: not, its table is of another processor (%s; here %s)\n", version, \
      machine, here
    exit
  }
  printf "compared with %s on this processor (above 1 is better, geometric means):", version
  for (kind in sum) {
    printf " %s %.2f (%d figures);", kind, exp(sum[kind] / count[kind]), count[kind]
  }
  printf " %d figures worse by more than a tenth%s\n", worse, list
}
