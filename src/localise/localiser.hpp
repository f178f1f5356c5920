// SPDX-License-Identifier: Apache-2.0
// LNet (paper 3.1): finds faces from networks that only ever saw image-level tags.
//
//   photo ─► pyramid ─► LNet_o ─► tag evidence a cell and scale ─► peaks ─► windows
//         ─► LNet_s at a few sizes around each window ─► evidence peak ─► place, size, score
//         ─► four numbers ─► box
//
// Tag evidence of a cell is the sum of its logits above -margin; the mean response of C5 (the
// paper's map) is kept beside it for comparison, and for the paper's own way, in edgeboxes/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "facet/box.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "facet/proposals.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

// A square window as LNet sees it, before the four numbers; side = face height.
struct Window {
  float centre_x = 0;
  float centre_y = 0;
  float side = 0;
  float evidence_o = 0;  // LNet_o's, at its peak
  float evidence_s = 0;  // LNet_s's, 0 where it did not look
  float score = 0;       // what thresholds and ranks use
};

// A face found, in photo pixels, inside the photo.
struct ScoredBox {
  Box box;
  float score = 0;
};

// What ranks LNet's own windows: tag evidence, or, for comparison, the paper's mean response.
enum class Ranking { evidence, response };

// One scale of LNet_o's pyramid, for drawing and for evaluations.
struct ScaleMap {
  float scale = 1;  // network pixels per photo pixel
  int height = 0;
  int width = 0;
  float first_x = 0;  // photo place of the centre of cell (0, 0)
  float first_y = 0;
  float step = 0;               // photo pixels from cell to cell
  std::vector<float> evidence;  // height × width
  std::vector<float> response;  // mean over C5's channels
  // Mean of the channels before the tags, each weighted by how much it speaks for them; empty
  // where nobody asked for windows by EdgeBoxes.
  std::vector<float> tag_response;
};

// Not thread-safe (scratch memory); one a thread.
class Localiser {
 public:
  explicit Localiser(std::shared_ptr<const Model> model, Precision precision = Precision::fp32,
                     Ranking ranking = Ranking::evidence);
  ~Localiser();
  Localiser(Localiser&&) noexcept;

  // Windows, strongest first, duplicates suppressed, at most `max_windows`, of any score above the
  // proposal threshold; with `at_least_one` the strongest window even below it. Windows may reach
  // over the border.
  std::vector<Window> windows(const ImageView& photo, float min_face, int max_windows,
                              bool at_least_one);
  // Faces by either way, strongest first; as windows(), the boxes clipped to the photo. With
  // Proposals::edgeboxes scores are mean responses; throws Error(unsupported) where EdgeBoxes'
  // module cannot be loaded.
  std::vector<ScoredBox> boxes(const ImageView& photo, float min_face, int max_boxes,
                               bool at_least_one, Proposals proposals);
  // Score from which a box is a face: the model's, or EdgeBoxes' own.
  [[nodiscard]] float default_threshold(Proposals proposals) const;
  // LNet_o's windows before LNet_s (training of LNet_s, and its rows of comparison).
  std::vector<Window> proposals(const ImageView& photo, float min_face, int max_windows,
                                bool at_least_one);
  // All scales of the pyramid.
  std::vector<ScaleMap> maps(const ImageView& photo, float min_face);
  // The same with the evidence of one attribute alone: where in the photo it lives (paper, figure
  // 9; its fully connected layers turned into convolutions are LNet's last layer here). Throws
  // Error(invalid_argument) where the model's head `celeba` has no attribute of that name.
  std::vector<ScaleMap> attribute_maps(const ImageView& photo, float min_face,
                                       const std::string& attribute);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The box of a window, clipped to the photo.
Box window_to_box(const Window& window, const LocaliserSettings& settings, int photo_width,
                  int photo_height);

}  // namespace facet::detail
