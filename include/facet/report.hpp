// SPDX-License-Identifier: Apache-2.0
// Results as text: one function a format, used by every program.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facet/prediction.hpp"

namespace facet {

struct ReportContext {
  std::string model;                         // name and version shown in the result
  std::vector<std::string> attribute_names;  // of the head that was used, then of extra heads
  ThresholdMode threshold_mode = ThresholdMode::accuracy;  // that decided what is present
};

// {"model":…,"threshold_mode"?,"images":[{"path","width","height","status","reason"?,"faces":[{"box":{x,y,width,
// height},"box_normalized":{…},"score","below_threshold"?,"attributes":[{"name","probability",
// "present"},…]}]}]}. The threshold mode is named where it is not `accuracy`. Boxes in pixels of
// the upright photo; normalised ones in 0…1.
std::string to_json(std::span<const PhotoResult> results, const ReportContext& context);
// One photo as an element of "images" (streams, HTTP).
nlohmann::json photo_to_json(const PhotoResult& result, const ReportContext& context);

// A line a face: path, status, box, score, below_threshold (0 or 1), then a column a probability;
// photos without a face have one line with empty cells. RFC 4180 quoting.
std::string to_csv(std::span<const PhotoResult> results, const ReportContext& context);

// For people: box, score and the attributes that hold with their probabilities.
std::string to_table(std::span<const PhotoResult> results, const ReportContext& context);

// CelebA's list_attr_celeba.txt: count, names, `path ±1 …` of the first face. Photos without one
// (unreadable) are left out, and so are attributes beyond the names of the context. White space in
// paths is percent-encoded.
std::string to_attr_list(std::span<const PhotoResult> results, const ReportContext& context);

// `path x y w h score [x y w h score …]`, a line a readable photo.
std::string to_boxes(std::span<const PhotoResult> results);

// White space and '%' as %XX.
std::string percent_encode_spaces(std::string_view path);

}  // namespace facet
