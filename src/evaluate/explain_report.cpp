// SPDX-License-Identifier: Apache-2.0
#include "evaluate/explain_report.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "evaluate/chart.hpp"
#include "evaluate/named_random.hpp"
#include "evaluate/result_table.hpp"
#include "evaluate/run_record.hpp"

namespace facet::detail {
namespace {

using Value = std::function<double(const TestedFace&)>;

std::vector<double> column(const TestedExplanations& tested, const Value& value) {
  std::vector<double> values;
  for (const TestedFace& face : tested.faces) {
    if (face.deleted) values.push_back(value(face));
  }
  return values;
}

std::vector<std::string> cells(const std::string& what, const std::string& way,
                               const std::string& amount, const std::vector<double>& values) {
  const MeanInterval interval = bootstrap_mean(values);
  return {what,
          way,
          amount,
          fixed(interval.mean, 4),
          fixed(interval.low, 4),
          fixed(interval.high, 4),
          std::to_string(values.size())};
}

double area(const std::array<double, kDeletedShares.size()>& drop) {
  double sum = 0;
  for (const double one : drop) sum += one;
  return sum / static_cast<double>(drop.size());
}

// A line: who wins by how much, with an interval that leaves no doubt or says so.
std::string verdict(const std::string& against, const MeanInterval& difference) {
  const char* word = difference.low > 0    ? "wins over "
                     : difference.high < 0 ? "LOSES to "
                                           : "does not win over ";
  return "  " + std::string(word) + against + ": difference " + fixed(difference.mean, 3) + " (" +
         fixed(difference.low, 3) + " to " + fixed(difference.high, 3) + ")\n";
}

void add_regions(const TestedExplanations& tested, ResultTable& table, std::string& text) {
  for (std::size_t way = 0; way < kRegionWays.size(); ++way) {
    for (std::size_t f = 0; f < kDeletedShares.size(); ++f) {
      const std::string amount = fixed(kDeletedShares[f], 2);
      table.rows.push_back(
          cells("region_drop", kRegionWays[way], amount,
                column(tested, [&](const auto& face) { return face.drop[way][f]; })));
      table.rows.push_back(
          cells("region_turned", kRegionWays[way], amount,
                column(tested, [&](const auto& face) { return face.turned[way][f]; })));
    }
  }
  text += "\nregions: log odds lost, mean over the shares that were blurred; the explained order\n";
  for (std::size_t way = 1; way < kRegionWays.size(); ++way) {
    const std::vector<double> differences =
        column(tested, [&](const auto& face) { return area(face.drop[0]) - area(face.drop[way]); });
    text += verdict(std::string("the order ") + kRegionWays[way], bootstrap_mean(differences));
    table.rows.push_back(cells("region_difference", kRegionWays[way], "", differences));
  }
}

void add_concepts(const TestedExplanations& tested, ResultTable& table, std::string& text) {
  constexpr std::array ways = {"explained", "random"};
  for (std::size_t way = 0; way < ways.size(); ++way) {
    for (std::size_t c = 0; c < kRemovedConcepts.size(); ++c) {
      table.rows.push_back(
          cells("concept_turned", ways[way], std::to_string(kRemovedConcepts[c]),
                column(tested, [&](const auto& face) { return face.concept_turned[way][c]; })));
    }
  }
  const std::size_t last = kRemovedConcepts.size() - 1;
  text += "\nconcepts: answers that turn without the " + std::to_string(kRemovedConcepts[last]) +
          " largest (scores are sums, so this must win)\n" +
          verdict("as many random concepts", bootstrap_mean(column(tested, [&](const auto& face) {
                    return face.concept_turned[0][last] - face.concept_turned[1][last];
                  })));
}

struct SparseFigures {
  double balanced = 0;
  double full = 0;
  double agreement = 0;
};

// Over all photos of the set, by people nobody has seen.
SparseFigures sparse_figures(const TestedExplanations& tested) {
  const Head& head = tested.head;
  const HeadConcepts& sparse = tested.concepts.heads.at(head.name);
  const std::size_t neurons = tested.concepts.mean.size();
  SparseFigures sum;
  for (std::size_t a = 0; a < head.attributes.size(); ++a) {
    const auto& names = tested.set.attribute_names;
    const auto label = static_cast<std::size_t>(
        std::find(names.begin(), names.end(), head.attributes[a]) - names.begin());
    double right[2][2] = {};  // full or sparse, of each class
    double count[2] = {};
    double agreed = 0;
    for (std::size_t i = 0; i < tested.faces.size(); ++i) {
      const TestedFace& face = tested.faces[i];
      if (face.scores.empty()) continue;
      double score = sparse.sparse_bias[a];
      for (std::size_t k = 0; k < neurons; ++k) {
        score += static_cast<double>(sparse.sparse_weight[a * neurons + k]) * face.features[k];
      }
      const auto probability = [](double at, float slope, float start) {
        return 1 / (1 + std::exp(-(static_cast<double>(slope) * at + static_cast<double>(start))));
      };
      const double p[2] = {
          probability(face.scores[a], head.calibration_a[a], head.calibration_b[a]),
          probability(score, sparse.sparse_a[a], sparse.sparse_b[a])};
      const std::size_t is = tested.set.photos[i].labels.at(label) > 0 ? 1 : 0;
      count[is] += 1;
      for (std::size_t h = 0; h < 2; ++h) {
        right[h][is] += (p[h] >= static_cast<double>(head.threshold_balanced[a])) == (is == 1);
      }
      agreed += (p[0] >= static_cast<double>(head.threshold[a])) ==
                (p[1] >= static_cast<double>(head.threshold[a]));
    }
    if (count[0] == 0 || count[1] == 0) {  // an attribute that this set does not show
      sum.balanced += 1;
      sum.full += 1;
    } else {
      sum.full += (right[0][0] / count[0] + right[0][1] / count[1]) / 2;
      sum.balanced += (right[1][0] / count[0] + right[1][1] / count[1]) / 2;
    }
    sum.agreement += agreed / std::max(1.0, count[0] + count[1]);
  }
  const auto attributes = static_cast<double>(head.attributes.size());
  return {sum.balanced / attributes, sum.full / attributes, sum.agreement / attributes};
}

// Of the neurons that have a concept, how many have the same one on these people.
double names_that_hold(const TestedExplanations& tested) {
  const ConceptGroups groups = concept_groups(tested.concepts);
  const std::size_t neurons = groups.of_neuron.size();
  double named = 0;
  double held = 0;
  for (std::size_t n = 0; n < neurons; ++n) {
    if (groups.of_neuron[n] < 0) continue;
    const Concept& known = groups.concepts[static_cast<std::size_t>(groups.of_neuron[n])];
    const std::string& name = tested.concepts.attributes[static_cast<std::size_t>(known.attribute)];
    const auto& names = tested.set.attribute_names;
    const auto label =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    double sum[2] = {};
    double count[2] = {};
    for (std::size_t i = 0; i < tested.faces.size(); ++i) {
      if (tested.faces[i].features.empty()) continue;
      const std::size_t is = tested.set.photos[i].labels.at(label) > 0 ? 1 : 0;
      sum[is] += tested.faces[i].features[n];
      count[is] += 1;
    }
    if (count[0] == 0 || count[1] == 0) continue;
    named += 1;
    held += (sum[1] / count[1] > sum[0] / count[0]) == known.with ? 1 : 0;
  }
  return named > 0 ? held / named : 0;
}

Chart region_chart(const TestedExplanations& tested, const std::string& title) {
  Chart chart;
  chart.title = title + ": what blurring parts of the face takes away";
  chart.x = {"share of the square that is blurred", 0, 0.3, false, 0.05};
  chart.y = {"log odds lost", -1, 8, false, 1};
  chart.names_left = true;
  double most = 1;
  double least = 0;
  for (std::size_t way = 0; way < kRegionWays.size(); ++way) {
    ChartCurve curve{kRegionWays[way], {{0, 0}}};
    for (std::size_t f = 0; f < kDeletedShares.size(); ++f) {
      const double mean =
          bootstrap_mean(column(tested, [&](const auto& face) { return face.drop[way][f]; })).mean;
      curve.points.emplace_back(kDeletedShares[f], mean);
      most = std::max(most, mean);
      least = std::min(least, mean);
    }
    chart.curves.push_back(std::move(curve));
  }
  chart.y.low = std::floor(least);
  chart.y.high = std::ceil(most);
  chart.y.step = chart.y.high - chart.y.low > 5 ? 1 : 0.5;
  return chart;
}

Chart concept_chart(const TestedExplanations& tested, const std::string& title) {
  Chart chart;
  chart.title = title + ": answers that turn without some concepts";
  chart.x = {"concepts as on the average face", 0, 5, false, 1};
  chart.y = {"share of answers that turn", 0, 1, false, 0.1};
  chart.names_left = true;
  constexpr std::array ways = {"those that explain it", "random ones"};
  for (std::size_t way = 0; way < ways.size(); ++way) {
    ChartCurve curve{ways[way], {{0, 0}}};
    for (std::size_t c = 0; c < kRemovedConcepts.size(); ++c) {
      curve.points.emplace_back(static_cast<double>(kRemovedConcepts[c]),
                                bootstrap_mean(column(tested, [&](const auto& face) {
                                  return face.concept_turned[way][c];
                                })).mean);
    }
    chart.curves.push_back(std::move(curve));
  }
  return chart;
}

}  // namespace

MeanInterval bootstrap_mean(std::span<const double> values) {
  MeanInterval interval;
  if (values.empty()) return interval;
  constexpr int samples = 1000;
  for (const double value : values) interval.mean += value;
  interval.mean /= static_cast<double>(values.size());
  NamedRandom random("bootstrap 1", std::to_string(values.size()));
  std::vector<double> means;
  for (int s = 0; s < samples; ++s) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) sum += values[random.below(values.size())];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  std::sort(means.begin(), means.end());
  interval.low = means[samples / 40];
  interval.high = means[samples - 1 - samples / 40];
  return interval;
}

