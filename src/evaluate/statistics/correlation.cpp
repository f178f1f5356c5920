// SPDX-License-Identifier: Apache-2.0
#include "evaluate/statistics/correlation.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Columns of mean 0 and length 1; those that never change become 0.
void standardise(Rows& values) {
  for (Eigen::Index column = 0; column < values.cols(); ++column) {
    const double mean = values.col(column).cast<double>().mean();
    const Eigen::VectorXd off = values.col(column).cast<double>().array() - mean;
    const double length = off.norm();
    if (length > 1e-6 * std::sqrt(static_cast<double>(values.rows())) * (std::abs(mean) + 1e-6)) {
      values.col(column) = (off / length).cast<float>();
    } else {
      values.col(column).setZero();
    }
  }
}

}  // namespace

double correlation(std::span<const float> a, std::span<const float> b) {
  if (a.size() != b.size()) {
    throw Error(ErrorCode::invalid_argument, "a correlation of " + std::to_string(a.size()) +
                                                 " and " + std::to_string(b.size()) + " values");
  }
  if (a.empty()) return 0;
  Rows both(static_cast<Eigen::Index>(a.size()), 2);
  for (std::size_t i = 0; i < a.size(); ++i) {
    both(static_cast<Eigen::Index>(i), 0) = a[i];
    both(static_cast<Eigen::Index>(i), 1) = b[i];
  }
  standardise(both);
  return both.col(0).cast<double>().dot(both.col(1).cast<double>());
}

std::vector<float> correlations(std::span<const float> values, std::size_t columns,
                                std::span<const std::int8_t> labels, std::size_t attributes) {
  const std::size_t rows = columns > 0 ? values.size() / columns : 0;
  if (values.size() != rows * columns || labels.size() != rows * attributes) {
    throw Error(ErrorCode::invalid_argument, "correlations of " + std::to_string(rows) +
                                                 " rows of values with " +
                                                 std::to_string(labels.size()) + " labels of " +
                                                 std::to_string(attributes) + " attributes");
  }
  Rows left = Eigen::Map<const Rows>(values.data(), static_cast<Eigen::Index>(rows),
                                     static_cast<Eigen::Index>(columns));
  Rows right(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(attributes));
  for (std::size_t i = 0; i < labels.size(); ++i) right.data()[i] = labels[i] > 0 ? 1.0F : 0.0F;
  standardise(left);
  standardise(right);
  const Rows product = left.transpose() * right;
  return {product.data(), product.data() + product.size()};
}

}  // namespace facet::detail
