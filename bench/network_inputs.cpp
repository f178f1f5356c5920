// SPDX-License-Identifier: Apache-2.0
#include "network_inputs.hpp"

#include <algorithm>
#include <iterator>

#include "describe/aligner.hpp"
#include "describe/batch_size.hpp"
#include "describe/describer.hpp"
#include "facet/predictor.hpp"
#include "image/resample.hpp"
#include "image/turned_square.hpp"
#include "localise/cell_geometry.hpp"
#include "localise/image_halvings.hpp"
#include "localise/localiser.hpp"
#include "localise/pyramid.hpp"
#include "model/model_access.hpp"
#include "model/model_parts.hpp"

namespace facet::bench {
using namespace detail;
namespace {

constexpr std::size_t most_windows_together = 32;
constexpr std::size_t most_faces_together = 8;  // patches, or views of the aligner
constexpr int most_windows = 50;

// Images, at most so many together.
void add_batches(const std::string& network, std::vector<Image> images, std::size_t together,
                 std::vector<NetworkBatch>& batches) {
  for (auto first = images.begin(); first != images.end();) {
    const auto count = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(together),
                                                std::distance(first, images.end()));
    batches.push_back(
        {network, {std::make_move_iterator(first), std::make_move_iterator(first + count)}});
    first += count;
  }
}

// In batches of the sizes that descriptions have.
void add_faces(const std::string& network, std::vector<Image> images,
               std::vector<NetworkBatch>& batches) {
  for (auto first = images.begin(); first != images.end();) {
    const auto left = static_cast<std::size_t>(std::distance(first, images.end()));
    const auto count = static_cast<std::ptrdiff_t>(batch_size(left, most_faces_together));
    batches.push_back(
        {network, {std::make_move_iterator(first), std::make_move_iterator(first + count)}});
    first += count;
  }
}

void add_pyramid(const detail::ModelParts& parts, ImageHalvings& photo,
                 std::vector<NetworkBatch>& batches) {
  const std::size_t last = parts.lnet_o->layer_index(parts.evidence_layer);
  const int stride = cell_geometry(parts.lnet_o->spec(), last).stride;
  for (const Level& level : pyramid_levels(photo.width(), photo.height(), parts.localiser.min_face,
                                           parts.localiser, stride, false)) {
    batches.push_back({"lnet_o",
                       {photo.cut(level.photo_window(0, 0, level.width, level.height), level.width,
                                  level.height)}});
  }
}

std::vector<Image> cut_windows(const detail::LocaliserSettings& settings, ImageHalvings& halvings,
                               const std::vector<Window>& windows) {
  std::vector<Image> cut;
  for (const Window& window : windows) {
    for (const float size : settings.refine_scales) {
      const float side = settings.refine_context * window.side * size;
      cut.push_back(
          halvings.cut({window.centre_x - side / 2, window.centre_y - side / 2, side, side},
                       settings.refine_side, settings.refine_side));
    }
  }
  return cut;
}

}  // namespace

PhotoInputs network_inputs(const std::shared_ptr<const Model>& model, const Image& photo) {
  const detail::ModelParts& parts = parts_of(*model);
  PhotoInputs inputs;
  ImageHalvings halvings(photo);
  add_pyramid(parts, halvings, inputs.batches);
  if (parts.lnet_s) {
    Localiser localiser(model);
    const auto windows = localiser.proposals(photo, parts.localiser.min_face, most_windows, false);
    add_batches("lnet_s", cut_windows(parts.localiser, halvings, windows), most_windows_together,
                inputs.batches);
  }
  if (!parts.anet) return inputs;
  Predictor predictor(model);
  Aligner aligner(model);
  std::vector<Image> patches;
  std::vector<std::vector<Image>> views;  // of all faces, look after look
  for (const Face& face : predictor.locate(photo).faces) {
    std::vector<Image> looks = aligner.views(photo, face.box);
    views.resize(looks.size());
    for (std::size_t i = 0; i < looks.size(); ++i) views[i].push_back(std::move(looks[i]));
    const FacePose pose = aligner.align(photo, face.box);
    for (Image& patch : cut_patches(photo, pose, parts.patches)) {
      patches.push_back(std::move(patch));
    }
    const TurnedSquare region = face_region(pose, parts.patches);
    inputs.regions.push_back(cut_square(photo, region, parts.patches.region_side));
    if (parts.patches.mirrored) inputs.regions.push_back(mirror(inputs.regions.back()));
    ++inputs.faces;
  }
  for (std::vector<Image>& look : views) {
    add_faces("aligner", std::move(look), inputs.batches);
  }
  add_faces("anet", std::move(patches), inputs.batches);
  return inputs;
}

}  // namespace facet::bench
