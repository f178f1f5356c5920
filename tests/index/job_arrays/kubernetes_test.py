#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/kubernetes/indexed-job.yaml: is it a job whose parts are one whole? Usage: FILE."""
import sys

try:
    import yaml
except ImportError:
    print("SKIPPED: python3-yaml is not installed")
    sys.exit(0)

with open(sys.argv[1], encoding="utf-8") as file:
    job = yaml.safe_load(file)


def check(right, what):
    if not right:
        sys.exit(f"{sys.argv[1]}: {what}")


check((job["apiVersion"], job["kind"]) == ("batch/v1", "Job"), "is no job")
spec = job["spec"]
check(spec["completionMode"] == "Indexed", "does not count its pods")
check(1 <= spec["parallelism"] <= spec["completions"], "parallelism")
pod = spec["template"]["spec"]
check(pod["restartPolicy"] in ("Never", "OnFailure"), "a job's pods must not always restart")
(container,) = pod["containers"]
environment = {one["name"]: one for one in container["env"]}
check(int(environment["SHARDS"]["value"]) == spec["completions"], "SHARDS is not completions")
check("secretKeyRef" in environment["FACET_DB"]["valueFrom"], "the password belongs in a secret")
(script,) = container["args"]
check("$((JOB_COMPLETION_INDEX + 1))/$SHARDS" in script, "shards count from 1, pods from 0")
volumes = {one["name"] for one in pod["volumes"]}
check(all(one["name"] in volumes for one in container["volumeMounts"]), "a volume is missing")
check(all(one["readOnly"] for one in container["volumeMounts"]), "photos could be written to")
print("fits")
