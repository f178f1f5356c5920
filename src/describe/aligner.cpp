// SPDX-License-Identifier: Apache-2.0
#include "describe/aligner.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "describe/batch_size.hpp"
#include "facet/error.hpp"
#include "image/levels.hpp"
#include "image/turned_square.hpp"
#include "model/model_access.hpp"
#include "model/model_parts.hpp"
#include "network/network.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kMaxBatch = 8;  // views that go through the network together, at most

void check_box(const Box& box) {
  const bool usable = std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) &&
                      std::isfinite(box.height) && box.width > 0 && box.height > 0;
  if (!usable) {
    throw Error(ErrorCode::invalid_argument, "a face box must have a width and a height above 0");
  }
}

}  // namespace

FacePose upright_pose(const Box& box, int turn) {
  constexpr float kRadians = 3.14159265F / 180;
  const bool lies = turn % 180 != 0;
  // Half turns back rather than one and a half on: angles stay within ±π.
  const int back = turn > 180 ? 360 - turn : -turn;
  return {box.centre_x(), box.centre_y(), lies ? box.width : box.height,
          static_cast<float>(back) * kRadians};
}

struct Aligner::Impl {
  Impl(std::shared_ptr<const Model> owned, Precision precision) : model(std::move(owned)) {
    if (parts_of(*model).aligner) {
      runner.emplace(*parts_of(*model).aligner, placing_arithmetic(precision));
    }
  }

  [[nodiscard]] Image view(const ImageView& photo, const FacePose& pose) const {
    const auto& settings = parts_of(*model).alignment;
    return with_usual_levels(cut_square(
        photo, {pose.centre_x, pose.centre_y, settings.context * pose.height, pose.angle},
        settings.side));
  }

  // All look once, a batch of them at a time.
  void look(std::span<const FaceInPhoto> faces, std::span<FacePose> poses) {
    const std::size_t last = parts_of(*model).aligner->spec().layers.size() - 1;
    std::vector<Image> views;
    for (std::size_t first = 0; first < faces.size(); first += views.size()) {
      views.clear();
      const std::size_t count = batch_size(faces.size() - first, kMaxBatch);
      for (std::size_t i = first; i < first + count; ++i) {
        views.push_back(view(faces[i].photo, poses[i]));
      }
      runner->set_input(views);
      const std::vector<float>& says = runner->run(last).values;
      for (std::size_t i = 0; i < count; ++i) {
        FacePose& pose = poses[first + i];
        const auto outputs =
            std::span(says).subspan(PoseChange::kOutputs * i).first<PoseChange::kOutputs>();
        const PoseChange change = within_reach(PoseChange::from_outputs(outputs));
        const FaceInPhoto& face = faces[first + i];
        pose = near(moved(pose, change), upright_pose(face.box, face.turn));
      }
    }
  }

  // No further than a look can be trusted to see.
  static PoseChange within_reach(PoseChange change) {
    change.log_height = std::clamp(change.log_height, -AlignerReach::most_log_height,
                                   AlignerReach::most_log_height);
    change.angle = std::clamp(change.angle, -AlignerReach::most_turn, AlignerReach::most_turn);
    return change;
  }

  static FacePose near(FacePose pose, const FacePose& start) {
    const float farthest = AlignerReach::farthest * start.height;
    pose.centre_x = std::clamp(pose.centre_x, start.centre_x - farthest, start.centre_x + farthest);
    pose.centre_y = std::clamp(pose.centre_y, start.centre_y - farthest, start.centre_y + farthest);
    pose.height = std::clamp(pose.height, start.height / AlignerReach::most_growth,
                             start.height * AlignerReach::most_growth);
    return pose;
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

FacePose Aligner::align(const ImageView& photo, const Box& box) {
  const FaceInPhoto face{photo, box};
  return align(std::span(&face, 1)).front();
}

std::vector<FacePose> Aligner::align(std::span<const FaceInPhoto> faces) {
  std::vector<FacePose> poses;
  poses.reserve(faces.size());
  for (const FaceInPhoto& face : faces) {
    check_box(face.box);
    poses.push_back(upright_pose(face.box, face.turn));
  }
  if (!impl_->runner) return poses;
  for (int look = 0; look < parts_of(*impl_->model).alignment.looks; ++look) {
    impl_->look(faces, poses);
  }
  return poses;
}

std::vector<Image> Aligner::views(const ImageView& photo, const Box& box) {
  check_box(box);
  const FaceInPhoto face{photo, box};
  FacePose pose = upright_pose(box);
  std::vector<Image> views;
  const int looks = impl_->runner ? parts_of(*impl_->model).alignment.looks : 0;
  for (int look = 0; look < looks; ++look) {
    views.push_back(impl_->view(photo, pose));
    impl_->look(std::span(&face, 1), std::span(&pose, 1));
  }
  return views;
}

}  // namespace facet::detail
