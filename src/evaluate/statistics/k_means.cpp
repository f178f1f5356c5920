// SPDX-License-Identifier: Apache-2.0
#include "evaluate/statistics/k_means.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <limits>
#include <map>
#include <string>

#include "evaluate/named_random.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
constexpr int kMostRounds = 200;

// Centres far from each other: each next one is a row drawn by its squared distance to those
// chosen.
Rows first_centres(const Rows& rows, int k, NamedRandom& random) {
  Rows centres(k, rows.cols());
  const auto count = static_cast<std::uint64_t>(rows.rows());
  centres.row(0) = rows.row(static_cast<Eigen::Index>(random.below(count)));
  for (int next = 1; next < k; ++next) {
    Eigen::VectorXd near(rows.rows());
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
      near(i) = (centres.topRows(next).rowwise() - rows.row(i)).rowwise().squaredNorm().minCoeff();
    }
    double left = random.unit() * near.sum();
    Eigen::Index chosen = 0;
    while (chosen + 1 < rows.rows() && left >= near(chosen)) left -= near(chosen++);
    centres.row(next) = rows.row(chosen);
  }
  return centres;
}

double assign(const Rows& rows, const Rows& centres, std::vector<int>& of) {
  double inertia = 0;
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    Eigen::Index nearest = 0;
    inertia += (centres.rowwise() - rows.row(i)).rowwise().squaredNorm().minCoeff(&nearest);
    of[static_cast<std::size_t>(i)] = static_cast<int>(nearest);
  }
  return inertia;
}

// The mean of each cluster's rows; one without rows keeps its centre.
void move_centres(const Rows& rows, const std::vector<int>& of, Rows& centres) {
  Rows sums = Rows::Zero(centres.rows(), centres.cols());
  std::vector<int> counts(static_cast<std::size_t>(centres.rows()), 0);
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const int cluster = of[static_cast<std::size_t>(i)];
    sums.row(cluster) += rows.row(i);
    ++counts[static_cast<std::size_t>(cluster)];
  }
  for (Eigen::Index c = 0; c < centres.rows(); ++c) {
    const int count = counts[static_cast<std::size_t>(c)];
    if (count > 0) centres.row(c) = sums.row(c) / count;
  }
}

Clusters from_one_start(const Rows& rows, int k, int start) {
  NamedRandom random("k-means", std::to_string(start));
  Rows centres = first_centres(rows, k, random);
  Clusters clusters;
  clusters.of.assign(static_cast<std::size_t>(rows.rows()), 0);
  clusters.inertia = assign(rows, centres, clusters.of);
  for (int round = 0; round < kMostRounds; ++round) {
    const std::vector<int> before = clusters.of;
    move_centres(rows, clusters.of, centres);
    clusters.inertia = assign(rows, centres, clusters.of);
    if (clusters.of == before) break;
  }
  return clusters;
}

void number_by_first_row(std::vector<int>& of) {
  std::map<int, int> numbers;
  for (int& cluster : of) {
    cluster = numbers.emplace(cluster, static_cast<int>(numbers.size())).first->second;
  }
}

}  // namespace

Clusters k_means(std::span<const float> values, std::size_t width, int k, int starts) {
  const std::size_t count = width > 0 ? values.size() / width : 0;
  if (k < 1 || static_cast<std::size_t>(k) > count) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(k) + " clusters of " + std::to_string(count) + " vectors");
  }
  Rows rows(static_cast<Eigen::Index>(count), static_cast<Eigen::Index>(width));
  std::copy(values.begin(), values.end(), rows.data());
  Clusters best;
  best.inertia = std::numeric_limits<double>::infinity();
  for (int start = 0; start < starts; ++start) {
    Clusters one = from_one_start(rows, k, start);
    if (one.inertia < best.inertia) best = std::move(one);
  }
  number_by_first_row(best.of);
  return best;
}

}  // namespace facet::detail
