// SPDX-License-Identifier: Apache-2.0
#include "teacher_features.hpp"

#include <cmath>

#include "base/parallel_loop.hpp"
#include "facet/error.hpp"
#include "view.hpp"

namespace facet::training {
namespace {

namespace F = torch::nn::functional;

constexpr int kCells = 3;  // a side of a grid

void check_block(int block) {
  if (block < 1 || block > FaceRes::kBlocks) {
    throw Error(ErrorCode::invalid_argument, "there is no block " + std::to_string(block) +
                                                 " in HSE-FaceRes, only 1 to " +
                                                 std::to_string(FaceRes::kBlocks));
  }
}

// Where the face's box lies, upright: no chance in it.
ViewGeometry upright_view(const FoundWindow& window, const FaceSettings& settings) {
  FaceSettings still = settings;
  still.shift = still.jitter = still.rotation = 0;
  still.size_ratio = 1;
  Random unused(0, 0);
  ViewGeometry geometry = patch_view(window, still, unused);
  geometry.mirrored = false;
  return geometry;
}

torch::Tensor rows(const torch::Tensor& map, int cells) {
  return F::adaptive_avg_pool2d(map.to(torch::kFloat32),
                                F::AdaptiveAvgPool2dFuncOptions({cells, cells}))
      .flatten(1);
}

}  // namespace

TeacherFeatures::TeacherFeatures(FaceRes teacher, std::optional<OwnNetwork> own, FaceSettings faces,
                                 TeacherSettings settings)
    : teacher_(std::move(teacher)),
      own_(std::move(own)),
      faces_(std::move(faces)),
      settings_(std::move(settings)) {
  for (const TeacherView& view : settings_.views) {
    if (!(view.width > 0 && view.height > 0)) {
      throw Error(ErrorCode::invalid_argument, "a view needs a width and a height above 0");
    }
    for (const int block : view.means) {
      check_block(block);
      size_ += teacher_.channels(block);
    }
    for (const int block : view.grids) {
      check_block(block);
      size_ += std::int64_t{kCells} * kCells * teacher_.channels(block);
    }
  }
  if (!own_) return;
  own_->network->eval();
  for (const std::string& name : own_->layers) {
    const auto& layers = own_->network->spec().layers;
    const auto found = std::find_if(layers.begin(), layers.end(),
                                    [&name](const Layer& layer) { return layer.name == name; });
    if (found == layers.end()) {
      throw Error(ErrorCode::invalid_argument, "our network has no layer '" + name + "'");
    }
    size_ += found->channels();
  }
}

torch::Tensor TeacherFeatures::draw(const FaceToDescribe* faces, std::int64_t count,
                                    const TeacherView& view) const {
  const int side = FaceRes::kSide;
  auto bytes = torch::empty({count, side, side, 3}, torch::kUInt8);
  auto* out = bytes.data_ptr<std::uint8_t>();
  // A view has one scale: the longer side fills it, the shorter one is cut out and stretched.
  const float longer = std::max(view.width, view.height);
  FaceSettings settings = faces_;
  settings.crop.region_scale = longer;
  settings.crop.centre_y = 0;
  settings.crop.region_side = settings.crop.patch_side = side;
  detail::for_each_parallel(static_cast<std::size_t>(count), settings_.threads, [&](std::size_t i) {
    render_view(*faces[i].photo, upright_view(faces[i].window, settings), side, Outside::replicate,
                out + static_cast<std::ptrdiff_t>(i) * side * side * 3);
  });
  auto photos = bytes.permute({0, 3, 1, 2}).to(torch::kFloat32);
  const auto kept = [&](float length) {
    return std::max<std::int64_t>(1, std::lround(length / longer * static_cast<float>(side)));
  };
  const std::int64_t width = kept(view.width);
  const std::int64_t height = kept(view.height);
  if (width == side && height == side) return photos;
  photos = photos.slice(3, (side - width) / 2, (side - width) / 2 + width)
               .slice(2, (side - height) / 2, (side - height) / 2 + height);
  return F::interpolate(photos, F::InterpolateFuncOptions()
                                    .size(std::vector<std::int64_t>{side, side})
                                    .mode(torch::kBilinear)
                                    .align_corners(false));
}

torch::Tensor TeacherFeatures::draw_own(const FaceToDescribe* faces, std::int64_t count) const {
  const int side = own_->faces.crop.patch_side;
  auto bytes = torch::empty({count, side, side, 3}, torch::kUInt8);
  auto* out = bytes.data_ptr<std::uint8_t>();
  detail::for_each_parallel(static_cast<std::size_t>(count), settings_.threads, [&](std::size_t i) {
    render_view(*faces[i].photo, upright_view(faces[i].window, own_->faces), side,
                Outside::replicate, out + static_cast<std::ptrdiff_t>(i) * side * side * 3);
  });
  return normalise(bytes, own_->network->spec());
}

torch::Tensor TeacherFeatures::describe_batch(const FaceToDescribe* faces, std::int64_t count) {
  std::vector<torch::Tensor> parts;
  const auto add = [&](const torch::Tensor& map, const torch::Tensor& mirrored, int cells) {
    auto values = rows(map, cells);
    if (mirrored.defined()) values = (values + rows(mirrored.flip(3), cells)) / 2;
    parts.push_back(values);
  };
  const PrecisionRegion region(settings_.precision, torch::kCPU);
  for (const TeacherView& view : settings_.views) {
    const auto photos = draw(faces, count, view);
    const auto maps = teacher_.blocks(photos);
    std::array<torch::Tensor, FaceRes::kBlocks> mirrored;
    if (settings_.mirrored) mirrored = teacher_.blocks(photos.flip(3));
    const auto at = [](int block) { return static_cast<std::size_t>(block - 1); };
    for (const int block : view.means) add(maps.at(at(block)), mirrored.at(at(block)), 1);
    for (const int block : view.grids) add(maps.at(at(block)), mirrored.at(at(block)), kCells);
  }
  if (own_) {
    const auto photos = draw_own(faces, count);
    std::map<std::string, torch::Tensor> maps;
    std::map<std::string, torch::Tensor> mirrored;
    for (const auto& layer : own_->layers) {
      maps[layer] = torch::Tensor();
      mirrored[layer] = torch::Tensor();
    }
    own_->network->forward(photos, &maps);
    if (settings_.mirrored) own_->network->forward(photos.flip(3), &mirrored);
    for (const auto& layer : own_->layers) add(maps.at(layer), mirrored.at(layer), 1);
  }
  return torch::cat(parts, 1).to(torch::kFloat16);
}

torch::Tensor TeacherFeatures::mean_of(const torch::Tensor& rows, int block) const {
  std::int64_t first = 0;
  for (const int earlier : settings_.views.front().means) {
    const std::int64_t channels = teacher_.channels(earlier);
    if (earlier == block) return rows.slice(1, first, first + channels);
    first += channels;
  }
  throw Error(ErrorCode::invalid_argument,
              "the first view takes no mean of block " + std::to_string(block));
}

torch::Tensor TeacherFeatures::describe(const std::vector<FaceToDescribe>& faces) {
  const torch::NoGradGuard no_grad;
  const auto total = static_cast<std::int64_t>(faces.size());
  auto values = torch::empty({total, size_}, torch::kFloat16);
  for (std::int64_t first = 0; first < total; first += settings_.batch) {
    const std::int64_t count = std::min<std::int64_t>(settings_.batch, total - first);
    values.slice(0, first, first + count).copy_(describe_batch(faces.data() + first, count));
  }
  return values;
}

}  // namespace facet::training
