#include "describe/aligner.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "facet/error.hpp"
#include "image/turned_square.hpp"
#include "model/model_parts.hpp"
#include "network/network.hpp"

namespace facet {
namespace {

constexpr float kFarthest = 0.5F;  // heights of the box
constexpr float kMostGrowth = 2;   // × or ÷ the height of the box
constexpr float kMostTurn = 1.0F;  // radians at one look

void check_box(const Box& box) {
  const bool usable = std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) &&
                      std::isfinite(box.height) && box.width > 0 && box.height > 0;
  if (!usable) {
    throw Error(ErrorCode::invalid_argument, "a face box must have a width and a height above 0");
  }
}

}  // namespace

FacePose upright_pose(const Box& box) {
  return {box.centre_x(), box.centre_y(), box.height, 0};
}

struct Aligner::Impl {
  Impl(std::shared_ptr<const Model> owned, Precision precision) : model(std::move(owned)) {
    if (model->parts().aligner) runner.emplace(*model->parts().aligner, precision);
  }

  // [dx, dy, log height, angle], as training/alignment_source.hpp defines them.
  FacePose look(const Image& photo, const FacePose& pose) {
    const auto& settings = model->parts().alignment;
    const Image view = cut_square(
        photo, {pose.centre_x, pose.centre_y, settings.context * pose.height, pose.angle},
        settings.side);
    runner->set_input(std::span(&view, 1));
    const std::vector<float>& says =
        runner->run(model->parts().aligner->spec().layers.size() - 1).values;
    const float cosine = std::cos(pose.angle);
    const float sine = std::sin(pose.angle);
    FacePose moved = pose;
    moved.centre_x += (cosine * says[0] - sine * says[1]) * pose.height;
    moved.centre_y += (sine * says[0] + cosine * says[1]) * pose.height;
    moved.height *= std::exp(std::clamp(says[2], -1.0F, 1.0F));
    moved.angle += std::clamp(says[3], -kMostTurn, kMostTurn);
    return moved;
  }

  std::shared_ptr<const Model> model;
  std::optional<NetworkRunner> runner;
};

Aligner::Aligner(std::shared_ptr<const Model> model, Precision precision) {
  if (!model) throw Error(ErrorCode::invalid_argument, "the aligner was given no model");
  impl_ = std::make_unique<Impl>(std::move(model), precision);
}
Aligner::~Aligner() = default;
Aligner::Aligner(Aligner&&) noexcept = default;

FacePose Aligner::align(const Image& photo, const Box& box) {
  check_box(box);
  const FacePose start = upright_pose(box);
  FacePose pose = start;
  if (!impl_->runner) return pose;
  for (int look = 0; look < impl_->model->parts().alignment.looks; ++look) {
    pose = impl_->look(photo, pose);
    const float farthest = kFarthest * start.height;
    pose.centre_x = std::clamp(pose.centre_x, start.centre_x - farthest, start.centre_x + farthest);
    pose.centre_y = std::clamp(pose.centre_y, start.centre_y - farthest, start.centre_y + farthest);
    pose.height = std::clamp(pose.height, start.height / kMostGrowth, start.height * kMostGrowth);
  }
  return pose;
}

}  // namespace facet
