// SPDX-License-Identifier: Apache-2.0
// What facet says about a photo: plain values, written by report.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facet/api.hpp"
#include "facet/box.hpp"

namespace facet {

// Which of a head's two thresholds an attribute's probability must reach to be present: the one
// with the fewest wrong answers, or the one with the highest mean of the shares of right answers
// among faces with and without the attribute, which finds more of what is rare.
enum class ThresholdMode { accuracy, balanced };

// As options and results spell it.
constexpr const char* threshold_mode_name(ThresholdMode mode) {
  return mode == ThresholdMode::balanced ? "balanced" : "accuracy";
}

// One attribute of one face. It says what labellers would have ticked, not what is true of a
// person.
struct Attribute {
  std::string name;        // e.g. "Smiling", as the head's labels spell it
  float probability = 0;   // 0…1, calibrated, that labellers would have ticked the attribute
  float threshold = 0.5F;  // of the threshold mode that was asked for
  bool present = false;    // probability at or above the threshold
};

// A face followed over frames of a video; times in seconds from its beginning.
struct FaceTrack {
  double first = 0;  // of the first frame that shows it
  double last = 0;
  int frames = 0;   // that show it
  double time = 0;  // of the frame whose box and score the face has
};

struct FACET_API Face {
  Box box;          // pixels of the upright photo, inside it
  float score = 0;  // LNet's evidence, weighed by ANet where it was in doubt; comparable
                    // across photos of one model
  bool below_threshold = false;  // only with `dominant` or `all`
  int turn = 0;  // degrees (0, 90, 180, 270) to turn the photo clockwise for the face to be upright
  // In the order of the head's labels, then of the taught heads; empty when located only.
  std::vector<Attribute> attributes;
  // ANet's vector, the mean over the patches, where PredictOptions::features asked for it.
  std::vector<float> features = {};
  // Of a video's faces that were followed: probabilities are then the means over its frames.
  std::optional<FaceTrack> track = std::nullopt;

  // The first attribute of that name; null where the face has none.
  [[nodiscard]] const Attribute* find(std::string_view name) const noexcept;
  // The same; throws Error(invalid_argument) that names the attribute where there is none.
  [[nodiscard]] const Attribute& operator[](std::string_view name) const;
};

enum class PhotoStatus { ok, no_face, unreadable };

struct PhotoResult {
  std::string path;  // as it is to be shown
  int width = 0;     // of the upright photo; 0 where unreadable
  int height = 0;
  float min_face = 0;  // height in pixels of the smallest face looked for; 0 where unreadable
  PhotoStatus status = PhotoStatus::no_face;
  std::string reason;       // why it is unreadable
  std::string warning;      // what is wrong with a file that was read all the same
  int reduce = 1;           // the sides were divided by this when the photo was decoded
  std::vector<Face> faces;  // strongest first
  int faces_left_out = 0;   // found as well, but weaker than LocateOptions::max_faces others
  std::optional<double> time = std::nullopt;  // of a frame of a video, in seconds
  int frames = 0;  // that were looked at, where the result is about a whole video
};

}  // namespace facet
