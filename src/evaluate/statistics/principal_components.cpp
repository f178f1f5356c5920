// SPDX-License-Identifier: Apache-2.0
#include "evaluate/statistics/principal_components.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Rows> rows_of(std::span<const float> values, std::size_t width) {
  return {values.data(), static_cast<Eigen::Index>(values.size() / width),
          static_cast<Eigen::Index>(width)};
}

}  // namespace

std::vector<float> PrincipalComponents::project(std::span<const float> values) const {
  const Eigen::Map<const Eigen::RowVectorXf> middle(mean.data(), static_cast<Eigen::Index>(width));
  const Rows off = rows_of(values, width).rowwise() - middle;
  const Rows projected = off * rows_of(directions, width).transpose();
  return {projected.data(), projected.data() + projected.size()};
}

PrincipalComponents principal_components(std::span<const float> values, std::size_t width,
                                         std::size_t components) {
  const std::size_t rows = width > 0 ? values.size() / width : 0;
  if (rows < 2) {
    throw Error(ErrorCode::invalid_argument,
                "principal components of " + std::to_string(rows) + " vectors");
  }
  const Eigen::MatrixXd all = rows_of(values, width).cast<double>();
  const Eigen::RowVectorXd mean = all.colwise().mean();
  const Eigen::MatrixXd off = all.rowwise() - mean;
  // The smaller of the two products has the same eigenvalues, but for zeros.
  const bool wide = rows < width;
  Eigen::MatrixXd product;
  if (wide) {
    product = off * off.transpose();
  } else {
    product = off.transpose() * off;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(product /
                                                              static_cast<double>(rows - 1));
  PrincipalComponents result;
  result.width = width;
  result.mean.assign(mean.data(), mean.data() + mean.size());
  const std::size_t kept = std::min({components, width, rows - 1});
  for (std::size_t i = 0; i < kept; ++i) {
    const Eigen::Index column = solver.eigenvalues().size() - 1 - static_cast<Eigen::Index>(i);
    Eigen::VectorXd direction = solver.eigenvectors().col(column);
    if (wide) direction = (off.transpose() * direction).normalized();
    const Eigen::VectorXf rounded = direction.cast<float>();
    result.directions.insert(result.directions.end(), rounded.data(),
                             rounded.data() + rounded.size());
    result.variances.push_back(std::max(0.0, solver.eigenvalues()(column)));
  }
  return result;
}

}  // namespace facet::detail
