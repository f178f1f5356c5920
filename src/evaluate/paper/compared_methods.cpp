// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/compared_methods.hpp"

#include <array>

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr std::array kCosts = {0.3, 3.0, 30.0};  // tried; the recipe of `paper` tries 3, 30, 300

std::string fitting_set(const std::string& labels) {
  return labels == "CelebA" ? "svm" : "lfwa-training";
}

// As `paper` does: CelebA's validation people of even number fit and those of odd number choose; of
// LFWA every tenth person chooses.
std::vector<std::size_t> fitting_photos(const PaperSet& set, bool choose) {
  if (set.photos.labels == "CelebA") return photos_by_identity(set, choose);
  static constexpr std::array<std::size_t, 9> kOthers = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  static constexpr std::array<std::size_t, 1> kTenth = {0};
  if (choose) return photos_of_people(set, 10, kTenth);
  return photos_of_people(set, 10, kOthers);
}

StoredTables to_tables(const AttributePlanes& planes) {
  StoredTables tables;
  StoredRows& rows = tables["planes"];
  rows.width = planes.front().weight.size() + 1;
  for (const AttributePlane& plane : planes) {
    rows.values.insert(rows.values.end(), plane.weight.begin(), plane.weight.end());
    rows.values.push_back(plane.bias);
  }
  return tables;
}

AttributePlanes from_tables(const StoredTables& tables) {
  const StoredRows& rows = tables.at("planes");
  AttributePlanes planes;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const float* row = rows.row(i);
    planes.push_back({{row, row + rows.width - 1}, row[rows.width - 1]});
  }
  return planes;
}

// Gradients and colours side by side.
StoredRows joined(const StoredTables& tables) {
  const StoredRows& a = tables.at("gradients");
  const StoredRows& b = tables.at("colours");
  StoredRows both;
  both.width = a.width + b.width;
  both.values.reserve(a.values.size() + b.values.size());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    both.values.insert(both.values.end(), a.row(i), a.row(i) + a.width);
    both.values.insert(both.values.end(), b.row(i), b.row(i) + b.width);
  }
  return both;
}

}  // namespace

AttributePlanes fitted_planes(
    PaperContext& context, const std::string& name, const std::string& labels, const json& settings,
    const std::function<const StoredRows&(const std::string& set)>& rows) {
  const std::string from = fitting_set(labels);
  json key = context.photos_key(from);
  key["features"] = settings;
  key["costs"] = kCosts;
  return from_tables(context.store().tables("planes-" + name + '-' + labels, key, [&] {
    const PaperSet& set = context.set(from);
    const StoredRows& features = rows(from);
    const auto fit = fitting_photos(set, false);
    const auto choose = fitting_photos(set, true);
    const int threads = context.options().threads;
    const double cost = choose_cost(features, fit, choose, set, kCosts, threads);
    return to_tables(fit_planes(features, fit, set, cost, threads));
  }));
}

AnswerCounts majority_answers(const PaperSet& set) {
  AnswerCounts counts(set.people, set.attributes());
  for (std::size_t attribute = 0; attribute < set.attributes(); ++attribute) {
    std::size_t positives = 0;
    for (std::size_t i = 0; i < set.size(); ++i) positives += set.has(i, attribute) ? 1 : 0;
    for (std::size_t i = 0; i < set.size(); ++i) {
      counts.add(set.person_of[i], attribute, 2 * positives > set.size(), set.has(i, attribute));
    }
  }
  return counts;
}

AnswerCounts facetracer_answers(PaperContext& context, const std::string& name) {
  const PaperSet& set = context.set(name);
  StoredRows fitting;
  const AttributePlanes planes = fitted_planes(context, "facetracer-like", set.photos.labels,
                                               {{"model", context.paper().model->checksum()}},
                                               [&](const std::string& from) -> const StoredRows& {
                                                 fitting = joined(context.hand_made(from));
                                                 return fitting;
                                               });
  return answer(planes, joined(context.hand_made(name)), all_photos(set), set);
}

std::optional<AnswerCounts> stage_answers(PaperContext& context, const std::string& stage,
                                          const std::string& name) {
  const Network* network = context.stage(stage);
  if (network == nullptr) return std::nullopt;
  const PaperSet& set = context.set(name);
  const AttributePlanes planes = fitted_planes(
      context, stage, set.photos.labels,
      {{"network", network->checksum()}, {"model", context.paper().model->checksum()}},
      [&](const std::string& from) -> const StoredRows& {
        return context.responses(*network, from).at("FC");
      });
  return answer(planes, context.responses(*network, name).at("FC"), all_photos(set), set);
}

Seeds seeds_of(PaperContext& context, const std::string& prefix, const std::string& set) {
  Seeds seeds;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    auto counts = stage_answers(context, prefix + std::to_string(seed), set);
    if (counts) seeds.counts.push_back(std::move(*counts));
  }
  return seeds;
}

std::vector<ComparedMethod> compared_methods(PaperContext& context) {
  std::vector<ComparedMethod> methods;
  for (const PaperModel& model : context.models()) {
    methods.push_back({model.name, [&context, model](const std::string& set) {
                         return context.answers(model, set, context.faces(model, set));
                       }});
  }
  for (const PaperModel& model : context.models()) {
    if (model.name == "fast") continue;
    methods.push_back(
        {"detector + ANet of " + model.name, [&context, model](const std::string& set) {
           return context.answers(model, set, context.listed_faces(model, set));
         }});
  }
  methods.push_back({"FaceTracer-like", [&context](const std::string& set) {
                       return facetracer_answers(context, set);
                     }});
  methods.push_back({"always majority", [&context](const std::string& set) {
                       return majority_answers(context.set(set));
                     }});
  for (const auto& [prefix, name] : {std::pair(kIdentitiesFirst, "identities first"),
                                     std::pair(kFromNothing, "without identities")}) {
    for (int seed = 1; seed <= kSeeds; ++seed) {
      const std::string stage = prefix + std::to_string(seed);
      const Network* network = context.stage(stage);
      if (network == nullptr) continue;
      methods.push_back(
          {std::string("short training, ") + name + ", seed " + std::to_string(seed),
           [&context, stage](const std::string& set) { return stage_answers(context, stage, set); },
           network->checksum(), seed});
    }
  }
  return methods;
}

}  // namespace facet::detail
