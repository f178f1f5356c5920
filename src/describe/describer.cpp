// SPDX-License-Identifier: Apache-2.0
#include "describe/describer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "describe/batch_size.hpp"
#include "describe/close_up.hpp"
#include "describe/describe_cost.hpp"
#include "describe/one_pass/one_pass_runner.hpp"
#include "facet/error.hpp"
#include "image/levels.hpp"
#include "image/resample.hpp"
#include "model/model_access.hpp"
#include "network/network.hpp"

namespace facet::detail {
namespace {

// Patches, or regions, that go through the network together, at most: larger batches leave the
// caches, and make oneDNN choose other kernels for regions at bf16, whose roundings differ.
constexpr std::size_t kMostPatches = 8;
constexpr std::size_t kMostRegions = 4;

const ModelParts& checked_parts(const std::shared_ptr<const Model>& model) {
  if (!model) throw Error(ErrorCode::invalid_argument, "the describer was given no model");
  if (!parts_of(*model).anet) {
    throw Error(ErrorCode::bad_model, "model " + model->name() + " has no network anet");
  }
  return parts_of(*model);
}

void check_settings(const PatchSettings& settings) {
  const int room = settings.region_side - settings.patch_side;
  for (const int offset : settings.offsets) {
    if (offset < 0 || offset > room) {
      throw Error(ErrorCode::bad_model, "patch offset " + std::to_string(offset) +
                                            " does not fit " + std::to_string(settings.patch_side) +
                                            " of " + std::to_string(settings.region_side) +
                                            " pixels");
    }
  }
}

Image sub_image(const Image& image, int left, int top, int side) {
  Image part(side, side);
  for (int y = 0; y < side; ++y) {
    std::memcpy(part.row(y), image.row(top + y) + static_cast<std::ptrdiff_t>(left) * 3,
                static_cast<std::size_t>(side) * 3);
  }
  return part;
}

void append_patches(const Image& region, const PatchSettings& settings,
                    std::vector<Image>& patches) {
  for (const int top : settings.offsets) {
    for (const int left : settings.offsets) {
      patches.push_back(sub_image(region, left, top, settings.patch_side));
    }
  }
}

// How many faces, from the first on, are of one photo; no more than may be in memory in full
// detail.
std::size_t neighbours(std::span<const FaceInPhoto> faces) {
  constexpr std::size_t most = 64;
  std::size_t count = 1;
  while (count < std::min(most, faces.size()) &&
         faces[count].reduced_from == faces.front().reduced_from) {
    ++count;
  }
  return count;
}

Image cut_region(const ImageView& photo, const FacePose& pose, const PatchSettings& settings) {
  return with_usual_levels(cut_square(photo, face_region(pose, settings), settings.region_side));
}

}  // namespace

TurnedSquare face_region(const FacePose& pose, const PatchSettings& settings) {
  const float down = settings.centre_y * pose.height;  // along the face
  return {pose.centre_x - std::sin(pose.angle) * down, pose.centre_y + std::cos(pose.angle) * down,
          settings.region_scale * pose.height, pose.angle};
}

std::vector<Image> cut_patches(const ImageView& photo, const FacePose& pose,
                               const PatchSettings& settings) {
  check_settings(settings);
  const Image region = cut_region(photo, pose, settings);
  std::vector<Image> patches;
  append_patches(region, settings, patches);
  if (settings.mirrored) append_patches(mirror(region), settings, patches);
  return patches;
}

struct Describer::Impl {
  Impl(std::shared_ptr<const Model> owned, Precision precision)
      : model(std::move(owned)),
        parts(checked_parts(model)),
        aligner(model, precision),
        grid(grid_of(parts.patches)) {
    check_settings(parts.patches);
    const NetworkSpec& spec = parts.anet->spec();
    if (describe_cost(spec, spec.layers.size(), parts.patches).one_pass_pays()) {
      region_runner.emplace(*parts.anet, precision);
      max_batch = kMostRegions;
    } else {
      patch_runner.emplace(*parts.anet, precision);
    }
  }

