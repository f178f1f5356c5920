#include "describe/describer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <utility>

#include "describe/describe_cost.hpp"
#include "describe/one_pass_runner.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"
#include "network/network.hpp"

namespace facet {
namespace {

// Patches that go through the network together, at most.
constexpr int kMaxBatch = 64;

const detail::ModelParts& checked_parts(const std::shared_ptr<const Model>& model) {
  if (!model) throw Error(ErrorCode::invalid_argument, "the describer was given no model");
  if (!model->parts().anet) {
    throw Error(ErrorCode::bad_model, "model " + model->name() + " has no network anet");
  }
  return model->parts();
}

void check_settings(const detail::PatchSettings& settings) {
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

void append_patches(const Image& region, const detail::PatchSettings& settings,
                    std::vector<Image>& patches) {
  for (const int top : settings.offsets) {
    for (const int left : settings.offsets) {
      patches.push_back(sub_image(region, left, top, settings.patch_side));
    }
  }
}

Image cut_region(const Image& photo, const FacePose& pose, const detail::PatchSettings& settings) {
  return cut_square(photo, face_region(pose, settings), settings.region_side);
}

}  // namespace

TurnedSquare face_region(const FacePose& pose, const detail::PatchSettings& settings) {
  const float down = settings.centre_y * pose.height;  // along the face
  return {pose.centre_x - std::sin(pose.angle) * down, pose.centre_y + std::cos(pose.angle) * down,
          settings.region_scale * pose.height, pose.angle};
}

std::vector<Image> cut_patches(const Image& photo, const FacePose& pose,
                               const detail::PatchSettings& settings) {
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
        aligner(model, placing_precision(precision)),
        grid(grid_of(parts.patches)) {
    check_settings(parts.patches);
    const NetworkSpec& spec = parts.anet->spec();
    if (describe_cost(spec, spec.layers.size(), parts.patches).one_pass_pays()) {
      region_runner.emplace(*parts.anet, precision);
      max_batch = std::max(1, kMaxBatch / grid.patches());
    } else {
      patch_runner.emplace(*parts.anet, precision);
    }
  }

  // What goes through the network for a face, in the order of its patches.
  [[nodiscard]] std::vector<Image> inputs(const Image& photo, const Box& box) {
    const FacePose pose = aligner.align(photo, box);
    if (patch_runner) return cut_patches(photo, pose, parts.patches);
    std::vector<Image> regions = {cut_region(photo, pose, parts.patches)};
    if (parts.patches.mirrored) regions.push_back(mirror(regions.front()));
    return regions;
  }

  const FeatureMap& run(const std::vector<Image>& batch, std::size_t last) {
    if (patch_runner) {
      patch_runner->set_input(batch);
      return patch_runner->run(last);
    }
    region_runner->set_input(batch);
    return region_runner->run(grid, last);
  }

  std::shared_ptr<const Model> model;
  const detail::ModelParts& parts;
  Aligner aligner;
  PatchGrid grid;
  int max_batch = kMaxBatch;  // regions, or patches
  std::optional<OnePassRunner> region_runner;
  std::optional<NetworkRunner> patch_runner;  // where the other does not serve
};

Describer::Describer(std::shared_ptr<const Model> model, Precision precision)
    : impl_(std::make_unique<Impl>(std::move(model), precision)) {
}
Describer::~Describer() = default;
Describer::Describer(Describer&&) noexcept = default;

std::vector<float> Describer::features(const Image& photo, std::span<const Box> boxes,
                                       const std::string& layer) {
  if (photo.empty()) throw Error(ErrorCode::invalid_argument, "the photo is empty");
  const std::size_t last = impl_->parts.anet->layer_index(layer);
  std::vector<float> features;
  std::vector<Image> batch;
  const auto run_batch = [&] {
    if (batch.empty()) return;
    const FeatureMap& map = impl_->run(batch, last);
    features.insert(features.end(), map.values.begin(), map.values.end());
    batch.clear();
  };
  for (const Box& box : boxes) {
    for (Image& input : impl_->inputs(photo, box)) {
      batch.push_back(std::move(input));
      if (batch.size() == static_cast<std::size_t>(impl_->max_batch)) run_batch();
    }
  }
  run_batch();
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

}  // namespace facet
