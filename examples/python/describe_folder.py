# SPDX-License-Identifier: Apache-2.0
"""A folder of photos as a table: python3 describe_folder.py PHOTOS TABLE.csv"""
import pathlib
import sys

import facet

folder, table_file = sys.argv[1:]
photos = sorted(
    file
    for file in pathlib.Path(folder).rglob("*")
    if file.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp")
)
answers = facet.Model().predict(photos, errors="return")
for answer in answers:
    if answer.error is not None:
        print(f"{answer.path}: {answer.error}", file=sys.stderr)
table = facet.to_pandas(answers)
table.to_csv(table_file, index=False)
smiling = (table["Smiling"] >= 0.5).sum()
print(f"{len(photos)} photos, {table['score'].count()} faces, {smiling} of them smiling")
