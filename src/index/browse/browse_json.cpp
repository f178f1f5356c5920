// SPDX-License-Identifier: Apache-2.0
#include "index/browse/browse_json.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/path_text.hpp"
#include "index/query/everyday_words.hpp"
#include "index/search/photo_date.hpp"

namespace facet::detail {
namespace {

// Probabilities are kept in 255 steps, boxes in 65535ths: no more decimals than that.
double rounded(double value, double steps) {
  return std::round(value * steps) / steps;
}

BrowseJson box_json(const Box& box, double steps) {
  return {{"x", rounded(box.x, steps)},
          {"y", rounded(box.y, steps)},
          {"width", rounded(box.width, steps)},
          {"height", rounded(box.height, steps)}};
}
BrowseJson normalized_json(const StoredBox& box) {
  return box_json(pixel_box(box, 1, 1), 10'000);
}

BrowseJson attribute_json(const KnownAttribute& attribute) {
  BrowseJson json = {{"name", attribute.name},
                     {"probability", rounded(attribute.probability, 1000)},
                     {"present", attribute.present()}};
  if (attribute.said) json["said"] = *attribute.said;
  return json;
}

// Where it is and what is known of the file.
BrowseJson reference_json(const PhotoRow& photo, const char* id_member) {
  BrowseJson json;
  json[id_member] = photo.content ? photo_id_text(*photo.content) : std::string();
  const PathText path = path_text(photo.path());
  json["path"] = path.text;
  if (path.percent_encoded) json["path_encoding"] = "percent";
  json["width"] = photo.width;
  json["height"] = photo.height;
  if (photo.taken) json["taken"] = date_text(*photo.taken);
  if (photo.gone) json["offline"] = true;
  return json;
}

std::string id_of(const PhotoRow& photo, const KnownFace& face) {
  return photo.content ? face_id_text(*photo.content, face.number) : std::string();
}

const char* status_of(const PhotoRow& photo) {
  switch (photo.status) {
    case PhotoStatus::ok:
      return "ok";
    case PhotoStatus::no_face:
      return "no_face";
    case PhotoStatus::unreadable:
      break;
  }
  return "unreadable";
}

}  // namespace

std::string photo_id_text(const ContentHash& content) {
  const std::string face = face_id_text(content, 1);
  return face.substr(0, face.find('.'));
}

std::string alt_text(const KnownFace& face) {
  constexpr std::size_t most = 6;
  std::vector<const KnownAttribute*> present;
  for (const KnownAttribute& attribute : face.attributes) {
    if (attribute.present()) present.push_back(&attribute);
  }
  // The surest first; people are sure.
  const auto sureness = [](const KnownAttribute* one) {
    return one->said ? 2.0F : one->probability;
  };
  std::stable_sort(present.begin(), present.end(),
                   [&](const auto* a, const auto* b) { return sureness(a) > sureness(b); });
  if (present.size() > most) present.resize(most);
  std::string text = face.person.empty() ? std::string() : face.person + ", ";
  text += present.empty() ? "labelled as nothing in particular" : "labelled as ";
  for (std::size_t i = 0; i < present.size(); ++i) {
    std::string word = folded_word(present[i]->name);
    std::replace(word.begin(), word.end(), '_', ' ');
    text += (i == 0 ? "" : ", ") + word;
  }
  return text;
}

std::string alt_text(const KnownPhoto& photo) {
  const auto count = static_cast<std::size_t>(std::max(photo.photo.faces, 0));
  if (count == 0) return "a photo in which no face was found";
  std::string text =
      count == 1 ? "a photo of one face" : "a photo of " + std::to_string(count) + " faces";
  if (photo.faces.empty()) return text;
  return text + (count == 1 ? ", " : ", one of them ") + alt_text(photo.faces.front());
}

BrowseJson face_json(const PhotoRow& photo, const KnownFace& face) {
  BrowseJson json = {{"id", id_of(photo, face)}, {"photo", reference_json(photo, "id")}};
  json["box"] = box_json(pixel_box(face.box, photo.width, photo.height), 10);
  json["box_normalized"] = normalized_json(face.box);
  json["score"] = rounded(face.score, 100);
  if (!face.person.empty()) json["person"] = face.person;
  json["attributes"] = BrowseJson::array();
  for (const KnownAttribute& one : face.attributes) {
    json["attributes"].push_back(attribute_json(one));
  }
  json["alt"] = alt_text(face);
  return json;
}

BrowseJson photo_json(const KnownPhoto& photo, const std::vector<PhotoRow>& copies) {
  BrowseJson json = reference_json(photo.photo, "id");
  if (copies.size() > 1) {
    json["paths"] = BrowseJson::array();
    for (const PhotoRow& copy : copies) json["paths"].push_back(path_text(copy.path()).text);
  }
  json["status"] = status_of(photo.photo);
  json["faces"] = BrowseJson::array();
  for (const KnownFace& face : photo.faces) {
    json["faces"].push_back(face_json(photo.photo, face));
  }
  json["alt"] = alt_text(photo);
  return json;
}

BrowseJson found_face_json(const PhotoRow& photo, const KnownFace& face, const FoundItem& item,
                           const std::set<std::string>& shown) {
  BrowseJson json = {{"id", id_of(photo, face)},
                     {"photo_id", photo.content ? photo_id_text(*photo.content) : std::string()},
                     {"probability", rounded(item.probability, 1000)},
                     {"certain", item.certain},
                     {"box_normalized", normalized_json(face.box)}};
  if (photo.gone) json["offline"] = true;
  if (!face.person.empty()) json["person"] = face.person;
  json["attributes"] = BrowseJson::array();
  for (const KnownAttribute& one : face.attributes) {
    if (shown.contains(one.name)) json["attributes"].push_back(attribute_json(one));
  }
  json["alt"] = alt_text(face);
  return json;
}

BrowseJson found_photo_json(const KnownPhoto& photo, const std::vector<float>& probabilities,
                            const FoundItem& item, const std::set<std::string>& shown) {
  BrowseJson json = reference_json(photo.photo, "photo_id");
  json["probability"] = rounded(item.probability, 1000);
  json["certain"] = item.certain;
  json["faces"] = BrowseJson::array();
  for (std::size_t i = 0; i < photo.faces.size(); ++i) {
    json["faces"].push_back(
        found_face_json(photo.photo, photo.faces[i], {probabilities.at(i), item.certain}, shown));
  }
  json["alt"] = alt_text(photo);
  return json;
}

}  // namespace facet::detail
