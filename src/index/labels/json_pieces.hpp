// SPDX-License-Identifier: Apache-2.0
// What the JSON forms of labels have in common.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "index/labels/label_writer.hpp"

namespace facet::detail {

using LabelJson = nlohmann::ordered_json;

// Three decimals: probabilities are kept in 255 steps.
double rounded_probability(float p);
double rounded_pixels(float length);
// {name: probability} of what was predicted, {name: bool} of what people said.
LabelJson predicted_json(const LabelledFace& face, const LabelFormat& format);
LabelJson said_json(const LabelledFace& face, const LabelFormat& format);
// Names of the attributes that hold.
std::vector<std::string> present_names(const LabelledFace& face, const LabelFormat& format);
std::string id_of(const LabelledPhotoRow& photo, const LabelledFace& face);
// Paths may hold bytes that are not UTF-8.
std::string dumped(const LabelJson& json);

}  // namespace facet::detail
