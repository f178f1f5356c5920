// SPDX-License-Identifier: Apache-2.0
#include "teach/decision_threshold.hpp"

#include <algorithm>

#include "facet/error.hpp"

namespace facet::detail {

float decision_threshold(std::vector<float> faces, std::vector<float> scenes, double alarm_share) {
  if (faces.empty() || scenes.empty()) {
    throw Error(ErrorCode::invalid_argument, "a threshold needs photos with and without faces");
  }
  std::sort(faces.begin(), faces.end());
  std::sort(scenes.begin(), scenes.end());
  const auto missed = [&](float threshold) {
    return static_cast<double>(std::lower_bound(faces.begin(), faces.end(), threshold) -
                               faces.begin()) /
           static_cast<double>(faces.size());
  };
  const auto alarmed = [&](float threshold) {
    return static_cast<double>(scenes.end() -
                               std::lower_bound(scenes.begin(), scenes.end(), threshold)) /
           static_cast<double>(scenes.size());
  };
  // Candidates lie between neighbouring scores of both kinds.
  std::vector<float> all(faces);
  all.insert(all.end(), scenes.begin(), scenes.end());
  std::sort(all.begin(), all.end());
  float best = all.back() + 1;
  double least = missed(best) + alarmed(best);
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const float candidate = (all[i] + all[i + 1]) / 2;
    if (alarmed(candidate) > alarm_share) continue;
    const double errors = missed(candidate) + alarmed(candidate);
    if (errors < least) {
      least = errors;
      best = candidate;
    }
  }
  return best;
}

}  // namespace facet::detail