std::string report_explanations(const TestedExplanations& tested,
                                const EvaluationOptions& options) {
  const RunRecord record = record_run(*options.model, options.threads, options.precision);
  ResultTable table;
  table.columns = {"what", "way", "amount", "mean", "low", "high", "faces"};
  std::string text;
  add_regions(tested, table, text);
  add_concepts(tested, table, text);
  const SparseFigures sparse = sparse_figures(tested);
  const double names = names_that_hold(tested);
  const auto read = static_cast<std::size_t>(
      std::count_if(tested.faces.begin(), tested.faces.end(),
                    [](const TestedFace& face) { return !face.scores.empty(); }));
  const auto plain = [&](const std::string& what, double value) {
    table.rows.push_back({what, "", "", fixed(value, 4), "", "", std::to_string(read)});
  };
  plain("sparse_balanced", sparse.balanced);
  plain("full_balanced", sparse.full);
  plain("sparse_agreement", sparse.agreement);
  plain("names_that_hold", names);
  text += "\nsparse heads on these people: balanced accuracy " + percent(sparse.balanced) +
          ", full heads " + percent(sparse.full) + " (" + percent(sparse.balanced / sparse.full) +
          " kept); the same answer in " + percent(sparse.agreement) +
          "\nneurons with a concept that go with its attribute here, too: " + percent(names) + '\n';
  const std::string title = record.model + " " + record.version;
  if (options.out) {
    ResultTable full = table;
    const auto columns = record_columns();
    const auto fields = record_fields(record);
    full.columns.insert(full.columns.end(), columns.begin(), columns.end());
    for (auto& row : full.rows) row.insert(row.end(), fields.begin(), fields.end());
    write_csv(*options.out / "explain.csv", full);
    write_chart(*options.out / "explain-regions.svg", region_chart(tested, title));
    write_chart(*options.out / "explain-concepts.svg", concept_chart(tested, title));
  }
  return "explain: " + std::to_string(read) + " photos of people nobody has seen\n" +
         record_text(record) + table_text(table) + text;
}

}  // namespace facet::detail
