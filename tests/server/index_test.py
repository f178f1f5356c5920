# SPDX-License-Identifier: Apache-2.0
"""What an index holds: search, pages of it, faces, photos, pictures, corrections."""
import json
import shutil
import unittest

from running_server import Inputs, Server, ServerTest, check_answer

JSON = {"Content-Type": "application/json"}
JPEG = b"\xff\xd8\xff"


class Index(ServerTest):
    index = True

    def search(self, query, **more):
        from urllib.parse import urlencode
        return self.ask("GET", "/v1/search?" + urlencode(dict(q=query, **more))).json

    def test_without_a_query_all_faces_and_all_photos_are_found(self):
        self.assertEqual(self.search("")["total"], 6)
        photos = self.search("", show="photos")
        self.assertEqual(photos["total"], 7)
        self.assertEqual(sorted(len(one["faces"]) for one in photos["items"]), [0] + [1] * 6)

    def test_finds_what_the_command_finds(self):
        for query in ("celeba_1", "-celeba_1", "celeba_2 | celeba_3", "faces:0", "path:blob7",
                      "celeba_4>0.2"):
            wanted = json.loads(Inputs.facet("search", "--db", Inputs.get() / "index.db", "-n", "0",
                                             "--format", "json", "--", query))
            found = self.search(query, show="photos", attributes="asked")
            self.assertEqual(found["certain"], wanted["certain_photos"], query)
            self.assertEqual(found["uncertain"], wanted["uncertain_photos"], query)
            for one, other in zip(sorted(found["items"], key=lambda i: i["path"]),
                                  sorted(wanted["photos"], key=lambda i: i["path"])):
                self.assertEqual((one["path"], one["probability"], one["certain"]),
                                 (other["path"], other["probability"], other["certain"]))
                self.assertEqual([face["id"] for face in one["faces"]],
                                 [face["id"] for face in other["faces"]])

    def test_pages_hold_each_item_once(self):
        for show, total in (("faces", 6), ("photos", 7)):
            page = self.search("", show=show, limit=2)
            items = page["items"]
            while "next_cursor" in page:
                page = self.ask("GET", "/v1/search?cursor=" + page["next_cursor"]).json
                self.assertEqual(page["offset"], len(items))
                items += page["items"]
            keys = [item.get("id") or item["path"] for item in items]
            self.assertEqual(len(keys), total)
            self.assertEqual(len(set(keys)), total)
            jump = self.search("", show=show, limit=3, offset=2)
            self.assertEqual(jump["items"], items[2:5])
            first = self.search("", show=show, limit=2)
            jump = self.ask("GET", "/v1/search?limit=2&offset=3&cursor=" + first["next_cursor"]).json
            self.assertEqual(jump["items"], items[3:5])
        self.assertEqual(self.search("", offset=100)["items"], [])

    def test_a_query_that_is_none_is_told_with_its_place(self):
        answer = self.ask("GET", "/v1/search?q=celeba_1+celeba_x9", status=400).json["error"]
        self.assertEqual(answer["code"], "bad_query")
        self.assertEqual(answer["span"], {"first": 9, "count": 9})
        self.ask("GET", "/v1/search?q=(", status=400)
        self.ask("GET", "/v1/search?cursor=nonsense", status=400)
        self.ask("GET", "/v1/search?limit=0", status=400)
        self.ask("GET", "/v1/search?like=x", status=400)
        self.ask("GET", "/v1/search?q=like:0000.1", status=404)

    def test_words_are_suggested_with_counts(self):
        answer = self.ask("GET", "/v1/search/suggest?q=celeba_1%20-celeba_3&limit=20").json
        self.assertEqual((answer["word"], answer["first"]), ("celeba_3", 10))
        texts = [one["text"] for one in answer["suggestions"]]
        self.assertIn("celeba_3", texts)
        self.assertIn("celeba_39", texts)
        by_text = {one["text"]: one["faces"] for one in answer["suggestions"]}
        self.assertEqual(by_text["celeba_3"], self.search("celeba_3")["certain"])
        fields = self.ask("GET", "/v1/search/suggest?q=fac").json["suggestions"]
        self.assertEqual(fields[0]["text"], "faces:")

    def test_attributes_come_with_counts(self):
        answer = self.ask("GET", "/v1/attributes").json
        self.assertEqual((answer["faces"], answer["photos"]), (6, 7))
        self.assertEqual(len(answer["attributes"]), 40)
        for one in answer["attributes"][:5]:
            self.assertEqual(one["faces"], self.search(one["word"])["certain"])

    def test_a_face_and_its_photo_know_each_other(self):
        found = self.search("", limit=1)["items"][0]
        face = self.ask("GET", "/v1/faces/" + found["id"]).json
        self.assertEqual(len(face["attributes"]), 40)
        self.assertTrue(face["alt"].startswith("labelled as "))
        photo = self.ask("GET", "/v1/photos/" + found["photo_id"]).json
        self.assertEqual(photo["faces"], [face])
        self.assertEqual(photo["path"], face["photo"]["path"])

    def test_faces_and_photos_that_there_are_not(self):
        self.ask("GET", "/v1/faces/000000000000.1", status=404)
        self.ask("GET", "/v1/photos/000000000000", status=404)
        known = self.search("")["items"][0]["photo_id"]
        self.ask("GET", f"/v1/faces/{known}.9", status=404)
        self.ask("GET", "/v1/faces/nonsense", status=400)
        self.ask("GET", "/v1/photos/..%2f..%2fetc%2fpasswd", status=404)
        self.ask("GET", "/v1/photos/%27%20OR%201", status=400)

    def test_pictures_are_cut_from_the_files(self):
        found = self.search("", limit=1)["items"][0]
        answer = self.ask("GET", f"/v1/faces/{found['id']}/thumbnail?size=64")
        self.assertTrue(answer.body.startswith(JPEG))
        tag = answer.headers["ETag"]
        again = self.ask("GET", f"/v1/faces/{found['id']}/thumbnail?size=64",
                         headers={"If-None-Match": tag}, status=304)
        self.assertEqual(again.body, b"")
        photo = self.ask("GET", f"/v1/photos/{found['photo_id']}/image?size=80")
        self.assertTrue(photo.body.startswith(JPEG))
        found = self.ask("POST", "/v1/predict?boxes=0,0,80,60", photo.body,
                         {"Content-Type": "image/jpeg"}).json["images"][0]
        self.assertEqual((found["width"], found["height"]), (80, 60))
        self.ask("GET", f"/v1/photos/{self.search('')['items'][0]['photo_id']}/image?size=9",
                 status=400)

    def test_health_tells_of_the_index(self):
        self.assertEqual(self.ask("GET", "/v1/health").json["index"],
                         {"open": True, "photos": 7, "faces": 6, "writable": True})


