# SPDX-License-Identifier: Apache-2.0
"""Photos that clients send: every form, the same answers as the command's."""
import base64
import json
import struct
import unittest

from running_server import DESCRIPTION, SOURCE, Inputs, ServerTest, resolved

IMAGE = {"Content-Type": "image/png"}
JSON = {"Content-Type": "application/json"}


def form(parts, boundary="frontier"):
    """A form of (name, file name or None, content)."""
    body = b""
    for name, file_name, content in parts:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        body += f'; filename="{file_name}"'.encode() if file_name is not None else b""
        body += b"\r\n\r\n" + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {
        "Content-Type": f"multipart/form-data; boundary={boundary}"}


class Predict(ServerTest):
    def by_command(self, *names, extra=()):
        folder = Inputs.get()
        return json.loads(Inputs.facet("predict", *(folder / "photos" / name for name in names),
                                       "--format", "json", "--model", folder / "model.safetensors",
                                       *extra))

    def test_a_body_is_answered_as_by_the_command(self):
        answer = self.ask("POST", "/v1/predict", self.photo(), IMAGE)
        wanted = self.by_command("blob70.png")
        wanted["images"][0]["path"] = "photo"
        self.assertEqual(answer.json, wanted)
        self.assertRegex(answer.headers["Server-Timing"], r"queue;dur=.*predict;dur=.*total;dur=")

    def test_a_form_of_several_photos_is_answered_in_order(self):
        names = ["blob40.png", "flat.png", "blob100.png"]
        body, headers = form([("photo", name, self.photo(name)) for name in names])
        answer = self.ask("POST", "/v1/predict", body, headers).json
        self.assertEqual([one["path"] for one in answer["images"]], names)
        wanted = self.by_command(*names)
        for one, other in zip(answer["images"], wanted["images"]):
            other["path"] = one["path"]
        self.assertEqual(answer, wanted)

    def test_json_with_base64_is_answered_alike(self):
        data = base64.b64encode(self.photo()).decode()
        body = json.dumps({"photos": [{"data": data, "name": "a"},
                                      {"data": "data:image/png;base64," + data}],
                           "threshold_mode": "balanced", "head": "lfwa"})
        answer = self.ask("POST", "/v1/predict", body, JSON).json
        self.assertEqual([one["path"] for one in answer["images"]], ["a", "photo"])
        self.assertEqual(answer["head"], "lfwa")
        self.assertEqual(answer["threshold_mode"], "balanced")
        self.assertEqual(answer["images"][0]["faces"], answer["images"][1]["faces"])

    def test_parameters_of_query_and_form_count(self):
        wanted = self.by_command("blob70.png", extra=["--min-size", "60"])["images"][0]
        answer = self.ask("POST", "/v1/predict?min_face=60", self.photo(), IMAGE).json["images"][0]
        self.assertEqual((answer["min_face"], answer["faces"]), (60.0, wanted["faces"]))
        body, headers = form([("min_face", None, b"60"), ("x", "p.png", self.photo())])
        self.assertEqual(self.ask("POST", "/v1/predict", body, headers).json["images"][0]["faces"],
                         wanted["faces"])

    def test_boxes_that_are_given_are_described(self):
        found = self.ask("POST", "/v1/predict", self.photo(), IMAGE).json["images"][0]["faces"][0]
        box = found["box"]
        given = "{x},{y},{width},{height}".format(**box)
        face = self.ask("POST", f"/v1/predict?boxes={given};5,5,40,40", self.photo(),
                        IMAGE).json["images"][0]["faces"]
        self.assertEqual(len(face), 2)
        for name in box:
            self.assertAlmostEqual(face[0]["box"][name], box[name], 3)
        for one, other in zip(face[0]["attributes"], found["attributes"]):
            self.assertAlmostEqual(one["probability"], other["probability"], 2)
        body = json.dumps({"photos": [{"data": base64.b64encode(self.photo()).decode(),
                                       "boxes": [[5, 5, 40, 40]]}]})
        self.assertEqual(self.ask("POST", "/v1/predict", body, JSON).json["images"][0]["faces"][0],
                         face[1])

    def test_a_response_map_is_hottest_where_the_face_is(self):
        photo = self.ask("POST", "/v1/predict?maps=true", self.photo("blob100.png"),
                         IMAGE).json["images"][0]
        grid = photo["response_map"]
        self.assertEqual(len(grid["values"]), grid["width"] * grid["height"])
        hottest = max(range(len(grid["values"])), key=grid["values"].__getitem__)
        self.assertAlmostEqual(grid["values"][hottest], grid["peak"], 2)
        x = (hottest % grid["width"] + 0.5) / grid["width"]
        y = (hottest // grid["width"] + 0.5) / grid["height"]
        box = photo["faces"][0]["box_normalized"]
        self.assertTrue(box["x"] <= x <= box["x"] + box["width"], (x, box))
        self.assertTrue(box["y"] <= y <= box["y"] + box["height"], (y, box))

    def test_a_photo_that_is_none_is_422_alone_and_a_status_among_others(self):
        error = self.ask("POST", "/v1/predict", b"no photo", IMAGE, status=422).json
        self.assertEqual(error["error"]["code"], "unreadable")
        body, headers = form([("a", "a.png", b"no photo"), ("b", "b.png", self.photo())])
        images = self.ask("POST", "/v1/predict", body, headers).json["images"]
        self.assertEqual([one["status"] for one in images], ["unreadable", "ok"])

    def test_videos_are_415_alone_and_a_status_among_others(self):
        clip = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp41") + bytes(64)
        for kind in ("image/jpeg", "video/mp4"):
            error = self.ask("POST", "/v1/predict", clip, {"Content-Type": kind}, status=415).json
            self.assertEqual(error["error"]["code"], "unsupported_media_type")
            self.assertIn("video", error["error"]["message"])
        body, headers = form([("a", "clip.mp4", clip), ("b", "b.png", self.photo())])
        images = self.ask("POST", "/v1/predict", body, headers).json["images"]
        self.assertEqual([one["status"] for one in images], ["unreadable", "ok"])
        self.assertIn("a video", images[0]["reason"])

    def test_wishes_that_make_no_sense_are_400(self):
        for query in ("min_face=7", "min_face=x", "max_faces=0", "head=none", "turns=up",
                      "threshold_mode=best", "boxes=1,2,3", "boxes=1,2,0,0", "minface=40",
                      "maps=perhaps", "min_face=nan"):
            answer = self.ask("POST", "/v1/predict?" + query, self.photo(), IMAGE, status=400)
            self.assertIn(query.split("=")[0], answer.json["error"]["message"])
        for body in ("{", "{}", '{"photos":[]}', '{"photos":[{"data":"*"}]}', '{"photos":{}}',
                     '{"photos":[{"data":"AAAA","url":"file:///etc/passwd"}]}'):
            self.ask("POST", "/v1/predict", body, JSON, status=400)

    def test_kinds_that_are_not_taken_are_415(self):
        for headers in ({}, {"Content-Type": "text/plain"},
                        {"Content-Type": "image/png", "Content-Encoding": "gzip"}):
            self.ask("POST", "/v1/predict", self.photo(), headers, status=415)

    def test_explanations_need_what_neurons_stand_for(self):
        answer = self.ask("POST", "/v1/explain", self.photo(), IMAGE, status=501)
        self.assertIn("explain-fit", answer.json["error"]["message"])

    def test_the_model_is_told(self):
        model = self.ask("GET", "/v1/model").json
        self.assertEqual([head["name"] for head in model["heads"]], ["celeba", "lfwa"])
        self.assertEqual(len(model["heads"][0]["attributes"]), 40)
        self.assertEqual(model["limits"]["max_photos"], 16)

    def test_metrics_count_photos_and_requests(self):
        self.ask("POST", "/v1/predict", self.photo(), IMAGE)
        text = self.ask("GET", "/metrics").body.decode()
        self.assertRegex(text, r'facet_photos_total [1-9]')
        self.assertIn('route="/v1/predict"', text)

    def test_without_an_index_search_says_so(self):
        answer = self.ask("GET", "/v1/search?q=celeba_1", status=404)
        self.assertEqual(answer.json["error"]["code"], "no_index")
        attributes = self.ask("GET", "/v1/attributes").json
        self.assertEqual(len(attributes["attributes"]), 40)
        self.assertNotIn("faces", attributes)
        self.assertFalse(self.ask("GET", "/v1/health").json["index"]["open"])


class Explain(ServerTest):
    arguments = ("--model", SOURCE / "models/fast.safetensors")

    def portrait(self):
        return (SOURCE / "samples/astronaut.png").read_bytes()

    def test_explains_its_answers(self):
        said = self.ask("POST", "/v1/predict", self.portrait(), IMAGE).json["images"][0]["faces"]
        answer = self.ask("POST", "/v1/explain", self.portrait(), IMAGE).json["images"][0]["faces"]
        self.assertEqual([face["attributes"] for face in answer], [face["attributes"] for face in said])
        for face in answer:
            self.assertTrue(face["sentence"].startswith("labelled as: "))
            held = {one["name"] for one in face["attributes"] if one["present"]}
            self.assertEqual({one["name"] for one in face["explanations"]}, held)
            for one in face["explanations"]:
                terms = one["average_score"] + one["rest"]
                terms += sum(term["contribution"] for term in one["concepts"])
                self.assertAlmostEqual(terms, one["score"], delta=1e-4)

    def test_explains_the_attributes_that_are_asked_for(self):
        def names(answer):
            return [one["name"] for one in answer.json["images"][0]["faces"][0]["explanations"]]
        query = "/v1/explain?attributes=Bald,Smiling,Bald"
        self.assertCountEqual(names(self.ask("POST", query, self.portrait(), IMAGE)),
                              ["Bald", "Smiling"])
        body = json.dumps({"photos": [{"data": base64.b64encode(self.portrait()).decode()}],
                           "attributes": ["Smiling"]})
        self.assertEqual(names(self.ask("POST", "/v1/explain", body, JSON)), ["Smiling"])

    def test_takes_what_the_description_says_and_nothing_else(self):
        self.assertTrue(self.ask("GET", "/v1/model").json["explains"])
        operation = DESCRIPTION["paths"]["/v1/explain"]["post"]
        named = {resolved(one)["name"] for one in operation["parameters"]}
        self.assertEqual(named, {"min_face", "max_faces", "head", "threshold_mode", "turns",
                                 "attributes"})
        for query in ("maps=true", "boxes=1,2,30,40", "attributes=", "attributes=Smilling",
                      "attribute=Smiling"):
            answer = self.ask("POST", "/v1/explain?" + query, self.portrait(), IMAGE, status=400)
            self.assertIn(query.split("=")[0], answer.json["error"]["message"])
        body = json.dumps({"photos": [{"data": base64.b64encode(self.portrait()).decode(),
                                       "boxes": [[1, 2, 30, 40]]}]})
        self.ask("POST", "/v1/explain", body, JSON, status=400)
        self.ask("POST", "/v1/predict?attributes=Smiling", self.portrait(), IMAGE, status=400)


if __name__ == "__main__":
    unittest.main(verbosity=2)
