# SPDX-License-Identifier: Apache-2.0
# Rows that benchmark programs printed, as one CSV table.
# Usage: awk -v processor=… -v program=… -v revision=… -v date=… -f speed_table.awk ROWS
# The ratio says how many times a row's time is facet's, or facet's rate is the row's: above 1 facet
# is faster. It is taken against facet's fp32 row of the same `what`, threads and unit: for its own
# networks that of the same model, for a peer with models of its own a row for each of facet's.
BEGIN {
  FS = "\t"
  OFS = ","
}
function cell(text) {
  if (text ~ /[",]/) {
    gsub(/"/, "\"\"", text)
    return "\"" text "\""
  }
  return text
}
function ratio(unit, theirs, ours) {
  if (theirs == 0 || ours == 0) return ""
  if (unit == "photos/s") return sprintf("%.2f", ours / theirs)
  if (unit == "ms" || unit == "ms a photo" || unit == "s" || unit == "MiB") {
    return sprintf("%.2f", theirs / ours)
  }
  return ""
}
$1 == "row" {
  count++
  for (i = 2; i <= 12; i++) field[count, i] = $i
  key = $2 SUBSEP $5 SUBSEP $11
  if ($3 == "facet" && $6 == "fp32") {
    if (!((key, $4) in ours)) models[key] = models[key] (models[key] == "" ? "" : "\t") $4
    ours[key, $4] = $9
  }
}
function print_row(r, against) {
  key = field[r, 2] SUBSEP field[r, 5] SUBSEP field[r, 11]
  version = field[r, 7] == "" ? program : field[r, 7]
  compared = against != "" && (key, against) in ours ? ratio(field[r, 11], field[r, 9], ours[key, against]) : ""
  print cell(field[r, 2]), cell(field[r, 3]), cell(field[r, 4]), field[r, 5], field[r, 6],
    field[r, 8], field[r, 9], field[r, 10], cell(field[r, 11]), compared,
    compared == "" ? "" : cell(against), cell(version), cell(revision), cell(processor), date,
    cell(field[r, 12])
}
END {
  print "what", "implementation", "model", "threads", "precision", "minimum", "median", "maximum",
    "unit", "ratio", "against", "version", "revision", "processor", "date", "remark"
  for (r = 1; r <= count; r++) {
    key = field[r, 2] SUBSEP field[r, 5] SUBSEP field[r, 11]
    if (field[r, 4] != "its own" || models[key] == "") {
      print_row(r, field[r, 4])
      continue
    }
    n = split(models[key], against, "\t")
    if (ratio(field[r, 11], 1, 1) == "") n = 1  # there is nothing to compare
    for (m = 1; m <= n; m++) print_row(r, against[m])
  }
}
