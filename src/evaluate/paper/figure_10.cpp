// SPDX-License-Identifier: Apache-2.0
// Figure 10: which layers tell which attributes, how few neurons do, and what a single one can.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "base/parallel_loop.hpp"
#include "evaluate/chart.hpp"
#include "evaluate/paper/attribute_planes.hpp"
#include "evaluate/paper/neuron_responses.hpp"
#include "evaluate/paper/sections.hpp"
#include "evaluate/statistics/principal_components.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr const char* kName = "figure-10";
constexpr double kCost = 3;
constexpr std::array kShares = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0};

// What stays with a person from photo to photo, as the paper sorts attributes.
bool identity_related(const std::string& attribute) {
  static const std::set<std::string> names = {"Male",           "Young",
                                              "Big_Nose",       "Pointy_Nose",
                                              "Big_Lips",       "Oval_Face",
                                              "Chubby",         "Double_Chin",
                                              "Bald",           "Receding_Hairline",
                                              "Black_Hair",     "Blond_Hair",
                                              "Brown_Hair",     "Gray_Hair",
                                              "Narrow_Eyes",    "High_Cheekbones",
                                              "Bushy_Eyebrows", "Arched_Eyebrows",
                                              "Attractive",     "Pale_Skin"};
  return names.contains(attribute);
}

// People of even number teach, those of odd number are measured.
struct Halves {
  explicit Halves(const PaperSet& set)
      : teach(photos_by_identity(set, false)), others(photos_by_identity(set, true)) {}
  std::vector<std::size_t> teach;
  std::vector<std::size_t> others;
};

std::vector<double> balanced_of(const AnswerCounts& counts) {
  std::vector<double> all;
  for (std::size_t k = 0; k < counts.attributes(); ++k) all.push_back(counts.score(k).balanced);
  return all;
}

double mean_where(const std::vector<double>& values, const PaperSet& set, bool identity) {
  double sum = 0;
  double count = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (identity_related(set.photos.attribute_names[k]) != identity) continue;
    sum += values[k];
    ++count;
  }
  return sum / count;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> deviations(const StoredRows& features, std::span<const std::size_t> photos) {
  std::vector<double> result(features.width);
  for (std::size_t c = 0; c < features.width; ++c) {
    double sum = 0;
    double squares = 0;
    for (const std::size_t photo : photos) {
      const double value = features.row(photo)[c];
      sum += value;
      squares += value * value;
    }
    const double count = static_cast<double>(photos.size());
    result[c] = std::sqrt(std::max(0.0, squares / count - sum * sum / count / count));
  }
  return result;
}

// Planes that may use an attribute's best neurons alone: those of the largest weights, in units of
// their spread, of the plane that may use all.
AttributePlanes fit_best(const StoredRows& features, const AttributePlanes& full,
                         const std::vector<double>& spread, double share, const Halves& halves,
                         const PaperSet& set, int threads) {
  const auto kept = static_cast<std::size_t>(
      std::max(1L, std::lround(share * static_cast<double>(features.width))));
  AttributePlanes planes(full.size());
  for_each_parallel(full.size(), threads, [&](std::size_t k) {
    std::vector<std::size_t> order(features.width);
    std::iota(order.begin(), order.end(), 0);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                      [&](std::size_t a, std::size_t b) {
                        return std::abs(full[k].weight[a]) * spread[a] >
                               std::abs(full[k].weight[b]) * spread[b];
                      });
    order.resize(kept);
    PaperSet one = {set.name, set.title, {}, set.identities, set.person_of, set.people};
    one.photos.attribute_names = {set.photos.attribute_names[k]};
    for (const EvaluationPhoto& photo : set.photos.photos) {
      one.photos.photos.push_back({});
      one.photos.photos.back().labels = {photo.labels[k]};
    }
    const AttributePlane plane =
        fit_planes(columns_of(features, order), halves.teach, one, kCost, 1).front();
    planes[k] = {std::vector<float>(features.width), plane.bias};
    for (std::size_t i = 0; i < kept; ++i) planes[k].weight[order[i]] = plane.weight[i];
  });
  return planes;
}

