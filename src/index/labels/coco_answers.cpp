// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "index/labels/answer_json.hpp"
#include "index/labels/answers.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

// What CVAT adds to attributes by itself.
const std::set<std::string> kNoAttributes = {"occluded", "rotation", "track_id", "keyframe"};

std::int64_t id_member(const json& item, const char* name, const std::string& where) {
  const json* id = member(item, name);
  if (id == nullptr || !id->is_number_integer()) {
    bad_answer(where, std::string("has no number \"") + name + '"');
  }
  return id->get<std::int64_t>();
}

std::map<std::int64_t, FaceAnswer> read_images(const json& whole, const std::string& file) {
  std::map<std::int64_t, FaceAnswer> images;
  std::size_t count = 0;
  for (const json& image : array_member(whole, "images", file)) {
    const std::string where = file + ": image " + std::to_string(++count);
    FaceAnswer start;
    start.photo = text_member(image, "file_name");
    start.content = text_member(image, "content");
    if (start.photo.empty()) bad_answer(where, "has no \"file_name\"");
    start.frame_width = number_member(image, "width", where);
    start.frame_height = number_member(image, "height", where);
    images[id_member(image, "id", where)] = start;
  }
  return images;
}

std::set<std::string> asked_names(const json& whole) {
  std::set<std::string> asked;
  const json* info = member(whole, "info");
  const json* list = info == nullptr ? nullptr : member(*info, "asked");
  if (list == nullptr || !list->is_array()) return asked;
  for (const json& name : *list) {
    if (name.is_string()) asked.insert(name.get<std::string>());
  }
  return asked;
}

}  // namespace

std::vector<FaceAnswer> read_coco(const std::string& file, std::string_view text) {
  const json whole = parsed_answers(file, text);
  const std::map<std::int64_t, FaceAnswer> images = read_images(whole, file);
  const std::set<std::string> asked = asked_names(whole);
  std::vector<FaceAnswer> answers;
  std::size_t count = 0;
  for (const json& annotation : array_member(whole, "annotations", file)) {
    const std::string where = file + ": annotation " + std::to_string(++count);
    const auto image = images.find(id_member(annotation, "image_id", where));
    if (image == images.end()) bad_answer(where, "is of an image that is not in the file");
    const json& sides = array_member(annotation, "bbox", where);
    if (sides.size() != 4 || !std::all_of(sides.begin(), sides.end(),
                                          [](const json& side) { return side.is_number(); })) {
      bad_answer(where, "\"bbox\" is not four numbers");
    }
    FaceAnswer start = image->second;
    start.where = where;
    start.box = Box{sides[0].get<float>(), sides[1].get<float>(), sides[2].get<float>(),
                    sides[3].get<float>()};
    const json* own = member(annotation, "facet");
    const json* exported = own == nullptr ? nullptr : member(*own, "exported");
    if (own != nullptr) start.face = text_member(*own, "id");
    const json* attributes = member(annotation, "attributes");
    if (attributes == nullptr || !attributes->is_object()) continue;
    for (const auto& [name, value] : attributes->items()) {
      const auto present = truth(value);
      if (!present || kNoAttributes.contains(name)) continue;  // numbers and texts of others
      FaceAnswer answer = start;
      answer.attribute = name;
      answer.present = present;
      answer.looked_at = asked.contains(name);
      if (exported != nullptr) {
        if (const json* before = member(*exported, name.c_str())) answer.exported = truth(*before);
      }
      answers.push_back(std::move(answer));
    }
  }
  return answers;
}

}  // namespace facet::detail
