// SPDX-License-Identifier: Apache-2.0
// Pieces of the JSON report, for all who write one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "facet/prediction.hpp"
#include "facet/report.hpp"

namespace facet::detail {

// Keys appear in the order in which the format is documented.
using Json = nlohmann::ordered_json;

// 0.9F as 0.9, not as 0.8999999761581421.
double decimal(float value);

// A photo as an element of "images".
Json photo_json(const PhotoResult& result);

// Messages may name files whose names are not UTF-8; JSON must be.
std::string dump(const Json& json);

// What a report says once, up to its "images":[ .
std::string report_head(const ReportContext& context);

}  // namespace facet::detail