class Corrections(ServerTest):
    @classmethod
    def setUpClass(cls):
        folder = Inputs.get()
        cls.index = folder / "corrected.db"
        Inputs.facet("index", folder / "photos", "--db", cls.index, "--model",
                     folder / "model.safetensors")
        super().setUpClass()

    def found(self, query):
        return [one["id"] for one in self.ask("GET", "/v1/search?q=" + query).json["items"]
                if one["certain"]]

    def test_win_and_can_be_taken_back(self):
        face = self.ask("GET", "/v1/search").json["items"][0]["id"]
        before = {one["name"]: one for one in self.ask("GET", "/v1/faces/" + face).json["attributes"]}
        was = face in self.found("celeba_1")
        labels = f"/v1/faces/{face}/labels"
        body = json.dumps({"labels": {"celeba_1": not was, "CELEBA-2": True}})
        after = {one["name"]: one for one in self.ask("PUT", labels, body, JSON).json["attributes"]}
        self.assertEqual(after["celeba_1"]["said"], not was)
        self.assertEqual(after["celeba_1"]["present"], not was)
        self.assertEqual(after["celeba_1"]["probability"], before["celeba_1"]["probability"])
        self.assertEqual(after["celeba_2"]["said"], True)
        self.assertEqual(face in self.found("celeba_1"), not was)
        said = {one["name"]: one["said"] for one in self.ask("GET", "/v1/attributes").json["attributes"]}
        self.assertEqual((said["celeba_1"], said["celeba_3"]), (1, 0))
        # The command sees it, too.
        shown = Inputs.facet("search", "--db", self.index, "celeba_2", "--format", "json")
        self.assertIn('"said":true', shown)
        self.ask("PUT", labels, json.dumps({"labels": {"celeba_1": None}}), JSON)
        self.assertEqual(face in self.found("celeba_1"), was)
        left = self.ask("DELETE", labels).json["attributes"]
        self.assertFalse(any("said" in one for one in left))

    def test_that_make_no_sense_change_nothing(self):
        face = self.ask("GET", "/v1/search").json["items"][1]["id"]
        labels = f"/v1/faces/{face}/labels"
        for body in ("", "[]", "{}", '{"labels":{}}', '{"labels":{"celeba_1":"yes"}}',
                     '{"labels":{"celeba_1":true,"no_such":true}}', '{"labels":{"celeba_1":1}}'):
            self.ask("PUT", labels, body, JSON, status=400)
        self.ask("PUT", labels, '{"labels":{"celeba_1":true}}', {"Content-Type": "text/plain"},
                 status=415)
        self.ask("PUT", "/v1/faces/000000000000.1/labels", '{"labels":{"celeba_1":true}}', JSON,
                 status=404)
        self.ask("DELETE", labels + "?attribute=no_such", status=400)
        self.assertFalse(any("said" in one for one in
                             self.ask("GET", "/v1/faces/" + face).json["attributes"]))


