// SPDX-License-Identifier: Apache-2.0
#include "service/photo_request.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>

#include "http/base64.hpp"
#include "http/header_text.hpp"
#include "http/multipart.hpp"
#include "service/envelope.hpp"
#include "service/parameters.hpp"

namespace facet::server {
namespace {

constexpr std::size_t kMostBoxes = 256;

HttpError bad(const std::string& what) {
  return {400, "invalid_argument", what};
}

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

// x,y,width,height;…
std::vector<Box> read_boxes(std::string_view text) {
  std::vector<Box> boxes;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    float values[4];
    for (int i = 0; i < 4; ++i) {
      const std::size_t comma = i < 3 ? one.find(',') : one.size();
      if (comma == std::string_view::npos) throw bad("boxes: a box is x,y,width,height");
      values[i] = read_number("boxes", one.substr(0, comma));
      one.remove_prefix(std::min(comma + 1, one.size()));
    }
    boxes.push_back({values[0], values[1], values[2], values[3]});
  }
  return boxes;
}

std::vector<Box> checked(std::vector<Box> boxes) {
  if (boxes.size() > kMostBoxes) {
    throw bad("boxes: " + std::to_string(boxes.size()) + " are given, 256 are taken");
  }
  for (const Box& box : boxes) {
    if (!(box.width > 0 && box.height > 0)) throw bad("boxes: a box has no area");
  }
  return boxes;
}

// Names with commas between them.
std::vector<std::string> read_attributes(std::string_view text, const Model& model,
                                         const std::string& head) {
  const std::vector<std::string> known = model.attribute_names(head);
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string name(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw bad("attributes: " + head + " has none called " + name + "; /v1/model names them");
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (names.empty()) throw bad("attributes: names none");
  return names;
}

PhotoWishes read_wishes(const Parameters& parameters, const Model& model, bool explain) {
  PhotoWishes wishes;
  ParameterReader reader(parameters);
  wishes.min_face = reader.number("min_face", 8, 1e6F);
  if (const auto most = reader.integer("max_faces", 1, 1'000'000)) {
    wishes.max_faces = static_cast<int>(*most);
  }
  if (const auto head = reader.text("head")) {
    const std::vector<std::string> heads = model.heads();
    if (std::find(heads.begin(), heads.end(), *head) == heads.end()) {
      throw bad("head: the model has no head " + *head + "; /v1/model names them");
    }
    wishes.head = *head;
  }
  if (reader.choice("threshold_mode", {"accuracy", "balanced"}) == "balanced") {
    wishes.threshold_mode = ThresholdMode::balanced;
  }
  const std::optional<std::string> turns = reader.choice("turns", {"auto", "none", "all"});
  if (turns == "none") wishes.turns = Turns::none;
  if (turns == "all") wishes.turns = Turns::all;
  wishes.explain = explain;
  if (explain) {
    if (reader.text("boxes")) throw bad("boxes: only faces that the server found are explained");
    if (reader.text("maps")) throw bad("maps: explanations have maps of their own");
    if (const auto names = reader.text("attributes")) {
      wishes.explained = read_attributes(*names, model, wishes.head);
    }
  } else {
    wishes.maps = reader.flag("maps").value_or(false);
    (void)reader.text("boxes");
  }
  reader.refuse_others();
  return wishes;
}

// Members that stand in the query too are taken from the JSON.
void add_members(const Json& json, Parameters& parameters) {
  for (const auto& [name, value] : json.items()) {
    if (name == "photos") continue;
    if (value.is_string()) {
      parameters[name] = value.get<std::string>();
    } else if (value.is_number() || value.is_boolean()) {
      parameters[name] = value.dump();
    } else if (value.is_array() &&
               std::all_of(value.begin(), value.end(), [](auto& one) { return one.is_string(); })) {
      std::string& list = parameters[name] = {};
      for (const Json& one : value) list += (list.empty() ? "" : ",") + one.get<std::string>();
    } else {
      throw bad(name + ": is neither text, number nor list of texts");
    }
  }
}

std::vector<Box> json_boxes(const Json& json) {
  std::vector<Box> boxes;
  if (!json.is_array()) throw bad("boxes: is no list of boxes");
  for (const Json& one : json) {
    const bool four = one.is_array() && one.size() == 4 &&
                      std::all_of(one.begin(), one.end(), [](auto& v) { return v.is_number(); });
    if (!four) throw bad("boxes: a box is [x, y, width, height]");
    boxes.push_back(
        {one[0].get<float>(), one[1].get<float>(), one[2].get<float>(), one[3].get<float>()});
  }
  return boxes;
}

SentPhoto json_photo(const Json& json) {
  SentPhoto photo;
  if (!json.is_object() || !json.contains("data") || !json["data"].is_string()) {
    throw bad("photos: a photo is {\"data\": base64}");
  }
  for (const auto& [name, value] : json.items()) {
    if (name == "data") {
      std::string_view text = value.get_ref<const std::string&>();
      if (text.starts_with("data:")) text.remove_prefix(std::min(text.find(',') + 1, text.size()));
      auto bytes = base64_decoded(text);
      if (!bytes) throw bad("photos: data is not base64");
      photo.bytes = std::move(*bytes);
    } else if (name == "name" && value.is_string()) {
      photo.name = value.get<std::string>();
    } else if (name == "boxes") {
      photo.boxes = json_boxes(value);
    } else {
      throw bad("photos: a photo has no member " + name);
    }
  }
  return photo;
}

std::vector<SentPhoto> read_json(const Request& request, Parameters& parameters,
                                 std::size_t most_photos) {
  const Json json = Json::parse(request.body, nullptr, false);
  if (!json.is_object() || !json.contains("photos") || !json["photos"].is_array()) {
    throw HttpError(400, "bad_request", "the body is not JSON with a list of photos");
  }
  if (json["photos"].size() > most_photos) {
    throw HttpError(413, "too_large",
                    std::to_string(json["photos"].size()) + " photos are sent, " +
                        std::to_string(most_photos) + " are taken");
  }
  add_members(json, parameters);
  std::vector<SentPhoto> photos;
  for (const Json& one : json["photos"]) photos.push_back(json_photo(one));
  return photos;
}

std::vector<SentPhoto> read_parts(const Request& request, Parameters& parameters,
                                  std::size_t most_photos) {
  constexpr std::size_t most_wishes = 16;
  std::vector<SentPhoto> photos;
  for (const FormPart& part :
       read_form(request.header("content-type"), request.body, most_photos + most_wishes)) {
    if (!part.is_file) {
      parameters[part.name] = std::string(part.content);
      continue;
    }
    if (photos.size() == most_photos) {
      throw HttpError(413, "too_large",
                      "more than " + std::to_string(most_photos) + " photos are sent");
    }
    photos.push_back({part.file_name, bytes_of(part.content), {}});
  }
  return photos;
}

}  // namespace

PhotoForm photo_form(const Request& request) {
  const std::string_view packed = request.header("content-encoding");
  if (!packed.empty() && packed != "identity") {
    throw HttpError(415, "unsupported_media_type", "packed bodies are not taken");
  }
  const std::string type = read_header_value(request.header("content-type")).value;
  if (type == "multipart/form-data") return PhotoForm::form;
  if (type == "application/json") return PhotoForm::json;
  if (type.starts_with("image/") || type == "application/octet-stream") return PhotoForm::body;
  if (type.starts_with("video/")) {
    throw HttpError(415, "unsupported_media_type",
                    "videos are not taken, only photos; facet predict looks at frames of videos");
  }
  throw HttpError(415, "unsupported_media_type",
                  "the body is " + (type.empty() ? "of no stated kind" : type) +
                      "; image/*, multipart/form-data and application/json are taken");
}

std::shared_ptr<PhotoJob> read_photo_job(const Exchange& exchange, const Model& model,
                                         std::size_t most_photos, bool explain) {
  const Request& request = exchange.request;
  Parameters parameters = request.query;
  const auto job = std::make_shared<PhotoJob>();
  switch (photo_form(request)) {
    case PhotoForm::body:
      job->photos.push_back({"photo", bytes_of(request.body), {}});
      break;
    case PhotoForm::form:
      job->photos = read_parts(request, parameters, most_photos);
      break;
    case PhotoForm::json:
      job->photos = read_json(request, parameters, most_photos);
      break;
  }
  if (job->photos.empty()) throw bad("no photo is sent");
  job->wishes = read_wishes(parameters, model, explain);
  const auto boxes = parameters.find("boxes");
  if (boxes != parameters.end()) {
    if (job->photos.size() != 1) throw bad("boxes: are of one photo, and several are sent");
    job->photos.front().boxes = read_boxes(boxes->second);
  }
  for (SentPhoto& photo : job->photos) {
    if (photo.name.empty()) photo.name = "photo";
    if (photo.boxes && explain) {
      throw bad("boxes: only faces that the server found are explained");
    }
    if (photo.boxes) photo.boxes = checked(std::move(*photo.boxes));
  }
  job->deadline = exchange.deadline;
  job->stop = exchange.stop;
  return job;
}

}  // namespace facet::server
