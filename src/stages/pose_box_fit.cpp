// SPDX-License-Identifier: Apache-2.0
#include "stages/pose_box_fit.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "describe/aligner.hpp"
#include "facet/error.hpp"
#include "facet/image.hpp"
#include "localise/localiser.hpp"
#include "model/model_access.hpp"
#include "stages/listed_photos.hpp"

namespace facet::detail {

PoseBox fit_pose_box(std::span<const FacePose> poses, std::span<const Box> boxes) {
  std::array<std::vector<float>, 4> samples;
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const FacePose& pose = poses[i];
    const Box& box = boxes[i];
    const bool inside = pose.centre_x > box.x && pose.centre_x < box.x + box.width &&
                        pose.centre_y > box.y && pose.centre_y < box.y + box.height;
    if (!inside || !(pose.height > 0)) continue;
    const float right = (box.centre_x() - pose.centre_x) / pose.height;
    const float down = (box.centre_y() - pose.centre_y) / pose.height;
    const float cosine = std::cos(pose.angle);
    const float sine = std::sin(pose.angle);
    samples[0].push_back(cosine * right + sine * down);
    samples[1].push_back(-sine * right + cosine * down);
    samples[2].push_back(box.width / pose.height);
    samples[3].push_back(box.height / pose.height);
  }
  if (samples[0].empty()) {
    throw Error(ErrorCode::invalid_argument, "no pose lies on a listed box: nothing to fit");
  }
  PoseBox medians{};
  for (std::size_t k = 0; k < medians.size(); ++k) {
    const auto middle = samples[k].begin() + static_cast<std::ptrdiff_t>(samples[k].size() / 2);
    std::nth_element(samples[k].begin(), middle, samples[k].end());
    medians[k] = *middle;
  }
  return medians;
}

PoseBox fit_pose_box_on_lfwa(const std::shared_ptr<const Model>& model, int most_photos,
                             const StageContext& context) {
  const Collection lfwa = read_collection(context.data / "lfwa");
  const auto photos =
      photos_with_boxes(lfwa, most_photos, [](const LabelledPhoto&) { return true; });
  std::vector<FacePose> poses(photos.size());
  std::vector<Box> boxes;
  for (const auto* photo : photos) boxes.push_back(photo->boxes.front());
  const float min_face = parts_of(*model).localiser.min_face;
  for_each_worker(photos.size(), context.threads, [&]() -> IndexedWork {
    const auto localiser = std::make_shared<Localiser>(model);
    const auto aligner = std::make_shared<Aligner>(model);
    return [&, localiser, aligner](std::size_t i) {
      const ThreadLimit one(1);
      const Image photo = read_image(photos[i]->path);
      const auto found = localiser->boxes(photo, min_face, 1, true, Proposals::evidence);
      if (!found.empty()) poses[i] = aligner->align(photo, found.front().box);
    };
  });
  const PoseBox numbers = fit_pose_box(poses, boxes);
  context.log("box numbers of poses: dx " + std::to_string(numbers[0]) + ", dy " +
              std::to_string(numbers[1]) + ", width " + std::to_string(numbers[2]) + ", height " +
              std::to_string(numbers[3]));
  return numbers;
}

}  // namespace facet::detail
