// SPDX-License-Identifier: Apache-2.0
#include "report/photo_json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/number_text.hpp"
#include "base/path_text.hpp"
#include "report/status_text.hpp"

namespace facet::detail {
namespace {

// Grows where a reader of the last one would misread.
constexpr int kSchema = 1;

Json box_json(const Box& box) {
  return {{"x", decimal(box.x)},
          {"y", decimal(box.y)},
          {"width", decimal(box.width)},
          {"height", decimal(box.height)}};
}

Box normalized(const Box& box, int width, int height) {
  const auto share = [](float value, int whole) {
    return whole > 0 ? std::clamp(value / static_cast<float>(whole), 0.0F, 1.0F) : 0.0F;
  };
  return {share(box.x, width), share(box.y, height), share(box.width, width),
          share(box.height, height)};
}

double to_milliseconds(double seconds) {
  return std::round(seconds * 1000) / 1000;
}

Json track_json(const FaceTrack& track) {
  return {{"first", to_milliseconds(track.first)},
          {"last", to_milliseconds(track.last)},
          {"frames", track.frames},
          {"time", to_milliseconds(track.time)}};
}

Json face_json(const Face& face, const PhotoResult& photo) {
  Json json;
  json["box"] = box_json(face.box);
  json["box_normalized"] = box_json(normalized(face.box, photo.width, photo.height));
  json["score"] = decimal(face.score);
  if (face.turn != 0) json["turn"] = face.turn;
  if (face.below_threshold) json["below_threshold"] = true;
  if (face.track) json["track"] = track_json(*face.track);
  if (face.attributes.empty()) return json;  // located only
  Json& attributes = json["attributes"] = Json::array();
  for (const Attribute& attribute : face.attributes) {
    attributes.push_back({{"name", attribute.name},
                          {"probability", decimal(attribute.probability)},
                          {"threshold", decimal(attribute.threshold)},
                          {"present", attribute.present}});
  }
  return json;
}

}  // namespace

double decimal(float value) {
  const std::string text = shortest_text(value);
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

Json photo_json(const PhotoResult& result) {
  Json json;
  const PathText path = path_text(result.path);
  json["path"] = path.text;
  if (path.percent_encoded) json["path_encoding"] = "percent";
  json["width"] = result.width;
  json["height"] = result.height;
  if (result.min_face > 0) json["min_face"] = decimal(result.min_face);
  json["status"] = status_text(result.status);
  if (result.status == PhotoStatus::unreadable) json["reason"] = result.reason;
  if (!result.warning.empty()) json["warning"] = result.warning;
  if (result.reduce != 1) json["decoded_at"] = "1/" + std::to_string(result.reduce);
  if (result.faces_left_out > 0) json["faces_left_out"] = result.faces_left_out;
  if (result.time) json["time"] = to_milliseconds(*result.time);
  if (result.frames > 0) json["frames"] = result.frames;
  Json& faces = json["faces"] = Json::array();
  for (const Face& face : result.faces) faces.push_back(face_json(face, result));
  return json;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string report_head(const ReportContext& context) {
  Json head = {{"schema", kSchema}, {"model", context.model}};
  if (!context.model_name.empty()) head["model_name"] = context.model_name;
  if (!context.model_version.empty()) head["model_version"] = context.model_version;
  if (!context.model_checksum.empty()) head["model_checksum"] = context.model_checksum;
  if (!context.head.empty()) head["head"] = context.head;
  head["precision"] = precision_name(context.precision);
  head["threshold_mode"] = threshold_mode_name(context.threshold_mode);
  std::string text = dump(head);
  text.pop_back();  // the object goes on
  return text + ",\"images\":[";
}

}  // namespace facet::detail
