// SPDX-License-Identifier: Apache-2.0
#include "teach/linear_svm.hpp"

#include <linear.h>

#include <cmath>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {

struct SvmFeatures::Impl {
  int rows = 0;
  int features = 0;
  std::vector<double> inverse_deviation;
  std::vector<double> centre;  // 0 where the feature stays sparse
  std::vector<feature_node> nodes;
  std::vector<feature_node*> starts;  // a row's first node
};

SvmFeatures::SvmFeatures(std::span<const float> values, int features)
    : impl_(std::make_unique<Impl>()) {
  const auto width = static_cast<std::size_t>(features);
  const std::size_t rows = values.size() / width;
  impl_->rows = static_cast<int>(rows);
  impl_->features = features;
  std::vector<double> sum(width, 0.0);
  std::vector<double> squares(width, 0.0);
  std::vector<std::size_t> used(width, 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum[i % width] += values[i];
    squares[i % width] += static_cast<double>(values[i]) * values[i];
    used[i % width] += values[i] != 0 ? 1 : 0;
  }
  std::size_t nodes = 0;
  for (std::size_t k = 0; k < width; ++k) {
    const double mean = sum[k] / static_cast<double>(rows);
    const double variance = squares[k] / static_cast<double>(rows) - mean * mean;
    const bool dense = 2 * used[k] > rows;
    impl_->inverse_deviation.push_back(variance > 1e-12 ? 1 / std::sqrt(variance) : 0.0);
    impl_->centre.push_back(dense ? mean : 0.0);
    nodes += dense ? rows : used[k];
  }
  impl_->nodes.reserve(nodes + 2 * rows);
  std::vector<std::size_t> offsets;
  for (std::size_t r = 0; r < rows; ++r) {
    offsets.push_back(impl_->nodes.size());
    for (std::size_t k = 0; k < width; ++k) {
      const double value = (values[r * width + k] - impl_->centre[k]) * impl_->inverse_deviation[k];
      if (value != 0) impl_->nodes.push_back({static_cast<int>(k) + 1, value});
    }
    impl_->nodes.push_back({features + 1, 1.0});  // bias
    impl_->nodes.push_back({-1, 0.0});
  }
  for (const std::size_t offset : offsets) impl_->starts.push_back(impl_->nodes.data() + offset);
}

SvmFeatures::~SvmFeatures() = default;
SvmFeatures::SvmFeatures(SvmFeatures&&) noexcept = default;

int SvmFeatures::rows() const {
  return impl_->rows;
}
int SvmFeatures::features() const {
  return impl_->features;
}

SvmFeatures::Plane SvmFeatures::train(std::span<const std::int8_t> targets, double cost) const {
  std::vector<double> labels;
  std::vector<feature_node*> rows;
  bool both[2] = {false, false};
  for (std::size_t r = 0; r < targets.size(); ++r) {
    if (targets[r] < 0) continue;
    labels.push_back(targets[r] > 0 ? 1.0 : -1.0);
    rows.push_back(impl_->starts[r]);
    both[targets[r] > 0 ? 1 : 0] = true;
  }
  if (!both[0] || !both[1]) {
    throw Error(ErrorCode::invalid_argument,
                "an SVM needs photos with and without the attribute; one class is missing");
  }
  problem task{};
  task.l = static_cast<int>(rows.size());
  task.n = impl_->features + 1;
  task.y = labels.data();
  task.x = rows.data();
  task.bias = 1;
  parameter settings{};
  settings.solver_type = L2R_L2LOSS_SVC;
  settings.C = cost / static_cast<double>(rows.size());
  settings.eps = 0.005;
  set_print_string_function([](const char*) {});
  const auto release = [](model* trained) { free_and_destroy_model(&trained); };
  const std::unique_ptr<model, decltype(release)> trained(::train(&task, &settings), release);
  Plane plane;  // of label +1: LIBLINEAR puts it first, whichever row came first
  double bias = trained->w[impl_->features];
  for (std::size_t k = 0; k < impl_->centre.size(); ++k) {
    const double weight = trained->w[k] * impl_->inverse_deviation[k];
    plane.weight.push_back(static_cast<float>(weight));
    bias -= weight * impl_->centre[k];
  }
  plane.bias = static_cast<float>(bias);
  return plane;
}

}  // namespace facet::detail
