#include "fit/teach.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "facet/error.hpp"
#include "fit/patch_summary.hpp"
#include "fit/teach_cross_validation.hpp"

namespace facet {
namespace {

constexpr int kMostFolds = 10;
constexpr int kFoldsOfManyPhotos = 5;
constexpr std::size_t kManyPhotos = 500;

int fold_count(const TeachingSet& set) {
  const std::size_t rarer = std::min(set.positives(), set.size() - set.positives());
  const int most = set.size() >= kManyPhotos ? kFoldsOfManyPhotos : kMostFolds;
  return static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(most), rarer));
}

void check(const TeachingSet& set) {
  const auto refuse = [](const std::string& reason) {
    throw Error(ErrorCode::invalid_argument, reason);
  };
  if (set.size() < kFewestTaughtPhotos) {
    refuse("only " + std::to_string(set.size()) + " usable photos; teaching takes at least " +
           std::to_string(kFewestTaughtPhotos) + ", better " +
           std::to_string(kAdvisedTaughtPhotos));
  }
  for (const bool present : {true, false}) {
    const std::size_t count = present ? set.positives() : set.size() - set.positives();
    if (count >= 2) continue;
    refuse(std::string(count == 0 ? "no usable photo" : "only 1 usable photo") + " is labelled " +
           (present ? "1" : "0") + ": teaching takes photos with the attribute and without it, " +
           "at least 2 of each");
  }
}

// Whether the answer about each photo is right, averaged over the parts of the photos.
struct Answers {
  std::vector<double> right;
  double training_photos = 0;
};

void add_answers(const TeachingSet& set, const CrossValidation& validation, double weight,
                 Answers& answers) {
  answers.right.resize(set.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    const bool right = (validation.probabilities[i] >= 0.5F) == set.present(i);
    answers.right[i] += right ? weight : 0.0;
  }
  answers.training_photos += weight * validation.training_photos;
}

Answers answers_with(const TeachingSet& set, const std::vector<int>& folds, int parts,
                     const TeachingSettings& settings) {
  Answers answers;
  for (int part = 0; part < parts; ++part) {
    add_answers(set, cross_validate(set, folds, {parts, part}, settings), 1.0 / parts, answers);
  }
  return answers;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_error(const std::vector<double>& values) {
  const double centre = mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - centre) * (value - centre);
  const auto count = static_cast<double>(values.size());
  return std::sqrt(sum / (count - 1) / count);
}

void judge(const TeachingSet& set, const CrossValidation& validation, TeachingFigures& figures) {
  double right[2] = {0, 0};
  double loss = 0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const bool present = set.present(i);
    const double probability = validation.probabilities[i];
    if ((probability >= 0.5) == present) ++right[present ? 1 : 0];
    loss -= std::log(std::max(present ? probability : 1 - probability, 1e-7));
  }
  const auto photos = static_cast<double>(set.size());
  const auto positives = static_cast<double>(set.positives());
  const double share = positives / photos;
  figures.accuracy = (right[0] + right[1]) / photos;
  // With a photo more on either side: a flawless answer about few photos is not a certain one.
  const double cautious = (right[0] + right[1] + 1) / (photos + 2);
  figures.accuracy_error = std::sqrt(cautious * (1 - cautious) / photos);
  figures.balanced = (right[1] / positives + right[0] / (photos - positives)) / 2;
  figures.log_loss = loss / photos;
  figures.share_log_loss = -share * std::log(share) - (1 - share) * std::log(1 - share);
  figures.majority = std::max(share, 1 - share);
}

}  // namespace

TeachingSet::TeachingSet(int patches, int features, int train_patches)
    : patches_(patches),
      features_(features),
      train_patches_(std::max(1, std::min(train_patches, patches))) {
  if (patches < 1 || features < 1) {
    throw Error(ErrorCode::invalid_argument, "teaching takes at least one feature of one patch");
  }
}

void TeachingSet::add(std::span<const float> values, bool present) {
  const PatchSummary photo =
      summarise_patches(values, patches_, features_, train_patches_, labels_.size());
  means_.insert(means_.end(), photo.mean.begin(), photo.mean.end());
  rows_.insert(rows_.end(), photo.rows.begin(), photo.rows.end());
  labels_.push_back(present);
}

std::size_t TeachingSet::positives() const {
  return static_cast<std::size_t>(std::count(labels_.begin(), labels_.end(), true));
}

std::span<const float> TeachingSet::mean(std::size_t photo) const {
  const auto width = static_cast<std::size_t>(features_);
  return std::span(means_).subspan(photo * width, width);
}

std::span<const float> TeachingSet::training_rows(std::size_t photo) const {
  const auto width = static_cast<std::size_t>(features_) * static_cast<std::size_t>(train_patches_);
  return std::span(rows_).subspan(photo * width, width);
}

TaughtHead teach(const TeachingSet& set, const TeachingSettings& settings) {
  check(set);
  TaughtHead head;
  TeachingFigures& figures = head.figures;
  figures.photos = set.size();
  figures.positives = set.positives();
  figures.folds = fold_count(set);
  const std::vector<int> folds = stratified_folds(set, figures.folds);

  const CrossValidation validation = cross_validate(set, folds, {}, settings);
  judge(set, validation, figures);
  head.cost = validation.cost;
  head.calibration = validation.calibration;
  std::vector<std::size_t> all(set.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  head.plane = train_plane(set, all, head.cost);

  std::vector<Answers> points = {answers_with(set, folds, 4, settings),
                                 answers_with(set, folds, 2, settings), Answers()};
  add_answers(set, validation, 1, points.back());
  for (const Answers& point : points) {
    figures.curve.push_back({point.training_photos, mean(point.right)});
  }
  // From a quarter to all are two doublings, judged on the same photos.
  std::vector<double> gains(set.size());
  for (std::size_t i = 0; i < gains.size(); ++i) {
    gains[i] = (points.back().right[i] - points.front().right[i]) / 2;
  }
  figures.doubling_gain = mean(gains);
  figures.doubling_error = standard_error(gains);
  return head;
}

}  // namespace facet
