// SPDX-License-Identifier: Apache-2.0
// Figure 10: which layers tell which attributes, how few neurons do, and what a single one can.
#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "evaluate/chart.hpp"
#include "evaluate/paper/few_neurons.hpp"
#include "evaluate/paper/interval_json.hpp"
#include "evaluate/paper/neuron_responses.hpp"
#include "evaluate/paper/sections.hpp"
#include "evaluate/paper/short_training.hpp"
#include "evaluate/statistics/principal_components.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr const char* kName = "figure-10";
constexpr const char* kRule = "cut of the best balanced accuracy";  // of stored steps
constexpr double kFewest = 90;      // percent of the accuracy that a tenth is to keep
constexpr double kSingleGain = 25;  // points
constexpr std::string_view kGroups[] = {"identity-related", "others"};

// What stays with a person from photo to photo. The paper names no list; this one is ours.
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

// Gradients, in as many principal components as FC has neurons.
StoredRows gradient_components(const StoredRows& gradients, const SetHalves& halves,
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

// Balanced accuracy at each share, what is kept of that of all, and the best single number.
json figures_of(const FewNeurons& few) {
  json result = {{"balanced", json::array()}, {"kept", json::array()}};
  for (const AnswerCounts& counts : few.by_share) {
    result["balanced"].push_back(to_json(interval_of(counts, &AttributeScore::balanced, "svm")));
    result["kept"].push_back(to_json(kept_above_chance(counts, few.by_share.back(), "svm")));
  }
  result["single"] = to_json(interval_of(few.single, &AttributeScore::balanced, "svm"));
  return result;
}

// FC's neurons and the gradients' components, and how far the best single ones are apart.
json compare_few(PaperContext& context, const Network& tuned) {
  json key = context.photos_key("svm");
  key["model"] = context.paper().model->checksum();
  key["rule"] = kRule;
  return context.store().result("figure-10-few", key, [&] {
    const PaperSet& set = context.set("svm");
    const int threads = context.options().threads;
    const FewNeurons ours = few_neurons(context.responses(tuned, "svm").at("FC"), set, threads);
    const FewNeurons theirs = few_neurons(
        gradient_components(context.hand_made("svm").at("gradients"), SetHalves(set), ours.width),
        set, threads);
    return json{{"ours", figures_of(ours)},
                {"theirs", figures_of(theirs)},
                {"gap", to_json(interval_of_difference(ours.single, theirs.single,
                                                       &AttributeScore::balanced, "svm"))}};
  });
}

// The smallest share that keeps nine tenths of what all neurons reach above chance.
double share_that_keeps(const json& curve) {
  for (std::size_t i = 0; i < kNeuronShares.size(); ++i) {
    if (interval_from(curve.at("kept").at(i)).value >= kFewest / 100) return kNeuronShares[i];
  }
  return 1;
}

Claim few_claim(const json& figures) {
  const Interval kept = interval_from(figures.at("ours").at("kept").at(kTenth));
  const Interval kept_hog = interval_from(figures.at("theirs").at("kept").at(kTenth));
  Claim claim{"A tenth of an attribute's best neurons keep 90 % of its accuracy",
              "10 % of the neurons; HOG with PCA needs over 95 %",
              "a tenth keeps " + percent_text(kept) + " %, of HOG with PCA " +
                  percent_text(kept_hog) + " %; 90 % are kept by " +
                  percent(share_that_keeps(figures.at("ours"))) + " % of the neurons and " +
                  percent(share_that_keeps(figures.at("theirs"))) + " % of HOG with PCA",
              at_least(kept, kFewest),
              "of balanced accuracy above chance, on validation people who taught nothing, every "
              "score cut where those who teach are told best; the tuned network",
              section_command(kName)};
  if (claim.verdict == Verdict::reproduced && kept_hog.value >= kFewest / 100) {
    claim.verdict = Verdict::partly;
    claim.differs += "; HOG's best dimensions keep as much here, of a lower accuracy";
  }
  return claim;
}

Claim single_claim(const json& figures) {
  const Interval gap = interval_from(figures.at("gap"));
  return {"The best single neuron beats the best single HOG+PCA dimension",
          "+25 points",
          points_text(gap) + " points (" +
              percent_text(interval_from(figures.at("ours").at("single"))) + " % against " +
              percent_text(interval_from(figures.at("theirs").at("single"))) + " %)",
          gains(gap, kSingleGain),
          "balanced accuracy, each number cut where those who teach are told best; the tuned "
          "network",
          section_command(kName)};
}

void add_few(PaperContext& context, const json& figures, Section& section) {
  Chart chart;
  chart.title = "Balanced accuracy by an attribute's best neurons alone (mean of 40)";
  chart.x = {"share of the neurons used", 0.01, 1, true, 0.1};
  chart.y = {"balanced accuracy", 0.5, 0.9, false, 0.05};
  ReportTable table{"figure-10.csv",
                    "Balanced accuracy by the best neurons alone, percent; 95 % over people. Every "
                    "line by the same rule.",
                    {}};
  table.shown.columns = {"share of neurons", "FC of paper", "HOG + PCA"};
  chart.curves = {{"FC of paper", {}}, {"HOG + PCA", {}}};
  for (std::size_t i = 0; i < kNeuronShares.size(); ++i) {
    const Interval a = interval_from(figures.at("ours").at("balanced").at(i));
    const Interval b = interval_from(figures.at("theirs").at("balanced").at(i));
    chart.curves[0].points.emplace_back(kNeuronShares[i], a.value);
    chart.curves[1].points.emplace_back(kNeuronShares[i], b.value);
    table.shown.rows.push_back({percent(kNeuronShares[i]), percent_text(a), percent_text(b)});
  }
  table.shown.rows.push_back({"the best one",
                              percent_text(interval_from(figures.at("ours").at("single"))),
                              percent_text(interval_from(figures.at("theirs").at("single")))});
  write_chart(context.options().out / "figure-10.svg", chart);
  write_csv(context.options().out / table.file, table.shown);
  section.figures.push_back({"figure-10.svg", "How few neurons suffice."});
  section.tables.push_back(std::move(table));
}

// The mean over the attributes of a group.
double balanced_of(const AnswerCounts& counts, const PaperSet& set, bool identity,
                   PersonWeights weights) {
  double sum = 0;
  double count = 0;
  for (std::size_t k = 0; k < counts.attributes(); ++k) {
    if (identity_related(set.photos.attribute_names[k]) != identity) continue;
    sum += counts.score(k, weights).balanced;
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

// For each group: every layer's balanced accuracy, and how much of it FC has more than each.
json layer_accuracies(const StoredTables& responses, const PaperSet& set, int threads) {
  const SetHalves halves(set);
  std::map<std::string, AnswerCounts> counts;
  for (const std::string& layer : response_layers()) {
    const StoredRows& rows = responses.at(layer);
    counts.emplace(layer, answer_at_cuts(fit_planes(rows, halves.teach, set, kNeuronCost, threads),
                                         rows, halves, set));
  }
  json result;
  for (const bool identity : {true, false}) {
    json& group = result[std::string(kGroups[identity ? 0 : 1])];
    for (const auto& [layer, of_layer] : counts) {
      const auto figure = [&, &mine = of_layer](PersonWeights weights) {
        return balanced_of(mine, set, identity, weights);
      };
      group[layer] = to_json(bootstrap_over_people(halves.people, 1000, "svm", figure));
      const auto behind = [&](PersonWeights weights) {
        return balanced_of(counts.at("FC"), set, identity, weights) - figure(weights);
      };
      group["FC over " + layer] =
          to_json(bootstrap_over_people(halves.people, 1000, "svm", behind));
    }
  }
  return result;
}

json layers_of(PaperContext& context, const Network& network) {
  json key = context.photos_key("svm");
  key["network"] = network.checksum();
  key["rule"] = kRule;
  return context.store().result("figure-10-layers-" + network.checksum().substr(0, 12), key, [&] {
    return layer_accuracies(context.responses(network, "svm"), context.set("svm"),
                            context.options().threads);
  });
}

// Of differences FC - C3 and FC - C4: is FC ahead of both, or one of them ahead of FC?
Verdict layer_verdict(const Interval& c3, const Interval& c4, bool fc_best) {
  const double low = fc_best ? std::min(c3.low, c4.low) : std::max(-c3.high, -c4.high);
  const double value = fc_best ? std::min(c3.value, c4.value) : std::max(-c3.value, -c4.value);
  if (low > 0) return Verdict::reproduced;
  return value > 0 ? Verdict::partly : Verdict::not_so;
}

void add_layers(PaperContext& context, const Network& tuned, Section& section, Claim& claim) {
  ReportTable table{"figure-10-layers.csv",
                    "Balanced accuracy from one layer, percent; 95 % over people.",
                    {{"network", "layer", "identity-related", "others"}, {}}};
  const auto add = [&](const std::string& name, const Network& network) {
    const json figures = layers_of(context, network);
    for (const std::string& layer : response_layers()) {
      std::vector<std::string> row = {name, layer};
      for (const std::string_view group : kGroups) {
        row.push_back(percent_text(interval_from(figures.at(std::string(group)).at(layer))));
      }
      table.shown.rows.push_back(std::move(row));
    }
    return figures;
  };
  if (const Network* before = context.stage("rows_identities")) {
    const json figures = add("after identities (rows_identities)", *before);
    Verdict verdicts[2];
    for (const bool identity : {true, false}) {
      const json& group = figures.at(std::string(kGroups[identity ? 0 : 1]));
      const Interval c3 = interval_from(group.at("FC over C3"));
      const Interval c4 = interval_from(group.at("FC over C4"));
      verdicts[identity ? 0 : 1] = layer_verdict(c3, c4, identity);
      claim.ours += (identity ? "identity-related: FC " : "; others: FC ") +
                    percent(interval_from(group.at("FC")).value) + " %, " + points_text(c3) +
                    " points over C3 and " + points_text(c4) + " over C4";
    }
    claim.verdict = verdicts[0] == verdicts[1] ? verdicts[0] : Verdict::partly;
    claim.differs += kShortTraining;
  }
  add("after tags (paper " + context.paper().model->version() + ")", tuned);
  write_csv(context.options().out / table.file, table.shown);
  section.tables.push_back(std::move(table));
}

}  // namespace

Section figure_10(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 10: layers, few neurons, single neurons";
  Claim layers{
      "Right after identities FC tells identity-related attributes best; C3 and C4 tell "
      "expression and accessories better",
      "FC best for identity-related; C3/C4 for the others",
      "",
      Verdict::untested,
      "C3 and C4 averaged over their cells; our own list of what is identity-related (" +
          std::string("face shape, hair colour, age, gender and the like)"),
      stages_command(kName)};
  if (!context.has_set("svm")) {
    section.claims = {layers};
    return section;
  }
  const Network& tuned = *parts_of(*context.paper().model).anet;
  section.paragraphs = {
      "Linear SVMs learn from validation people of even number and are measured on those of odd "
      "number. One rule decides everywhere in this section: a number — an SVM's score from all or "
      "few neurons, a single neuron, a single dimension of HOG — is cut at the threshold that "
      "gives "
      "the best balanced accuracy on the people who teach. An attribute's best neurons are those "
      "of "
      "the largest weights, in units of their spread; the best single one tells most of those who "
      "teach. HOG is reduced by PCA to as many numbers as FC has neurons."};
  const json figures = compare_few(context, tuned);
  add_few(context, figures, section);
  add_layers(context, tuned, section, layers);
  section.claims = {layers, few_claim(figures), single_claim(figures)};
  return section;
}

}  // namespace facet::detail
