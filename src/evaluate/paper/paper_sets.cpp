// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/paper_sets.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "dataset/dataset.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

using Belongs = std::function<bool(const LabelledPhoto&)>;

struct NamedSet {
  const char* title;
  const char* folder;
  const char* labels;
  Belongs belongs;
};

Belongs of_partition(int partition) {
  return [partition](const LabelledPhoto& photo) { return photo.partition == partition; };
}

const std::map<std::string, NamedSet>& all_sets() {
  static const std::map<std::string, NamedSet> sets = {
      {"wild",
       {"CelebA, wild", "celeba_wild", "CelebA", [](const LabelledPhoto&) { return true; }}},
      // As photo_sets.hpp keeps people aside.
      {"frames",
       {"CelebA, frames of people kept aside", "celeba_frames", "CelebA",
        [](const LabelledPhoto& photo) {
          return photo.partition == 0 && photo.identity >= 0 && photo.identity % 10 == 0;
        }}},
      {"frames-test",
       {"CelebA, frames of the test part", "celeba_frames", "CelebA", of_partition(2)}},
      {"lfwa", {"LFWA", "lfwa", "LFWA", of_partition(1)}},
      {"svm", {"CelebA's validation part", "celeba", "CelebA", of_partition(1)}},
      {"lfwa-training", {"LFWA's training part", "lfwa", "LFWA", of_partition(0)}},
      {"lfwa-plus", {"LFWA's test part with further attributes", "lfwa", "LFWA", of_partition(1)}}};
  return sets;
}

std::vector<LabelledPhoto> chosen(const Collection& collection, const Belongs& belongs, int limit) {
  std::vector<LabelledPhoto> all;
  for (const LabelledPhoto& photo : collection.photos) {
    if (belongs(photo)) all.push_back(photo);
  }
  std::vector<LabelledPhoto> kept;
  for (const std::size_t i : spread_evenly(all.size(), limit)) kept.push_back(all[i]);
  return kept;
}

}  // namespace

std::vector<std::int8_t> PaperSet::labels() const {
  std::vector<std::int8_t> all;
  for (const EvaluationPhoto& photo : photos.photos) {
    all.insert(all.end(), photo.labels.begin(), photo.labels.end());
  }
  return all;
}

std::size_t PaperSet::attribute(const std::string& attribute_name) const {
  const auto& names = photos.attribute_names;
  const auto place = std::find(names.begin(), names.end(), attribute_name);
  if (place == names.end()) {
    throw Error(ErrorCode::bad_label, "the labels of " + name + " lack " + attribute_name);
  }
  return static_cast<std::size_t>(place - names.begin());
}

PaperSet read_paper_set(const std::string& name, const std::filesystem::path& data, int limit) {
  const auto found = all_sets().find(name);
  if (found == all_sets().end()) {
    throw Error(ErrorCode::invalid_argument, "there is no set of photos " + name);
  }
  const NamedSet& named = found->second;
  const std::filesystem::path folder = data / named.folder;
  const Collection collection =
      name == "lfwa-plus" ? read_lfwa_extended(folder) : read_collection(folder);
  PaperSet set;
  set.name = name;
  set.title = named.title;
  set.photos.name = name;
  set.photos.labels = named.labels;
  set.photos.head = set.photos.labels == "CelebA" ? "celeba" : "lfwa";
  set.photos.attribute_names = collection.attribute_names;
  std::map<int, std::size_t> numbers;
  for (const LabelledPhoto& photo : chosen(collection, named.belongs, limit)) {
    set.photos.photos.push_back(
        {photo.name, photo.path, photo.labels, photo.boxes, PhotoVariant::whole, {}});
    set.identities.push_back(photo.identity);
    // A photo of nobody known stands for a person of its own.
    const int key =
        photo.identity >= 0 ? photo.identity : -2 - static_cast<int>(set.person_of.size());
    set.person_of.push_back(numbers.emplace(key, numbers.size()).first->second);
  }
  set.people = numbers.size();
  if (set.people == 0) {
    throw Error(ErrorCode::not_found, folder.string() + ": no photos for the evaluation " + name);
  }
  return set;
}

const std::vector<std::string>& measured_sets() {
  static const std::vector<std::string> names = {"wild", "frames", "frames-test", "lfwa"};
  return names;
}

}  // namespace facet::detail
