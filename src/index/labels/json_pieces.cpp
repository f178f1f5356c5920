// SPDX-License-Identifier: Apache-2.0
#include "index/labels/json_pieces.hpp"

#include <cmath>

#include "index/search/face_id.hpp"

namespace facet::detail {

double rounded_probability(float p) {
  return std::round(static_cast<double>(p) * 1000) / 1000;
}

double rounded_pixels(float length) {
  return std::round(static_cast<double>(length) * 10) / 10;
}

LabelJson predicted_json(const LabelledFace& face, const LabelFormat& format) {
  LabelJson json = LabelJson::object();
  for (std::size_t i = 0; i < format.names.size(); ++i) {
    json[format.names[i]] = rounded_probability(face.labels[i].probability);
  }
  return json;
}

LabelJson said_json(const LabelledFace& face, const LabelFormat& format) {
  LabelJson json = LabelJson::object();
  for (std::size_t i = 0; i < format.names.size(); ++i) {
    if (face.labels[i].said) json[format.names[i]] = *face.labels[i].said;
  }
  return json;
}

std::vector<std::string> present_names(const LabelledFace& face, const LabelFormat& format) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < format.names.size(); ++i) {
    if (face.labels[i].present()) names.push_back(format.names[i]);
  }
  return names;
}

std::string id_of(const LabelledPhotoRow& photo, const LabelledFace& face) {
  return photo.photo.content ? face_id_text(*photo.photo.content, face.number) : std::string();
}

std::string dumped(const LabelJson& json) {
  return json.dump(-1, ' ', false, LabelJson::error_handler_t::replace);
}

std::string shown_path(const PhotoRow& photo, const LabelFormat& format) {
  const std::string path = photo.path();
  const std::string start = format.root.ends_with('/') ? format.root : format.root + '/';
  return !format.root.empty() && path.starts_with(start) ? path.substr(start.size()) : path;
}

}  // namespace facet::detail
