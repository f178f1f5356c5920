# SPDX-License-Identifier: Apache-2.0
# How many listed faces a detector found: a found box belongs to the first listed face, not yet
# found, in which its centre lies; boxes of peers are larger or smaller than the listed ones.
# Usage: awk -v what=TEXT -v implementation=NAME -v version=TEXT -v model=NAME -v only_first=0|1
#            -f found_faces.awk LISTED FOUND
# LISTED: `photo x y w h [x y w h …]`, dominant face first; FOUND: `photo x y w h score [… score]`.
# only_first: only the dominant face counts; the value is a percentage of the photos.
FNR == NR {
  photos[++photo_count] = $1
  for (i = 2; i + 3 <= NF; i += 4) {
    if (only_first && i > 2) break
    listed[$1, ++faces[$1]] = $i " " $(i + 1) " " $(i + 2) " " $(i + 3)
    all++
  }
  next
}
{
  for (i = 2; i + 4 <= NF; i += 5) {
    x = $i + $(i + 2) / 2
    y = $(i + 1) + $(i + 3) / 2
    boxes++
    for (f = 1; f <= faces[$1]; f++) {
      split(listed[$1, f], b, " ")
      if (!(($1, f) in known) && x >= b[1] && x < b[1] + b[3] && y >= b[2] && y < b[2] + b[4]) {
        known[$1, f] = 1
        found++
        break
      }
    }
  }
}
END {
  if (all == 0) exit 0
  value = only_first ? 100 * found / all : found + 0
  unit = only_first ? "% of photos" : "faces"
  remark = only_first ? photo_count " photos; " boxes + 0 " boxes in all" \
                      : "of " all "; " boxes - found " boxes on no listed face"
  printf "row\t%s\t%s\t%s\t1\tfp32\t%s\t%.4g\t%.4g\t%.4g\t%s\t%s\n", what, implementation, model,
    version, value, value, value, unit, remark
}
