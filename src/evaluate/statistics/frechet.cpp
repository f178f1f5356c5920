// SPDX-License-Identifier: Apache-2.0
#include "evaluate/statistics/frechet.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

using Matrix = Eigen::MatrixXd;
using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Matrix> covariance_of(const Gaussian& gaussian) {
  const auto size = static_cast<Eigen::Index>(gaussian.mean.size());
  return {gaussian.covariance.data(), size, size};
}

// The symmetric root of a symmetric matrix without negative eigenvalues but for rounding.
Matrix root(const Matrix& matrix) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(matrix);
  const Eigen::VectorXd values = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
  return solver.eigenvectors() * values.asDiagonal() * solver.eigenvectors().transpose();
}

}  // namespace

Gaussian fit_gaussian(std::span<const float> values, std::size_t width) {
  const std::size_t rows = width > 0 ? values.size() / width : 0;
  if (rows < 2 || rows * width != values.size()) {
    throw Error(ErrorCode::invalid_argument,
                "a distribution needs at least two vectors; there are " + std::to_string(rows));
  }
  const Matrix all = Eigen::Map<const Rows>(values.data(), static_cast<Eigen::Index>(rows),
                                            static_cast<Eigen::Index>(width))
                         .cast<double>();
  const Eigen::RowVectorXd mean = all.colwise().mean();
  const Matrix off = all.rowwise() - mean;
  const Matrix covariance = off.transpose() * off / static_cast<double>(rows - 1);
  return {{mean.data(), mean.data() + mean.size()},
          {covariance.data(), covariance.data() + covariance.size()},
          rows};
}

double frechet_distance(const Gaussian& a, const Gaussian& b) {
  if (a.mean.size() != b.mean.size()) {
    throw Error(ErrorCode::invalid_argument, "a distance between features of " +
                                                 std::to_string(a.mean.size()) + " and of " +
                                                 std::to_string(b.mean.size()) + " numbers");
  }
  double distance = 0;
  for (std::size_t i = 0; i < a.mean.size(); ++i) {
    distance += (a.mean[i] - b.mean[i]) * (a.mean[i] - b.mean[i]);
  }
  const Matrix first = covariance_of(a);
  const Matrix second = covariance_of(b);
  // tr (C₁ C₂)^½ = tr (C₁^½ C₂ C₁^½)^½, which is symmetric.
  const Matrix half = root(first);
  const Matrix product = half * second * half;
  const Eigen::SelfAdjointEigenSolver<Matrix> solver((product + product.transpose()) / 2,
                                                     Eigen::EigenvaluesOnly);
  const double shared = solver.eigenvalues().cwiseMax(0).cwiseSqrt().sum();
  return std::max(0.0, distance + first.trace() + second.trace() - 2 * shared);
}

}  // namespace facet::detail
