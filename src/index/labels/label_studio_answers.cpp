// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <utility>

#include "index/labels/answer_json.hpp"
#include "index/labels/answers.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

std::set<std::string> strings(const json* list) {
  std::set<std::string> all;
  if (list == nullptr || !list->is_array()) return all;
  for (const json& one : *list) {
    if (one.is_string()) all.insert(one.get<std::string>());
  }
  return all;
}

// The path behind /data/local-files/?d=, or of another address.
std::string path_of_url(std::string url) {
  const std::size_t mark = url.find("?d=");
  if (mark != std::string::npos) url = url.substr(mark + 3);
  std::string path;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
  const auto is_digit = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  for (std::size_t i = 0; i < url.size(); ++i) {
    if (url[i] == '%' && i + 2 < url.size() && is_digit(url[i + 1]) && is_digit(url[i + 2])) {
      path += static_cast<char>(digit(url[i + 1]) * 16 + digit(url[i + 2]));
      i += 2;
    } else {
      path += url[i];
    }
  }
  return path;
}

// A rectangle and the choices for it.
struct Region {
  std::optional<Box> box;
  std::set<std::string> chosen;
};

std::map<std::string, Region> regions_of(const json& annotation, const std::string& where) {
  std::map<std::string, Region> regions;
  for (const json& entry : array_member(annotation, "result", where)) {
    const json* value = member(entry, "value");
    const std::string id = text_member(entry, "id");
    if (value == nullptr || id.empty()) continue;
    Region& region = regions[id];
    if (member(*value, "x") != nullptr) region.box = box_member(*value, where);
    region.chosen.merge(strings(member(*value, "choices")));
  }
  return regions;
}

class Task {
 public:
  Task(const json& task, std::string where) : where_(std::move(where)) {
    const json* data = member(task, "data");
    if (data == nullptr) bad_answer(where_, "has no \"data\"");
    start_.where = where_;
    start_.frame_width = start_.frame_height = 100;  // percent
    own_ = member(*data, "facet");
    if (own_ != nullptr) {
      start_.photo = text_member(*own_, "path");
      start_.content = text_member(*own_, "content");
      asked_ = strings(member(*own_, "asked"));
    }
    if (start_.photo.empty()) start_.photo = path_of_url(text_member(*data, "image"));
  }

  void read(const json& annotation, std::vector<FaceAnswer>& answers) const {
    const json* cancelled = member(annotation, "was_cancelled");
    if (cancelled != nullptr && truth(*cancelled).value_or(false)) return;
    for (const auto& [id, region] : regions_of(annotation, where_)) {
      if (region.box) add(id, region, answers);
    }
  }

 private:
  void add(const std::string& id, const Region& region, std::vector<FaceAnswer>& answers) const {
    FaceAnswer start = start_;
    start.box = region.box;
    const json* faces = own_ == nullptr ? nullptr : member(*own_, "faces");
    const json* face = faces == nullptr ? nullptr : member(*faces, id.c_str());
    std::set<std::string> before;
    if (face != nullptr) {
      start.face = text_member(*face, "id");
      before = strings(member(*face, "exported"));
    }
    std::set<std::string> names = region.chosen;
    names.insert(before.begin(), before.end());
    names.insert(asked_.begin(), asked_.end());
    for (const std::string& name : names) {
      FaceAnswer answer = start;
      answer.attribute = name;
      answer.present = region.chosen.contains(name);
      answer.looked_at = asked_.contains(name);
      if (face != nullptr) answer.exported = before.contains(name);
      answers.push_back(std::move(answer));
    }
  }

  std::string where_;
  FaceAnswer start_;
  const json* own_ = nullptr;
  std::set<std::string> asked_;
};

}  // namespace

std::vector<FaceAnswer> read_label_studio(const std::string& file, std::string_view text) {
  const json tasks = parsed_answers(file, text);
  std::vector<FaceAnswer> answers;
  std::size_t count = 0;
  for (const json& each : tasks) {
    const std::string where = file + ": task " + std::to_string(++count);
    if (!each.is_object()) bad_answer(where, "is no object");
    const json* annotations = member(each, "annotations");
    if (annotations == nullptr) annotations = member(each, "completions");  // before version 1
    if (annotations == nullptr) continue;                                   // nobody did it yet
    if (!annotations->is_array()) bad_answer(where, "\"annotations\" is no list");
    const Task task(each, where);
    for (const json& annotation : *annotations) task.read(annotation, answers);
  }
  return answers;
}

}  // namespace facet::detail
