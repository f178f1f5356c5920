// SPDX-License-Identifier: Apache-2.0
#include "evaluate/lfwa_plus_protocol.hpp"

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "evaluate/named_random.hpp"
#include "evaluate/photo_sets.hpp"
#include "facet/error.hpp"
#include "heads/linear_head.hpp"
#include "model/model_access.hpp"
#include "predict/strongest_face.hpp"
#include "teach/patch_summary.hpp"
#include "teach/teach.hpp"
#include "teach/teach_many.hpp"

namespace facet::detail {
namespace {

constexpr int kTrainPatches = 6;  // of each photo
constexpr int kFolds = 5;

std::string person_of(const EvaluationPhoto& photo) {
  return std::filesystem::path(photo.name).parent_path().generic_string();
}

// The strongest window of each photo, described by all patches, as predictions do. Photos that
// cannot be read keep an empty summary.
std::vector<PatchSummary> describe_photos(const EvaluationSet& set, const std::string& layer,
                                          const EvaluationOptions& options,
                                          std::vector<std::string>& unreadable) {
  std::vector<PatchSummary> summaries(set.photos.size());
  const auto make_work = [&]() -> PhotoWork {
    const auto face = std::make_shared<StrongestFace>(options.model, options.precision);
    return [&, face](const ListedPhoto& photo, std::size_t index) {
      summaries[index] =
          summarise_patches(face->features(photo.image, layer), face->patches_per_face(),
                            face->feature_size(layer), kTrainPatches, index);
    };
  };
  unreadable = for_each_photo(set.photos, options.threads, set.name, options.progress, make_work);
  return summaries;
}

// A fold a person, in turn by name.
std::map<std::string, int> folds_of(const std::set<std::string>& people) {
  std::map<std::string, int> folds;
  int next = 0;
  for (const std::string& person : people) folds[person] = next++ % kFolds;
  return folds;
}

struct Parts {
  std::vector<PhotoToLearn> teaching;
  std::vector<std::size_t> others;  // places in the set
  std::size_t teaching_people = 0;
  std::size_t other_people = 0;
};

Parts part_photos(const EvaluationSet& set, std::vector<PatchSummary>& summaries) {
  std::set<std::string> people[2];
  for (std::size_t i = 0; i < set.photos.size(); ++i) {
    if (summaries[i].mean.empty()) continue;
    const std::string person = person_of(set.photos[i]);
    people[teaches(person) ? 1 : 0].insert(person);
  }
  Parts parts;
  parts.teaching_people = people[1].size();
  parts.other_people = people[0].size();
  const std::map<std::string, int> folds = folds_of(people[1]);
  for (std::size_t i = 0; i < set.photos.size(); ++i) {
    if (summaries[i].mean.empty()) continue;
    const auto fold = folds.find(person_of(set.photos[i]));
    if (fold == folds.end()) {
      parts.others.push_back(i);
    } else {
      parts.teaching.push_back({std::move(summaries[i]), set.photos[i].labels, fold->second});
    }
  }
  if (parts.teaching.size() < kFewestTaughtPhotos || parts.teaching_people < 2 ||
      parts.others.empty()) {
    throw Error(ErrorCode::not_found,
                set.name + ": " + std::to_string(parts.teaching.size()) + " photos of " +
                    std::to_string(parts.teaching_people) + " people to teach from and " +
                    std::to_string(parts.others.size()) + " to be tried on; at least " +
                    std::to_string(kFewestTaughtPhotos) + " of 2 people and 1 are needed");
  }
  return parts;
}

// Answers about the photos that did not teach: a list an attribute.
std::vector<std::vector<Answer>> answers_of(const Head& head, const EvaluationSet& set,
                                            const std::vector<PatchSummary>& summaries,
                                            const std::vector<std::size_t>& others,
                                            ThresholdMode mode) {
  std::vector<std::vector<Answer>> answers(head.attributes.size());
  for (const std::size_t i : others) {
    // The score of the mean is the mean of the patches' scores.
    const auto values = calibrate(head, head_scores(head, summaries[i].mean, 1), mode);
    for (std::size_t k = 0; k < values.size(); ++k) {
      answers[k].push_back(
          {values[k].probability, values[k].present, set.photos[i].labels.at(k) > 0});
    }
  }
  return answers;
}

}  // namespace

bool teaches(const std::string& person) {
  return NamedRandom("lfwa-plus third", person).below(3) == 0;
}

std::string restated_attribute(const std::string& attribute) {
  static const std::map<std::string, std::string> restated = {
      {"Attractive_Man", "Attractive"},
      {"Attractive_Woman", "Attractive"},
      {"Female", "Male"},
      {"Mouth_Closed", "Mouth_Slightly_Open"},
      {"No_Eyewear", "Eyeglasses"},
      {"Youth", "Young"}};
  const auto found = restated.find(attribute);
  return found == restated.end() ? std::string() : found->second;
}

LfwaPlusReport measure_lfwa_plus(const EvaluationOptions& options) {
  const EvaluationSet set = lfwa_plus_set(options.data, options.limit);
  const std::string layer =
      find_head(parts_of(*options.model), options.head.value_or(set.head)).feature_layer;
  LfwaPlusReport report;
  report.threshold_mode = options.threshold_mode;
  report.name = set.name;
  if (report.threshold_mode != ThresholdMode::accuracy) {
    report.name += std::string("-") + threshold_mode_name(report.threshold_mode);
  }
  std::vector<PatchSummary> summaries = describe_photos(set, layer, options, report.unreadable);
  const Parts parts = part_photos(set, summaries);
  report.taught_photos = parts.teaching.size();
  report.taught_people = parts.teaching_people;
  report.photos = parts.others.size();
  report.people = parts.other_people;

  TeachManySettings settings;
  settings.threads = options.threads;
  settings.progress = [&](std::size_t done) {
    if (options.progress) options.progress("teaching", done, set.attribute_names.size());
  };
  const TeachingResults taught = teach_many(parts.teaching, set.attribute_names, settings);
  const auto answers =
      answers_of(taught.head, set, summaries, parts.others, options.threshold_mode);

  std::vector<AttributeFigures> unseen;
  std::vector<AttributeFigures> all;
  for (std::size_t k = 0; k < answers.size(); ++k) {
    const std::string& name = set.attribute_names[k];
    report.rows.push_back({name, restated_attribute(name), taught.positives[k], taught.costs[k],
                           measure_answers(answers[k])});
    all.push_back(report.rows.back().figures);
    if (report.rows.back().restates.empty()) unseen.push_back(all.back());
  }
  report.unseen = unseen.size();
  report.average_unseen = average(unseen);
  report.average_all = average(all);
  return report;
}

}  // namespace facet::detail
