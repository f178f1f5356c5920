// SPDX-License-Identifier: Apache-2.0
// Which photos a protocol looks at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/photo_variants.hpp"
#include "facet/box.hpp"

namespace facet::detail {

enum class PhotoVariant { whole, edge, placed };

struct EvaluationPhoto {
  std::string name;  // what the variant's random choices depend on
  std::filesystem::path path;
  std::vector<std::int8_t> labels;  // ±1; empty for scenes
  std::vector<Box> boxes;           // of the whole photo, dominant first
  PhotoVariant variant = PhotoVariant::whole;
  std::filesystem::path scene;  // placed: where into
  FaceHeights heights = {};     // placed: how high the face becomes
};

struct EvaluationSet {
  std::string name;    // of the protocol
  std::string labels;  // whose labels and whose column of the paper: "CelebA" or "LFWA"
  std::string head;    // that predicts these labels
  std::vector<std::string> attribute_names;
  std::vector<EvaluationPhoto> photos;
  int without_face = 0;  // photos left out because no face is listed where one is needed
  // Relative box of the constant window where faces always have the same place.
  std::optional<Box> constant_window;
};

// Reads the photo and makes its variant. Throws what read_image throws.
ListedPhoto prepare(const EvaluationPhoto& photo);

// `data` holds the folders celeba, celeba_frames, celeba_wild, lfwa and scenes. `limit`: at most so
// many photos, spread evenly; 0: all. Throw Error(not_found) where a folder or every photo is
// missing.
EvaluationSet wild_set(const std::filesystem::path& data, int limit);
// Whole photos of held-out people: identity divisible by 10, training part.
EvaluationSet heldout_frames_set(const std::filesystem::path& data, int limit);
// Whole photos of people that are trained on (every tenth of them).
EvaluationSet training_frames_set(const std::filesystem::path& data, int limit);
EvaluationSet test_frames_set(const std::filesystem::path& data, int limit);
EvaluationSet lfwa_set(const std::filesystem::path& data, PhotoVariant variant, int limit);
// LFWA's training part.
EvaluationSet lfwa_training_set(const std::filesystem::path& data, int limit);
// LFWA's test part with the attributes beyond the forty.
EvaluationSet lfwa_plus_set(const std::filesystem::path& data, int limit);
// Aligned photos of the validation part's people with odd identities.
EvaluationSet validation_set(const std::filesystem::path& data, int limit);

// Photos whose reference box, made by a detector, does not hold the face: looked at one by one, in
// the order of their names. `set` is that of frames: "frames" or "frames-test"; others have none.
const std::vector<std::string>& wrong_reference_boxes(const std::string& set);
// The set without them and without photos for which no face is listed; says how many were left out.
int keep_listed_faces(EvaluationSet& set);

// Scenes, which have no faces: those kept for choosing thresholds, or those kept for measuring.
std::vector<EvaluationPhoto> empty_scenes(const std::filesystem::path& data, bool choosing,
                                          int limit);
// Single objects without people, of the kinds kept for choosing; animals, or all others.
std::vector<EvaluationPhoto> choosing_objects(const std::filesystem::path& data, bool animals,
                                              int limit);

// At most `limit` of `count` places, spread evenly; 0: all.
std::vector<std::size_t> spread_evenly(std::size_t count, int limit);

}  // namespace facet::detail