// Balanced accuracy of one number at a threshold: the best column and threshold on those who teach,
// measured on the others; mean over attributes.
double best_single(const StoredRows& features, const Halves& halves, const PaperSet& set,
                   int threads) {
  struct Cut {
    double right = 0;
    std::size_t column = 0;
    float at = 0;
    bool above = true;
  };
  std::vector<std::vector<Cut>> cuts(features.width, std::vector<Cut>(set.attributes()));
  for_each_parallel(features.width, threads, [&](std::size_t column) {
    std::vector<std::size_t> order = halves.teach;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return features.row(a)[column] < features.row(b)[column];
    });
    for (std::size_t k = 0; k < set.attributes(); ++k) {
      double positives = 0;
      for (const std::size_t photo : order) positives += set.has(photo, k) ? 1 : 0;
      const double negatives = static_cast<double>(order.size()) - positives;
      if (positives == 0 || negatives == 0) continue;
      double low_positives = 0;
      double low_negatives = 0;
      for (std::size_t i = 0; i + 1 < order.size(); ++i) {
        ++(set.has(order[i], k) ? low_positives : low_negatives);
        const double value = features.row(order[i])[column];
        const double next = features.row(order[i + 1])[column];
        if (value == next) continue;
        const double above = (1 - low_positives / positives + low_negatives / negatives) / 2;
        Cut& best = cuts[column][k];
        if (std::max(above, 1 - above) > best.right) {
          best = {std::max(above, 1 - above), column, static_cast<float>((value + next) / 2),
                  above >= 0.5};
        }
      }
    }
  });
  AnswerCounts counts(set.people, set.attributes());
  for (std::size_t k = 0; k < set.attributes(); ++k) {
    Cut best;
    for (const auto& column : cuts) {
      if (column[k].right > best.right) best = column[k];
    }
    for (const std::size_t photo : halves.others) {
      counts.add(set.person_of[photo], k,
                 (features.row(photo)[best.column] >= best.at) == best.above, set.has(photo, k));
    }
  }
  return counts.average().balanced;
}

// Balanced accuracy at each share, and of the best single number.
json few_neurons(const StoredRows& features, const PaperSet& set, int threads) {
  const Halves halves(set);
  const AttributePlanes full = fit_planes(features, halves.teach, set, kCost, threads);
  const std::vector<double> spread = deviations(features, halves.teach);
  json result = {{"width", features.width}, {"balanced", json::array()}};
  for (const double share : kShares) {
    const AttributePlanes planes =
        share < 1 ? fit_best(features, full, spread, share, halves, set, threads) : full;
    result["balanced"].push_back(answer(planes, features, halves.others, set).average().balanced);
  }
  result["single"] = best_single(features, halves, set, threads);
  return result;
}

// Gradients, in as many principal components as FC has neurons.
StoredRows gradient_components(const StoredRows& gradients, const Halves& halves,
                               std::size_t components) {
  StoredRows teach;
  teach.width = gradients.width;
  for (const std::size_t photo : halves.teach) {
    teach.values.insert(teach.values.end(), gradients.row(photo),
                        gradients.row(photo) + gradients.width);
  }
  const PrincipalComponents pca = principal_components(teach.values, teach.width, components);
  return {pca.variances.size(), pca.project(gradients.values)};
}

// The smallest share that keeps nine tenths of what all neurons reach above chance.
double share_that_keeps(const json& curve) {
  constexpr double kChance = 0.5;
  const double all = curve.at("balanced").back().get<double>() - kChance;
  for (std::size_t i = 0; i < kShares.size(); ++i) {
    if (curve.at("balanced").at(i).get<double>() - kChance >= 0.9 * all) return kShares[i];
  }
  return 1;
}

json layer_accuracies(const StoredTables& responses, const PaperSet& set, int threads) {
  const Halves halves(set);
  json result;
  for (const std::string& layer : response_layers()) {
    const StoredRows& rows = responses.at(layer);
    const std::vector<double> balanced = balanced_of(
        answer(fit_planes(rows, halves.teach, set, kCost, threads), rows, halves.others, set));
    result[layer] = {mean_where(balanced, set, true), mean_where(balanced, set, false),
                     mean(balanced)};
  }
  return result;
}

}  // namespace

