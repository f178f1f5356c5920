# SPDX-License-Identifier: Apache-2.0
"""Starts facet-server for a test, and asks it; every answer is held to the interface's description."""
import atexit
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is missing", file=sys.stderr)
    sys.exit(77)

BUILD = pathlib.Path(os.environ["FACET_BINARY_DIR"])
SOURCE = pathlib.Path(os.environ["FACET_SOURCE_DIR"])
DESCRIPTION = json.loads((SOURCE / "apps/facet-server/openapi.json").read_text())
ENVIRONMENT = dict(os.environ, OMP_WAIT_POLICY="passive", GOMP_SPINCOUNT="0")


class Inputs:
    """A small model, photos for it, and an index of them; made once a test program."""

    folder = None

    @classmethod
    def get(cls):
        if cls.folder is None:
            cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="facet-server-test-"))
            atexit.register(shutil.rmtree, cls.folder)
            subprocess.run([BUILD / "write_server_inputs", cls.folder], check=True)
        return cls.folder

    @classmethod
    def facet(cls, *arguments):
        return subprocess.run([BUILD / "facet", *map(str, arguments)], check=True, text=True,
                              capture_output=True, env=ENVIRONMENT).stdout


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)


def resolved(node):
    while "$ref" in node:
        at = DESCRIPTION
        for piece in node["$ref"].removeprefix("#/").split("/"):
            at = at[piece]
        node = at
    return node


def path_of_description(path):
    for pattern in DESCRIPTION["paths"]:
        if re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", pattern), path):
            return pattern
    return None


def check_answer(test, method, target, answer):
    """Fails where the description knows no such answer, or it does not fit its schema."""
    path = target.split("?")[0]
    pattern = path_of_description(path)
    if pattern is None:
        return None
    operation = DESCRIPTION["paths"][pattern].get(method.lower())
    test.assertIn("X-Request-Id", answer.headers)
    if operation is None:
        test.assertIn(answer.status, (401, 403, 405, 421))
        schema = {"$ref": "#/components/schemas/Error"}
    else:
        test.assertIn(str(answer.status), operation["responses"],
                      f"{method} {target}: the description has no {answer.status}")
        response = resolved(operation["responses"][str(answer.status)])
        content = response.get("content", {})
        if not content:
            test.assertEqual(answer.body, b"")
            return pattern, answer.status
        kind = answer.headers["Content-Type"].split(";")[0]
        test.assertIn(kind, content, f"{method} {target}")
        if kind != "application/json":
            return pattern, answer.status
        schema = content[kind]["schema"]
    whole = dict(DESCRIPTION, **schema)  # so that its references are found
    validator = jsonschema.Draft202012Validator(whole)
    for error in validator.iter_errors(answer.json):
        test.fail(f"{method} {target} {answer.status}: {error.json_path}: {error.message}")
    return pattern, answer.status


class Server:
    """The program, on a free port."""

    def __init__(self, *arguments, index=True, wait=True):
        folder = Inputs.get()
        database = folder / "index.db" if index is True else index or folder / "no.db"
        self.process = subprocess.Popen(
            [BUILD / "facet-server", "--port", "0", "--db", database,
             *(() if "--model" in arguments else ("--model", folder / "model.safetensors")), *(() if "--threads" in arguments else ("--threads", "2")),
             *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        line = self.process.stdout.readline()
        found = re.search(r"http://.*:(\d+)/", line)
        if not found:
            raise RuntimeError(f"facet-server: {line} {self.process.stderr.read()}")
        self.port = int(found.group(1))
        while wait:
            if self.ask("GET", "/v1/health").status == 200:
                break

    def ask(self, method, target, body=None, headers=None, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, target, body, headers or {})
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def socket(self, timeout=60):
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def memory(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=60)
            self.said = self.process.stderr.read()
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.process.stdout.close()
            self.process.stderr.close()
        return self.process.returncode


class ServerTest(unittest.TestCase):
    """One server for all tests of a class."""

    arguments = ()
    index = False

    @classmethod
    def setUpClass(cls):
        if cls.index and not (Inputs.get() / "index.db").exists():
            Inputs.facet("index", Inputs.get() / "photos", "--db", Inputs.get() / "index.db",
                         "--model", Inputs.get() / "model.safetensors")
        cls.server = Server(*cls.arguments, index=cls.index)

    @classmethod
    def tearDownClass(cls):
        code = cls.server.stop()
        if code != 0:  # a sanitizer's report, say
            raise RuntimeError(f"facet-server ended with {code}: {cls.server.said}")

    def ask(self, method, target, body=None, headers=None, status=200):
        answer = self.server.ask(method, target, body, headers)
        self.assertEqual(answer.status, status, answer.body[:500])
        check_answer(self, method, target, answer)
        return answer

    def photo(self, name="blob70.png"):
        return (Inputs.get() / "photos" / name).read_bytes()


def read_raw_answer(connection):
    """Reads one answer from a socket; Answer(0, …) where the server just ended."""
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        return Answer(response.status, response.headers, response.read())
    except (http.client.HTTPException, ConnectionError):
        return Answer(0, {}, b"")
