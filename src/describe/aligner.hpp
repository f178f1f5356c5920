// SPDX-License-Identifier: Apache-2.0
// Where exactly a face stands and how it is turned, so that ANet sees it upright.
//
// A small network looks at the square around a box and says how to move, scale and turn it; it
// looks again from there, as often as the model's settings say. It learnt that from aligned
// photos shown shifted and turned; no landmark, no box. Not in the paper, whose patches average
// over misalignment instead.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "facet/box.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "format/face_pose.hpp"

namespace facet::detail {

class PhotoDecoder;

// Where a photo that was decoded reduced has its full detail.
struct ReducedFrom {
  PhotoDecoder* file = nullptr;
  int reduce = 1;
  int offset_x = 0;  // see DecodedPhoto
  int offset_y = 0;
};

// How far the aligner's answers are followed.
struct AlignerReach {
  static constexpr float farthest = 0.5F;      // heights of the box, from its centre
  static constexpr float most_growth = 2;      // × or ÷ the height of the box
  static constexpr float most_turn = 1;        // radians at one look
  static constexpr float most_log_height = 1;  // change of the height's logarithm at one look
};

// A face to look at; the photo's bytes, and its file, must outlive the call.
struct FaceInPhoto {
  ImageView photo;
  Box box;
  int turn = 0;                               // see Face::turn
  const ReducedFrom* reduced_from = nullptr;  // none: the photo at hand is all there is
};

// The pose of a face that fills the box, upright or turned by a multiple of 90 degrees
// (Face::turn).
FacePose upright_pose(const Box& box, int turn = 0);

// Not thread-safe (scratch memory); one a thread.
class Aligner {
 public:
  // Without a network `aligner` in the model every pose is upright.
  explicit Aligner(std::shared_ptr<const Model> model, Precision precision = Precision::fp32);
  ~Aligner();
  Aligner(Aligner&&) noexcept;

  // Starts from the box; never goes further than half a height from it, nor beyond half or twice
  // its height. Throws Error(invalid_argument) for a box without width or height.
  FacePose align(const ImageView& photo, const Box& box);
  // The same of many faces, which go through the network together; in order.
  std::vector<FacePose> align(std::span<const FaceInPhoto> faces);
  // What the network sees of a face, look after look; none without a network. For measurements.
  std::vector<Image> views(const ImageView& photo, const Box& box);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace facet::detail
