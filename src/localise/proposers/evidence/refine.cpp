// SPDX-License-Identifier: Apache-2.0
#include "localise/proposers/evidence/refine.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "facet/error.hpp"
#include "localise/proposers/evidence/parabola.hpp"
#include "localise/proposers/evidence/peaks.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kMaxBatch = 32;
// LNet_s corrects LNet_o's place by at most this many face heights: beyond lies another face.
constexpr float kSearchRadius = 0.35F;
constexpr std::array<float, 1> kOneSize = {1.0F};  // of a glance: the window's own

}  // namespace

Refiner::Refiner(const ModelParts& parts, Ranking ranking, Precision precision)
    : lnet_s_(*parts.lnet_s, parts.evidence_layer, placing_arithmetic(precision)),
      value_(ranking_value(*parts.lnet_s, parts, ranking)),
      settings_(&parts.localiser),
      sizes_(parts.localiser.refine_scales) {
  if (sizes_.empty()) throw Error(ErrorCode::bad_model, "the model has no refine_scales");
  std::sort(sizes_.begin(), sizes_.end());
}

void Refiner::refine(ImageHalvings& photo, std::span<Window> windows, Look look) {
  const std::span<const float> sizes =
      look == Look::glance ? std::span<const float>(kOneSize) : std::span<const float>(sizes_);
  std::vector<Image> crops;
  std::vector<CellMap> maps;
  maps.reserve(windows.size() * sizes.size());
  const auto run_crops = [&] {
    if (crops.empty()) return;
    for (CellMap& map : lnet_s_.run(crops, value_, look != Look::exact))
      maps.push_back(std::move(map));
    crops.clear();
  };
  for (const Window& window : windows) {
    for (const float size : sizes) {
      const float side = settings_->refine_context * window.side * size;
      const Box square{window.centre_x - side / 2, window.centre_y - side / 2, side, side};
      crops.push_back(photo.cut(square, settings_->refine_side, settings_->refine_side));
      if (crops.size() == kMaxBatch) run_crops();
    }
  }
  run_crops();
  for (std::size_t i = 0; i < windows.size(); ++i) {
    refine_window(std::span(maps).subspan(i * sizes.size(), sizes.size()), sizes, photo,
                  windows[i]);
  }
}

void Refiner::refine_window(std::span<const CellMap> maps, std::span<const float> sizes,
                            const ImageHalvings& photo, Window& window) const {
  // As a pyramid around the window, in photo coordinates.
  const float face_height = static_cast<float>(settings_->refine_side) / settings_->refine_context;
  std::vector<ScaleMap> pyramid(maps.size());
  Peak best;
  bool found = false;
  for (std::size_t i = 0; i < maps.size(); ++i) {
    ScaleMap& map = pyramid[i];
    map.scale = face_height / (window.side * sizes[i]);
    map.height = maps[i].height;
    map.width = maps[i].width;
    map.values = maps[i].values;
    map.step = static_cast<float>(lnet_s_.geometry().stride) / map.scale;
    const float first =
        (lnet_s_.geometry().centre - static_cast<float>(settings_->refine_side) / 2) / map.scale;
    map.first_x = window.centre_x + first;
    map.first_y = window.centre_y + first;
    for (int y = 0; y < map.height; ++y) {
      for (int x = 0; x < map.width; ++x) {
        const float distance = std::hypot(first + static_cast<float>(x) * map.step,
                                          first + static_cast<float>(y) * map.step);
        const float evidence = map.values[static_cast<std::size_t>(y * map.width + x)];
        if (distance > kSearchRadius * window.side || (found && evidence <= best.evidence)) {
          continue;
        }
        best = {i, x, y, evidence};
        found = true;
      }
    }
  }
  const float weight = settings_->refine_weight;
  if (found && best.evidence > 0) {
    const Window refined =
        window_of_peak(pyramid, best, face_height, photo.width(), photo.height());
    window.centre_x = refined.centre_x;
    window.centre_y = refined.centre_y;
    window.side = refined.side;
    window.evidence_s = best.evidence;
  }
  window.score = (1 - weight) * window.evidence_o + weight * window.evidence_s;
}

}  // namespace facet::detail
