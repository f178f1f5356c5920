// SPDX-License-Identifier: Apache-2.0
// LNet (paper 3.1): finds faces from networks that only ever saw image-level tags. Windows come
// from LNet's own evidence, or, the paper's way, from EdgeBoxes (see proposers/).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "facet/proposals.hpp"
#include "localise/look.hpp"
#include "localise/ranking.hpp"
#include "localise/scale_map.hpp"
#include "localise/window.hpp"

namespace facet::detail {

// Not thread-safe (scratch memory); one a thread.
class Localiser {
 public:
  // At automatic precision boxes are those of fp32 but for a few hundredths of a pixel.
  explicit Localiser(std::shared_ptr<const Model> model, Precision precision = Precision::fp32,
                     Ranking ranking = Ranking::evidence);
  ~Localiser();
  Localiser(Localiser&&) noexcept;

  // LNet's own windows, strongest first, duplicates suppressed, at most `max_windows`, of any score
  // above the proposal threshold; with `at_least_one` the strongest window even below it. Windows
  // may reach over the border.
  std::vector<Window> windows(const ImageView& photo, float min_face, int max_windows,
                              bool at_least_one);
  // Faces by either way, strongest first; as windows(), the boxes clipped to the photo. With
  // Proposals::edgeboxes scores are mean responses; throws Error(unsupported) where EdgeBoxes'
  // module cannot be loaded.
  std::vector<ScoredBox> boxes(const ImageView& photo, float min_face, int max_boxes,
                               bool at_least_one, Proposals proposals, Look look = Look::exact);
  // True where a coarse look takes less time than an exact one.
  [[nodiscard]] bool has_coarse_look() const;
  // Score from which a box is a face, by the model.
  [[nodiscard]] float default_threshold(Proposals proposals) const;
  // LNet_o's windows before LNet_s (training of LNet_s, and its rows of comparison).
  std::vector<Window> proposals(const ImageView& photo, float min_face, int max_windows,
                                bool at_least_one);
  // LNet_s's evidence that a face as high as the box stands in it; 0 without an LNet_s.
  float second_evidence(const ImageView& photo, const Box& box, Look look = Look::exact);
  // What ranks windows, at all scales of the pyramid.
  std::vector<ScaleMap> maps(const ImageView& photo, float min_face);
  // The evidence of one attribute alone: where in the photo it lives (paper, figure 9; its fully
  // connected layers turned into convolutions are LNet's last layer here). Throws
  // Error(invalid_argument) where the model's head `celeba` has no attribute of that name.
  std::vector<ScaleMap> attribute_maps(const ImageView& photo, float min_face,
                                       const std::string& attribute);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::detail
