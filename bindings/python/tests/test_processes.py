# SPDX-License-Identifier: Apache-2.0
"""Models in several processes."""
import multiprocessing
import os
import pickle

import pytest

import facet


def smiling(arguments):
    model, file = arguments
    return model.predict(file)[0]["Smiling"].probability


def test_spawned_processes_predict(model, samples):
    file = str(samples / "astronaut.png")
    here = smiling((model, file))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(smiling, [(model, file)]) == [here]


def test_forked_processes_say_what_to_do(model, samples):
    model.predict(samples / "astronaut.png")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            for work in (lambda: model.predict(samples / "astronaut.png"), facet.Model):
                try:
                    work()
                except facet.Error as error:
                    os.write(writing, f"{error.code}: {error}\n".encode())
        finally:
            os._exit(0)
    os.close(writing)
    assert os.waitpid(child, 0)[1] == 0
    with open(reading) as said:
        lines = said.read().splitlines()
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("unsupported: ")
        assert "spawn" in line


def test_what_is_sent_between_processes_stays_what_it_was(model, samples):
    again = pickle.loads(pickle.dumps(facet.Model("fast", precision="fp32", threads=1)))
    assert (again.name, again.precision) == ("fast", "fp32")
    answer = model.predict(samples / "astronaut.png")
    assert pickle.loads(pickle.dumps(answer)) == answer
    error = pickle.loads(pickle.dumps(facet.Error("wrong", "io", [answer])))
    assert (str(error), error.code, error.results) == ("wrong", "io", [answer])
    with pytest.raises(facet.Error):
        raise error
