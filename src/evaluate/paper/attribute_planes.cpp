// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/attribute_planes.hpp"

#include <algorithm>

#include "base/parallel_loop.hpp"
#include "teach/linear_svm.hpp"

namespace facet::detail {

float score_of(const AttributePlane& plane, const float* row) {
  double sum = plane.bias;
  for (std::size_t k = 0; k < plane.weight.size(); ++k) {
    sum += static_cast<double>(plane.weight[k]) * row[k];
  }
  return static_cast<float>(sum);
}

AttributePlanes fit_planes(const StoredRows& features, std::span<const std::size_t> photos,
                           const PaperSet& set, double cost, int threads) {
  std::vector<float> rows;
  rows.reserve(photos.size() * features.width);
  for (const std::size_t photo : photos) {
    rows.insert(rows.end(), features.row(photo), features.row(photo) + features.width);
  }
  const SvmFeatures svm(rows, static_cast<int>(features.width));
  AttributePlanes planes(set.attributes());
  for_each_parallel(planes.size(), threads, [&](std::size_t attribute) {
    std::vector<std::int8_t> targets;
    for (const std::size_t photo : photos) targets.push_back(set.has(photo, attribute) ? 1 : 0);
    const auto positives = std::count(targets.begin(), targets.end(), std::int8_t{1});
    AttributePlane& plane = planes[attribute];
    if (positives == 0 || positives == static_cast<std::ptrdiff_t>(targets.size())) {
      plane = {std::vector<float>(features.width), positives > 0 ? 1.0F : -1.0F};
      return;
    }
    SvmFeatures::Plane fitted = svm.train(targets, cost);
    plane = {std::move(fitted.weight), fitted.bias};
  });
  return planes;
}

AnswerCounts answer(const AttributePlanes& planes, const StoredRows& features,
                    std::span<const std::size_t> photos, const PaperSet& set) {
  AnswerCounts counts(set.people, planes.size());
  for (const std::size_t photo : photos) {
    for (std::size_t attribute = 0; attribute < planes.size(); ++attribute) {
      counts.add(set.person_of[photo], attribute,
                 score_of(planes[attribute], features.row(photo)) >= 0, set.has(photo, attribute));
    }
  }
  return counts;
}

double choose_cost(const StoredRows& features, std::span<const std::size_t> fit,
                   std::span<const std::size_t> choose, const PaperSet& set,
                   std::span<const double> costs, int threads) {
  double best = costs.front();
  double most = -1;
  for (const double cost : costs) {
    const double right =
        answer(fit_planes(features, fit, set, cost, threads), features, choose, set)
            .average()
            .accuracy;
    if (right > most) {
      most = right;
      best = cost;
    }
  }
  return best;
}

std::vector<std::size_t> photos_of_people(const PaperSet& set, std::size_t modulus,
                                          std::span<const std::size_t> remainders) {
  std::vector<std::size_t> photos;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (std::find(remainders.begin(), remainders.end(), set.person_of[i] % modulus) !=
        remainders.end()) {
      photos.push_back(i);
    }
  }
  return photos;
}

std::vector<std::size_t> all_photos(const PaperSet& set) {
  std::vector<std::size_t> photos(set.size());
  for (std::size_t i = 0; i < photos.size(); ++i) photos[i] = i;
  return photos;
}

std::vector<std::size_t> photos_by_identity(const PaperSet& set, bool odd) {
  std::vector<std::size_t> photos;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if ((set.identities[i] % 2 != 0) == odd) photos.push_back(i);
  }
  return photos;
}

StoredRows columns_of(const StoredRows& features, std::span<const std::size_t> columns) {
  StoredRows some;
  some.width = columns.size();
  some.values.reserve(features.rows() * columns.size());
  for (std::size_t i = 0; i < features.rows(); ++i) {
    for (const std::size_t column : columns) some.values.push_back(features.row(i)[column]);
  }
  return some;
}

}  // namespace facet::detail