class ReadOnly(ServerTest):
    index = True
    arguments = ("--read-only",)

    def test_nobody_corrects(self):
        face = self.ask("GET", "/v1/search").json["items"][0]["id"]
        self.ask("PUT", f"/v1/faces/{face}/labels", '{"labels":{"celeba_1":true}}', JSON, status=403)
        self.ask("DELETE", f"/v1/faces/{face}/labels", status=403)
        self.assertFalse(self.ask("GET", "/v1/health").json["index"]["writable"])


class Changes(unittest.TestCase):
    def test_what_is_gone_since_it_was_ranked_is_counted_and_the_others_keep_their_places(self):
        folder = Inputs.get()
        photos = folder / "going"
        shutil.copytree(folder / "photos", photos)
        database, model = folder / "going.db", folder / "model.safetensors"
        Inputs.facet("index", photos, "--db", database, "--model", model)
        server = Server(index=database)
        for show in ("faces", "photos"):
            first = server.ask("GET", f"/v1/search?show={show}&limit=1").json
            self.assertEqual(first["gone"], 0)
            rest = "/v1/search?limit=10&cursor=" + first["next_cursor"]
            before = server.ask("GET", rest).json
            places = [one["place"] for one in before["items"]]
            self.assertEqual(places, list(range(1, first["total"])))
            lost = next(one for one in before["items"][1:] if one.get("faces", [1]))
            path = server.ask("GET", "/v1/photos/" + lost["photo_id"]).json["path"]
            (photos / path.split("/")[-1]).unlink()
            Inputs.facet("index", photos, "--db", database, "--model", model, "--prune")
            answer = server.ask("GET", rest)
            check_answer(self, "GET", rest, answer)
            after = answer.json
            self.assertEqual((after["total"], after["gone"]), (first["total"], 1))
            self.assertEqual(after["items"], [one for one in before["items"] if one != lost])
        server.stop()

    def test_an_index_that_is_made_or_replaced_while_the_server_runs_is_used(self):
        folder = Inputs.get()
        place = folder / "later"
        place.mkdir()
        database = place / "index.db"
        server = Server(index=database)
        self.assertEqual(server.ask("GET", "/v1/search").status, 404)
        model = folder / "model.safetensors"
        Inputs.facet("index", folder / "photos", "--db", database, "--model", model)
        self.assertEqual(server.ask("GET", "/v1/search").json["total"], 6)
        one = place / "one"
        one.mkdir()
        shutil.copy(folder / "photos" / "blob40.png", one)
        Inputs.facet("index", one, "--db", place / "other.db", "--model", model)
        for file in place.glob("index.db*"):
            file.unlink()
        (place / "other.db").rename(database)
        self.assertEqual(server.ask("GET", "/v1/search").json["total"], 1)
        face = server.ask("GET", "/v1/search").json["items"][0]["id"]
        (one / "blob40.png").unlink()
        answer = server.ask("GET", f"/v1/faces/{face}/thumbnail")
        self.assertEqual(answer.status, 404)
        check_answer(self, "GET", f"/v1/faces/{face}/thumbnail", answer)
        server.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
