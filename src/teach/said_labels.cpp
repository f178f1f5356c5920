// SPDX-License-Identifier: Apache-2.0
#include "teach/said_labels.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/printable_text.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

class LineReader {
 public:
  LineReader(const std::filesystem::path& file, int line) : file_(file), line_(line) {}

  void read(std::string_view text, std::vector<SaidFace>& faces) const {
    const json photo = json::parse(text.begin(), text.end(), nullptr, false);
    if (photo.is_discarded()) fail("is no JSON, or is cut off");
    const json* path = member(photo, "path");
    const json* list = member(photo, "faces");
    if (path == nullptr || !path->is_string() || list == nullptr || !list->is_array()) {
      fail("is no photo with \"path\" and \"faces\"");
    }
    const float width = number(photo, "width");
    const float height = number(photo, "height");
    if (!(width > 0 && height > 0)) fail("has no size");
    for (const json& one : *list) {
      SaidFace face;
      face.path = path->get<std::string>();
      face.line = line_;
      face.said = said_of(one);
      if (face.said.empty()) continue;
      const json* box = member(one, "box");
      if (box == nullptr) fail("has a face without a box");
      face.box = {number(*box, "x") / width, number(*box, "y") / height,
                  number(*box, "width") / width, number(*box, "height") / height};
      faces.push_back(std::move(face));
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::bad_label,
                file_.string() + ":" + std::to_string(line_) + ": " + printable_text(what));
  }
  float number(const json& object, const char* name) const {
    const json* found = member(object, name);
    if (found == nullptr || !found->is_number()) fail(std::string("has no number \"") + name + '"');
    return found->get<float>();
  }
  std::map<std::string, bool> said_of(const json& face) const {
    std::map<std::string, bool> said;
    const json* list = member(face, "said");
    if (list == nullptr) return said;
    if (!list->is_object()) fail("\"said\" is no object");
    for (const auto& [name, value] : list->items()) {
      if (value.is_null()) continue;
      if (!value.is_boolean()) fail(name + " is neither true nor false");
      said.emplace(name, value.get<bool>());
    }
    return said;
  }

  const std::filesystem::path& file_;
  int line_;
};

}  // namespace

bool is_said_list(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  char first = 0;
  return stream >> first && first == '{';
}

std::vector<SaidFace> read_said_faces(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    throw Error(ErrorCode::not_found, file.string() + ": no such file");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::io, file.string() + ": cannot be opened");
  std::vector<SaidFace> faces;
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    LineReader(file, number).read(line, faces);
  }
  if (stream.bad()) throw Error(ErrorCode::io, file.string() + ": cannot be read to its end");
  return faces;
}

int face_meant(const SaidFace& face, const std::vector<Box>& boxes, int photo_width,
               int photo_height) {
  const auto width = static_cast<float>(photo_width);
  const auto height = static_cast<float>(photo_height);
  const Box wanted{face.box.x * width, face.box.y * height, face.box.width * width,
                   face.box.height * height};
  constexpr float half = 0.5F;
  int best = -1;
  float most = half;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const float common = overlap(boxes[i], wanted);
    if (common < most) continue;
    most = common;
    best = static_cast<int>(i);
  }
  return best;
}

}  // namespace facet::detail
