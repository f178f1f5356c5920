# SPDX-License-Identifier: Apache-2.0
"""An attribute of one's own, judged by scikit-learn's cross-validation and saved for the command.

python3 teach.py NAME LABELS.csv HEAD.head      lines of LABELS.csv: path,label with 1 or 0
facet predict photos/ --extra-head HEAD.head
"""
import csv
import sys

from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

import facet

name, labels_file, head_file = sys.argv[1:]
with open(labels_file, newline="") as lines:
    rows = list(csv.DictReader(lines))
photos = [row["path"] for row in rows]
labels = [int(row["label"]) for row in rows]

# Photos are looked at once; what is tried and taught afterwards takes a moment.
features = facet.Features(missing="strongest").transform(photos)
head = facet.Head(name)
scores = cross_val_score(head, features, labels, cv=3)
print(f"right in {scores.mean():.0%} of photos that the head had not seen")
head.fit(features, labels).save(head_file)

# The whole way from photos to answers as one estimator, for further experiments.
pipeline = make_pipeline(facet.Features(missing="strongest"), head)
print("first photo:", "yes" if pipeline.predict(photos[:1])[0] else "no")
