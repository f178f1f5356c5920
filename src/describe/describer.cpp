#include "describe/describer.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "facet/error.hpp"
#include "image/resample.hpp"
#include "network/network.hpp"

namespace facet {
namespace {

constexpr std::size_t kMaxBatch = 64;

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

void check_box(const Box& box) {
  const bool usable = std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) &&
                      std::isfinite(box.height) && box.width > 0 && box.height > 0;
  if (!usable) {
    throw Error(ErrorCode::invalid_argument, "a face box must have a width and a height above 0");
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

}  // namespace

Box face_region(const Box& box, const detail::PatchSettings& settings) {
  const float side = settings.region_scale * box.height;
  const float centre_y = box.centre_y() + settings.centre_y * box.height;
  return {box.centre_x() - side / 2, centre_y - side / 2, side, side};
}

std::vector<Image> cut_patches(const Image& photo, const Box& box,
                               const detail::PatchSettings& settings) {
  check_settings(settings);
  check_box(box);
  const Image region =
      resample(photo, face_region(box, settings), settings.region_side, settings.region_side);
  std::vector<Image> patches;
  append_patches(region, settings, patches);
  if (settings.mirrored) append_patches(mirror(region), settings, patches);
  return patches;
}

struct Describer::Impl {
  explicit Impl(std::shared_ptr<const Model> owned)
      : model(std::move(owned)), parts(checked_parts(model)), runner(*parts.anet) {
    check_settings(parts.patches);
  }

  std::shared_ptr<const Model> model;
  const detail::ModelParts& parts;
  NetworkRunner runner;
};

Describer::Describer(std::shared_ptr<const Model> model)
    : impl_(std::make_unique<Impl>(std::move(model))) {
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
    impl_->runner.set_input(batch);
    const FeatureMap& map = impl_->runner.run(last);
    features.insert(features.end(), map.values.begin(), map.values.end());
    batch.clear();
  };
  for (const Box& box : boxes) {
    for (Image& patch : cut_patches(photo, box, impl_->parts.patches)) {
      batch.push_back(std::move(patch));
      if (batch.size() == kMaxBatch) run_batch();
    }
  }
  run_batch();
  return features;
}

int Describer::patches_per_face() const {
  const detail::PatchSettings& settings = impl_->parts.patches;
  const int offsets = static_cast<int>(settings.offsets.size());
  return offsets * offsets * (settings.mirrored ? 2 : 1);
}

int Describer::feature_size(const std::string& layer) const {
  const Network& network = *impl_->parts.anet;
  const std::size_t last = network.layer_index(layer);
  int side = impl_->parts.patches.patch_side;
  for (std::size_t i = 0; i <= last; ++i) side = output_side(network.spec().layers[i], side);
  return side * side * network.spec().layers[last].channels();
}

}  // namespace facet