  // What goes through the network for a face, in the order of its patches.
  void append_inputs(const ImageView& photo, const FacePose& pose,
                     std::vector<Image>& inputs) const {
    if (patch_runner) {
      for (Image& patch : cut_patches(photo, pose, parts.patches)) {
        inputs.push_back(std::move(patch));
      }
      return;
    }
    inputs.push_back(cut_region(photo, pose, parts.patches));
    if (parts.patches.mirrored) inputs.push_back(mirror(inputs.back()));
  }

  const FeatureMap& run(std::span<const Image> batch, std::size_t last) {
    if (patch_runner) {
      patch_runner->set_input(batch);
      return patch_runner->run(last);
    }
    region_runner->set_input(batch);
    return region_runner->run(grid, last);
  }

  std::shared_ptr<const Model> model;
  const ModelParts& parts;
  Aligner aligner;
  PatchGrid grid;
  std::size_t max_batch = kMostPatches;  // or regions
  std::optional<OnePassRunner> region_runner;
  std::optional<NetworkRunner> patch_runner;  // where the other does not serve
};

Describer::Describer(std::shared_ptr<const Model> model, Precision precision)
    : impl_(std::make_unique<Impl>(std::move(model), precision)) {
}
Describer::~Describer() = default;
Describer::Describer(Describer&&) noexcept = default;

std::vector<float> Describer::features(const ImageView& photo, std::span<const Box> boxes,
                                       const std::string& layer) {
  std::vector<FaceInPhoto> faces;
  faces.reserve(boxes.size());
  for (const Box& box : boxes) faces.push_back({photo, box});
  return features(faces, layer);
}

std::vector<float> Describer::features(std::span<const FaceInPhoto> faces,
                                       const std::string& layer) {
  const std::size_t last = impl_->parts.anet->layer_index(layer);
  for (const FaceInPhoto& face : faces) {
    if (face.photo.empty()) throw Error(ErrorCode::invalid_argument, "the photo is empty");
  }
  const std::vector<FacePose> poses = impl_->aligner.align(faces);
  std::vector<float> features;
  std::vector<Image> waiting;
  // Runs what waits, or, as long as more may come, as much as makes a full batch.
  const auto run_waiting = [&](bool more_to_come) {
    std::size_t done = 0;
    while (waiting.size() - done >= (more_to_come ? impl_->max_batch : 1)) {
      const std::size_t count = batch_size(waiting.size() - done, impl_->max_batch);
      const FeatureMap& map = impl_->run(std::span(waiting).subspan(done, count), last);
      features.insert(features.end(), map.values.begin(), map.values.end());
      done += count;
    }
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(done));
  };
  for (std::size_t first = 0; first < faces.size();) {
    const std::size_t count = neighbours(faces.subspan(first));
    const std::vector<CloseUp> near = close_ups(
        faces.subspan(first, count), std::span(poses).subspan(first, count), impl_->parts.patches);
    for (std::size_t i = 0; i < count; ++i) {
      const bool reduced_serves = near[i].image.empty();
      impl_->append_inputs(reduced_serves ? faces[first + i].photo : ImageView(near[i].image),
                           near[i].pose, waiting);
      run_waiting(true);
    }
    first += count;
  }
  run_waiting(false);
  return features;
}

bool Describer::in_one_pass() const {
  return impl_->region_runner.has_value();
}

int Describer::patches_per_face() const {
  return impl_->grid.patches() * (impl_->parts.patches.mirrored ? 2 : 1);
}

int Describer::feature_size(const std::string& layer) const {
  const Network& network = *impl_->parts.anet;
  const std::size_t last = network.layer_index(layer);
  int side = impl_->parts.patches.patch_side;
  for (std::size_t i = 0; i <= last; ++i) side = output_side(network.spec().layers[i], side);
  return side * side * network.spec().layers[last].channels();
}

}  // namespace facet::detail