Section figure_10(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 10: layers, few neurons, single neurons";
  const std::string command = section_command(kName);
  Claim layers{
      "Right after identities FC tells identity-related attributes best; C3 and C4 tell "
      "expression and accessories better",
      "FC best for identity-related; C3/C4 for the others",
      "",
      Verdict::untested,
      "C3 and C4 averaged over their cells; a network trained on identities for a short time",
      "facet train recipes/paper_rows.toml --data DIR --out RUN, then " + command +
          " --stages RUN"};
  Claim few{"A tenth of an attribute's best neurons keep 90 % of its accuracy",
            "10 % of the neurons; HOG with PCA needs over 95 %",
            "",
            Verdict::untested,
            "of balanced accuracy above chance, on validation people who taught nothing; the tuned "
            "network",
            command};
  Claim single{"The best single neuron beats the best single HOG+PCA dimension",
               "+25 points",
               "",
               Verdict::untested,
               "balanced accuracy; the tuned network",
               command};
  if (context.has_set("svm")) {
    const PaperSet& set = context.set("svm");
    const int threads = context.options().threads;
    const Network& tuned = *parts_of(*context.paper().model).anet;
    json key = context.photos_key("svm");
    key["model"] = context.paper().model->checksum();
    const json ours = context.store().result("figure-10-neurons", key, [&] {
      return few_neurons(context.responses(tuned, "svm").at("FC"), set, threads);
    });
    const json theirs = context.store().result("figure-10-gradients", key, [&] {
      return few_neurons(gradient_components(context.hand_made("svm").at("gradients"), Halves(set),
                                             ours.at("width").get<std::size_t>()),
                         set, threads);
    });
    Chart chart;
    chart.title = "Balanced accuracy by an attribute's best neurons alone (mean of 40)";
    chart.x = {"share of the neurons used", 0.01, 1, true, 0.1};
    chart.y = {"balanced accuracy", 0.5, 0.8, false, 0.05};
    ReportTable table{"figure-10.csv", "Balanced accuracy by the best neurons alone, percent.", {}};
    table.shown.columns = {"share of neurons", "FC of paper", "HOG + PCA"};
    chart.curves = {{"FC of paper", {}}, {"HOG + PCA", {}}};
    for (std::size_t i = 0; i < kShares.size(); ++i) {
      const double a = ours.at("balanced").at(i);
      const double b = theirs.at("balanced").at(i);
      chart.curves[0].points.emplace_back(kShares[i], a);
      chart.curves[1].points.emplace_back(kShares[i], b);
      table.shown.rows.push_back({percent(kShares[i]), percent(a), percent(b)});
    }
    table.shown.rows.push_back(
        {"the best one", percent(ours.at("single")), percent(theirs.at("single"))});
    write_chart(context.options().out / "figure-10.svg", chart);
    write_csv(context.options().out / table.file, table.shown);
    section.figures.push_back({"figure-10.svg", "How few neurons suffice."});
    section.tables.push_back(std::move(table));
    section.paragraphs = {
        "Linear SVMs learn from validation people of even number and are measured on those of odd "
        "number. An attribute's best neurons are those of the largest weights, in units of their "
        "spread. HOG is reduced by PCA to as many numbers as FC has neurons."};
    const double keep = share_that_keeps(ours);
    const double keep_hog = share_that_keeps(theirs);
    few.ours = percent(keep) + " % of the neurons; HOG with PCA " + percent(keep_hog) + " %";
    few.verdict = keep > 0.1        ? Verdict::not_so
                  : keep_hog > keep ? Verdict::reproduced
                                    : Verdict::partly;
    if (few.verdict == Verdict::partly) {
      few.differs += "; HOG's best dimensions keep as much here, of a lower accuracy";
    }
    const double gap = ours.at("single").get<double>() - theirs.at("single").get<double>();
    single.ours = fixed(100 * gap, 1) + " points (" + percent(ours.at("single")) + " % against " +
                  percent(theirs.at("single")) + " %)";
    single.verdict = gap >= 0.245 ? Verdict::reproduced
                     : gap > 0    ? Verdict::partly
                                  : Verdict::not_so;
    ReportTable by_layer{"figure-10-layers.csv",
                         "Balanced accuracy from one layer, percent.",
                         {{"network", "layer", "identity-related", "others", "all"}, {}}};
    const auto add_layers = [&](const std::string& name, const Network& network) {
      json network_key = context.photos_key("svm");
      network_key["network"] = network.checksum();
      const json figures = context.store().result(
          "figure-10-layers-" + network.checksum().substr(0, 12), network_key,
          [&] { return layer_accuracies(context.responses(network, "svm"), set, threads); });
      for (const std::string& layer : response_layers()) {
        const json& row = figures.at(layer);
        by_layer.shown.rows.push_back(
            {name, layer, percent(row.at(0)), percent(row.at(1)), percent(row.at(2))});
      }
      return figures;
    };
    if (const Network* before = context.stage("rows_identities")) {
      const json figures = add_layers("after identities (rows_identities)", *before);
      const auto at = [&](const char* layer, int group) {
        return figures.at(layer).at(static_cast<std::size_t>(group)).get<double>();
      };
      const double early_identity = std::max(at("C3", 0), at("C4", 0));
      const double early_others = std::max(at("C3", 1), at("C4", 1));
      layers.ours = "identity-related: FC " + percent(at("FC", 0)) + ", C3 or C4 " +
                    percent(early_identity) + "; others: FC " + percent(at("FC", 1)) +
                    ", C3 or C4 " + percent(early_others) + " %";
      const bool first = at("FC", 0) >= early_identity;
      const bool second = early_others > at("FC", 1);
      layers.verdict = first && second   ? Verdict::reproduced
                       : first || second ? Verdict::partly
                                         : Verdict::not_so;
    }
    add_layers("after tags (paper " + context.paper().model->version() + ")", tuned);
    write_csv(context.options().out / by_layer.file, by_layer.shown);
    section.tables.push_back(std::move(by_layer));
  }
  section.claims = {layers, few, single};
  return section;
}

}  // namespace facet::detail
