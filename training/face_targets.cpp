// SPDX-License-Identifier: Apache-2.0
#include "face_targets.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

namespace facet::training {
namespace {

struct Counts {
  std::vector<float> known;
  std::vector<float> present;
};

// Of each person whose identity is given.
std::map<int, Counts> count_by_person(const Pack& pack) {
  const std::size_t attributes = pack.attributes.size();
  std::map<int, Counts> people;
  for (const auto& photo : pack.photos) {
    if (photo.identity < 0) continue;
    Counts& person = people[photo.identity];
    person.known.resize(attributes);
    person.present.resize(attributes);
    for (std::size_t a = 0; a < attributes; ++a) {
      if (photo.labels[a] < 0) continue;
      person.known[a] += 1;
      person.present[a] += static_cast<float>(photo.labels[a]);
    }
  }
  return people;
}

std::vector<float> agreement(const std::map<int, Counts>& people, std::size_t attributes) {
  std::vector<float> kappa(attributes, 0.0F);
  for (std::size_t a = 0; a < attributes; ++a) {
    double known = 0;
    double present = 0;
    double agreeing = 0;  // a photo's share of other photos of the person that say the same
    for (const auto& [identity, person] : people) {
      const double n = person.known[a];
      if (n < 2) continue;
      const double yes = person.present[a];
      known += n;
      present += yes;
      agreeing += (yes * (yes - 1) + (n - yes) * (n - yes - 1)) / (n - 1);
    }
    if (known == 0) continue;
    const double rate = present / known;
    const double by_chance = rate * rate + (1 - rate) * (1 - rate);
    if (by_chance < 1) {
      kappa[a] = static_cast<float>(
          std::clamp((agreeing / known - by_chance) / (1 - by_chance), 0.0, 1.0));
    }
  }
  return kappa;
}

}  // namespace

std::vector<float> agreement_within_people(const Pack& pack) {
  return agreement(count_by_person(pack), pack.attributes.size());
}

std::vector<float> face_targets(const Pack& pack, float person_share) {
  const std::size_t attributes = pack.attributes.size();
  std::vector<float> targets;
  targets.reserve(pack.photos.size() * attributes);
  for (const auto& photo : pack.photos) {
    targets.insert(targets.end(), photo.labels.begin(), photo.labels.end());
  }
  if (person_share <= 0) return targets;
  const auto people = count_by_person(pack);
  const auto kappa = agreement(people, attributes);
  for (std::size_t i = 0; i < pack.photos.size(); ++i) {
    const auto person = people.find(pack.photos[i].identity);
    if (person == people.end()) continue;
    for (std::size_t a = 0; a < attributes; ++a) {
      float& target = targets[i * attributes + a];
      const float others = person->second.known[a] - 1;
      if (target < 0 || others < 1) continue;
      const float mean = (person->second.present[a] - target) / others;
      target += person_share * kappa[a] * (mean - target);
    }
  }
  return targets;
}

}  // namespace facet::training
