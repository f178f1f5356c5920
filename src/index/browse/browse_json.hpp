// SPDX-License-Identifier: Apache-2.0
// Faces and photos of an index as JSON, for those who show them (docs/server.md,
// apps/facet-server/openapi.json).
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "index/browse/known_face.hpp"
#include "index/browse/ranking.hpp"

namespace facet::detail {

using BrowseJson = nlohmann::ordered_json;

// How a photo is named: the first digits of its content's hash, as in the names of its faces.
std::string photo_id_text(const ContentHash& content);

// One plain sentence for those who do not see the face: "labelled as smiling, young".
std::string alt_text(const KnownFace& face);
std::string alt_text(const KnownPhoto& photo);

// A face with its photo, as /v1/faces/{id} shows it.
BrowseJson face_json(const PhotoRow& photo, const KnownFace& face);
// A photo with its faces; `copies` are all rows of its content.
BrowseJson photo_json(const KnownPhoto& photo, const std::vector<PhotoRow>& copies);

// Items of a search. `shown` are the names of the attributes that faces bring.
struct FoundItem {
  float probability = 0;
  bool certain = false;
};
BrowseJson found_face_json(const PhotoRow& photo, const KnownFace& face, const FoundItem& item,
                           const std::set<std::string>& shown);
// `probabilities` of the faces, in their order.
BrowseJson found_photo_json(const KnownPhoto& photo, const std::vector<float>& probabilities,
                            const FoundItem& item, const std::set<std::string>& shown);

}  // namespace facet::detail
