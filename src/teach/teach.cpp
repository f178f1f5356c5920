// SPDX-License-Identifier: Apache-2.0
#include "teach/teach.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "facet/error.hpp"
#include "teach/patch_summary.hpp"
#include "teach/teach_cross_validation.hpp"

namespace facet::detail {
namespace {

constexpr int kMostFolds = 10;
constexpr int kFoldsOfManyPhotos = 5;
constexpr std::size_t kManyPhotos = 500;

// People with a photo of the kind.
std::size_t people_with(const TeachingSet& set, bool present) {
  std::set<std::size_t> people;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (set.present(i) == present) people.insert(set.first_of_person(i));
  }
  return people.size();
}

int fold_count(const TeachingSet& set) {
  const std::size_t rarer = std::min(people_with(set, true), people_with(set, false));
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
  for (const bool present : {true, false}) {
    if (people_with(set, present) >= 2) continue;
    refuse(std::string("the usable photos labelled ") + (present ? "1" : "0") +
           " are all of one person: what was learnt is judged by other people, so it takes 2");
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

// Of the share of right answers, with two people more, of whom one is always answered right and one
// never: flawless answers about few people are not certain ones.
double cautious_error(const TeachingSet& set, const std::vector<double>& right) {
  struct Person {
    double photos = 0;
    double right = 0;
  };
  std::map<std::size_t, Person> people;
  for (std::size_t i = 0; i < right.size(); ++i) {
    Person& person = people[set.first_of_person(i)];
    person.photos += 1;
    person.right += right[i];
  }
  const auto photos = static_cast<double>(right.size());
  const double each = photos / static_cast<double>(people.size());
  const double all = photos + 2 * each;
  const double share = (mean(right) * photos + each) / all;
  double sum = each * each * (share * share + (1 - share) * (1 - share));
  for (const auto& [first, person] : people) {
    sum += std::pow(person.right - share * person.photos, 2);
  }
  return std::sqrt(sum / all / photos);
}

// Of the mean of a value a photo; people are what is independent.
double standard_error(const TeachingSet& set, const std::vector<double>& values) {
  const double centre = mean(values);
  std::map<std::size_t, double> of_people;
  for (std::size_t i = 0; i < values.size(); ++i) {
    of_people[set.first_of_person(i)] += values[i] - centre;
  }
  double sum = 0;
  for (const auto& [first, deviation] : of_people) sum += deviation * deviation;
  const auto people = static_cast<double>(of_people.size());
  return std::sqrt(sum * people / (people - 1)) / static_cast<double>(values.size());
}

void judge(const TeachingSet& set, const CrossValidation& validation, TeachingFigures& figures) {
  double right[2] = {0, 0};
  double loss = 0;
  std::vector<double> answers(set.size());
  for (std::size_t i = 0; i < set.size(); ++i) {
    const bool present = set.present(i);
    const double probability = validation.probabilities[i];
    answers[i] = (probability >= 0.5) == present ? 1 : 0;
    right[present ? 1 : 0] += answers[i];
    loss -= std::log(std::max(present ? probability : 1 - probability, 1e-7));
  }
  const auto photos = static_cast<double>(set.size());
  const auto positives = static_cast<double>(set.positives());
  const double share = positives / photos;
  figures.accuracy = (right[0] + right[1]) / photos;
  figures.accuracy_error = cautious_error(set, answers);
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

void TeachingSet::add(std::span<const float> values, bool present, std::optional<int> person) {
  const PatchSummary photo =
      summarise_patches(values, patches_, features_, train_patches_, labels_.size());
  means_.insert(means_.end(), photo.mean.begin(), photo.mean.end());
  rows_.insert(rows_.end(), photo.rows.begin(), photo.rows.end());
  firsts_.push_back(person ? people_.emplace(*person, labels_.size()).first->second
                           : labels_.size());
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

TeachingResult teach(const TeachingSet& set, const TeachingSettings& settings) {
  check(set);
  TeachingResult head;
  TeachingFigures& figures = head.figures;
  figures.photos = set.size();
  figures.positives = set.positives();
  figures.people = set.people();
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
  figures.doubling_error = standard_error(set, gains);
  return head;
}

}  // namespace facet::detail
