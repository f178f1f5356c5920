// SPDX-License-Identifier: Apache-2.0
// Figure 11: attributes whose weights lie together.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "evaluate/named_random.hpp"
#include "evaluate/paper/sections.hpp"
#include "evaluate/statistics/correlation.hpp"
#include "evaluate/statistics/k_means.hpp"
#include "heads/linear_head.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "figure-11";
constexpr int kGroups = 8;
constexpr int kShuffles = 2000;

// Each attribute's weights, of length 1.
std::vector<float> directions(const Head& head) {
  std::vector<float> all = head.weight;
  const std::size_t width = all.size() / head.attributes.size();
  for (std::size_t k = 0; k < head.attributes.size(); ++k) {
    double length = 0;
    for (std::size_t i = 0; i < width; ++i) {
      length += static_cast<double>(all[k * width + i]) * all[k * width + i];
    }
    for (std::size_t i = 0; i < width; ++i) {
      all[k * width + i] /= static_cast<float>(std::sqrt(std::max(length, 1e-30)));
    }
  }
  return all;
}

// The mean correlation of labels over pairs of one group.
double within(const std::vector<int>& groups, const std::vector<float>& labels) {
  const std::size_t count = groups.size();
  double sum = 0;
  double pairs = 0;
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = a + 1; b < count; ++b) {
      if (groups[a] != groups[b]) continue;
      sum += labels[a * count + b];
      ++pairs;
    }
  }
  return pairs > 0 ? sum / pairs : 0;
}

// How often shuffled groups of the same sizes hold attributes that go together as much.
double by_chance(std::vector<int> groups, const std::vector<float>& labels) {
  const double ours = within(groups, labels);
  int as_good = 0;
  for (int draw = 0; draw < kShuffles; ++draw) {
    NamedRandom random("groups by chance", std::to_string(draw));
    for (std::size_t i = groups.size() - 1; i > 0; --i) {
      std::swap(groups[i], groups[random.below(i + 1)]);
    }
    if (within(groups, labels) >= ours) ++as_good;
  }
  return (as_good + 1.0) / (kShuffles + 1.0);
}

std::vector<float> label_correlations(const PaperSet& set, const Head& head) {
  std::vector<float> values;
  std::vector<std::int8_t> labels;
  for (const EvaluationPhoto& photo : set.photos.photos) {
    for (const std::string& name : head.attributes) {
      const std::int8_t label = photo.labels[set.attribute(name)];
      labels.push_back(label);
      values.push_back(label > 0 ? 1.0F : 0.0F);
    }
  }
  return correlations(values, head.attributes.size(), labels, head.attributes.size());
}

ResultTable group_table(const Head& head, const std::vector<int>& groups) {
  ResultTable table{{"group", "attributes"}, {}};
  const int count = 1 + *std::max_element(groups.begin(), groups.end());
  for (int group = 0; group < count; ++group) {
    std::string names;
    for (std::size_t k = 0; k < groups.size(); ++k) {
      if (groups[k] == group) names += (names.empty() ? "" : ", ") + head.attributes[k];
    }
    table.rows.push_back({std::to_string(group + 1), names});
  }
  return table;
}

}  // namespace

Section figure_11(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 11: attributes that the heads see together";
  const Head& head = find_head(parts_of(*context.paper().model), "celeba");
  const std::vector<float> weights = directions(head);
  const std::size_t width = weights.size() / head.attributes.size();
  const Clusters clusters = k_means(weights, width, kGroups);
  section.paragraphs = {
      "k-means into eight groups on the weights of paper's forty heads, each of length 1. No label "
      "went into the grouping; how often attributes are ticked together, by the labels of CelebA's "
      "validation part, says whether the groups mean anything."};
  ReportTable table{"figure-11.csv", "Groups by k-means on weights.",
                    group_table(head, clusters.of)};
  write_csv(context.options().out / table.file, table.shown);
  section.tables.push_back(std::move(table));
  Claim claim{"k-means on attributes' weights gives semantic groups (figure 11)",
              "e.g. Attractive with Heavy_Makeup",
              "",
              Verdict::untested,
              "eight groups; the paper names no number",
              section_command(kName)};
  const auto group_of = [&](const std::string& name) {
    const auto place = std::find(head.attributes.begin(), head.attributes.end(), name);
    return clusters.of[static_cast<std::size_t>(place - head.attributes.begin())];
  };
  const bool example = group_of("Attractive") == group_of("Heavy_Makeup");
  claim.ours = std::string("Attractive and Heavy_Makeup ") +
               (example ? "share a group" : "are in different groups");
  if (context.has_set("svm")) {
    const std::vector<float> labels = label_correlations(context.set("svm"), head);
    const double chance = by_chance(clusters.of, labels);
    claim.ours += "; mean correlation of labels within groups " +
                  fixed(within(clusters.of, labels), 2) + ", as high in " + fixed(100 * chance, 2) +
                  " % of shuffled groupings";
    claim.verdict = chance >= 0.05 ? Verdict::not_so
                    : example      ? Verdict::reproduced
                                   : Verdict::partly;
  }
  section.claims.push_back(std::move(claim));
  return section;
}

}  // namespace facet::detail
