// SPDX-License-Identifier: Apache-2.0
// Figure 8: what single neurons of FC stand for, before tags were learnt and after.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "evaluate/named_random.hpp"
#include "evaluate/paper/attribute_planes.hpp"
#include "evaluate/paper/neuron_responses.hpp"
#include "evaluate/paper/picture_grid.hpp"
#include "evaluate/paper/sections.hpp"
#include "evaluate/paper/short_training.hpp"
#include "evaluate/statistics/correlation.hpp"
#include "image/resample.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "figure-8";
constexpr double kNameable = 0.4;     // correlation with an attribute
constexpr int kResamples = 40;        // of people; each correlates anew
constexpr std::size_t kPhotos = 150;  // behind a mean face, at least
constexpr std::size_t kFewestPeople = 50;
constexpr std::size_t kNeurons = 6;  // shown of a network
constexpr int kFaceWidth = 64;
constexpr int kFaceHeight = 78;

// The same layers with weights drawn anew: what chance names.
Network untrained(const Network& trained) {
  NetworkSpec spec = trained.spec();
  WeightMap weights;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const Layer& layer = spec.layers[i];
    if (!layer.has_weights()) continue;
    NamedRandom random("untrained network", layer.name);
    const std::vector<std::int64_t> banks = layer.kind == LayerKind::convolution
                                                ? std::vector<std::int64_t>{}
                                                : std::vector<std::int64_t>{layer.banks()};
    WeightTensor weight{banks, {}};
    for (const int side : {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel}) {
      weight.shape.push_back(side);
    }
    const double spread =
        std::sqrt(2.0 / (layer.in_channels * layer.kernel * layer.kernel));  // He et al. 2015
    for (std::size_t k = 0; k < trained.weights(i).size(); ++k) {
      // The sum of twelve uniform numbers is nearly normal.
      double sum = -6;
      for (int draw = 0; draw < 12; ++draw) sum += random.unit();
      weight.values.push_back(static_cast<float>(spread * sum));
    }
    WeightTensor bias{banks, {}};
    bias.shape.push_back(layer.out_channels);
    bias.values.resize(static_cast<std::size_t>(layer.banks() * layer.out_channels));
    weights[layer.name + ".weight"] = std::move(weight);
    weights[layer.name + ".bias"] = std::move(bias);
  }
  return {std::move(spec), std::move(weights)};
}

struct Neurons {
  std::string network;  // for people
  std::string heading;  // of its rows of pictures
  StoredRows responses;
  std::vector<float> correlations;  // neurons × attributes
  // The share that is nameable: of all photos, then of each resample of people; every network's
  // are drawn alike.
  std::vector<double> shares;

  [[nodiscard]] double share() const { return shares.front(); }
};

// The attribute that a neuron goes with most, and how.
std::pair<std::size_t, float> strongest(const Neurons& neurons, std::size_t neuron,
                                        std::size_t attributes) {
  std::pair<std::size_t, float> best;
  for (std::size_t k = 0; k < attributes; ++k) {
    const float value = neurons.correlations[neuron * attributes + k];
    if (std::abs(value) > std::abs(best.second)) best = {k, value};
  }
  return best;
}

double nameable_share(const Neurons& neurons, std::size_t attributes) {
  std::size_t nameable = 0;
  for (std::size_t n = 0; n < neurons.responses.width; ++n) {
    if (std::abs(strongest(neurons, n, attributes).second) > kNameable) ++nameable;
  }
  return static_cast<double>(nameable) / static_cast<double>(neurons.responses.width);
}

// Photos are drawn by people: how sure the share is.
std::vector<double> drawn_shares(const Neurons& neurons, const PaperSet& set) {
  const std::size_t attributes = set.attributes();
  std::vector<std::vector<std::size_t>> photos_of(set.people);
  for (std::size_t i = 0; i < set.size(); ++i) photos_of[set.person_of[i]].push_back(i);
  std::vector<double> shares;
  bootstrap_over_people(set.people, kResamples, "nameable", [&](PersonWeights weights) {
    std::vector<float> values;
    std::vector<std::int8_t> labels;
    for (std::size_t person = 0; person < set.people; ++person) {
      for (int times = 0; times < weights[person]; ++times) {
        for (const std::size_t photo : photos_of[person]) {
          values.insert(values.end(), neurons.responses.row(photo),
                        neurons.responses.row(photo) + neurons.responses.width);
          const auto& of_photo = set.photos.photos[photo].labels;
          labels.insert(labels.end(), of_photo.begin(), of_photo.end());
        }
      }
    }
    Neurons drawn;
    drawn.responses.width = neurons.responses.width;
    drawn.correlations = correlations(values, neurons.responses.width, labels, attributes);
    shares.push_back(nameable_share(drawn, attributes));
    return shares.back();
  });
  return shares;
}

// The first of drawn values, and the middle 95 % of the others, moved to lie around it: resamples
// hold people twice, which makes the strongest correlation of each neuron larger than it is.
Interval interval_of_draws(const std::vector<double>& values) {
  const std::vector<double> draws(values.begin() + 1, values.end());
  const double moved = values.front() - quantile(draws, 0.5);
  return {values.front(), quantile(draws, 0.025) + moved, quantile(draws, 0.975) + moved};
}

// How much larger the share of `a` is.
Interval share_gain(const Neurons& a, const Neurons& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.shares.size(); ++i) {
    differences.push_back(a.shares[i] - b.shares[i]);
  }
  return interval_of_draws(differences);
}

// In percent; a share is none below 0 and above 1.
std::string share_text(const Neurons& neurons) {
  Interval share = interval_of_draws(neurons.shares);
  share.low = std::max(0.0, share.low);
  share.high = std::min(1.0, share.high);
  return percent_text(share);
}

// The most telling neurons, each for another attribute.
std::vector<std::size_t> telling(const Neurons& neurons, std::size_t attributes) {
  std::vector<std::size_t> order(neurons.responses.width);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::abs(strongest(neurons, a, attributes).second) >
           std::abs(strongest(neurons, b, attributes).second);
  });
  std::set<std::size_t> named;
  std::vector<std::size_t> chosen;
  for (const std::size_t neuron : order) {
    if (chosen.size() == kNeurons) break;
    if (named.insert(strongest(neurons, neuron, attributes).first).second) chosen.push_back(neuron);
  }
  return chosen;
}

// The mean of aligned photos; none of fewer than 50 people.
Image mean_face(const PaperSet& set, std::span<const std::size_t> photos) {
  std::set<std::size_t> people;
  std::vector<double> sum(static_cast<std::size_t>(kFaceWidth) * kFaceHeight * 3);
  for (const std::size_t photo : photos) {
    const Image face = resize(prepare(set.photos.photos[photo]).image, kFaceWidth, kFaceHeight);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += face.pixels[i];
    people.insert(set.person_of[photo]);
  }
  if (people.size() < kFewestPeople) return {};
  Image mean(kFaceWidth, kFaceHeight);
  for (std::size_t i = 0; i < sum.size(); ++i) {
    mean.pixels[i] =
        static_cast<std::uint8_t>(std::lround(sum[i] / static_cast<double>(photos.size())));
  }
  return mean;
}

PictureGrid::Row faces_of_neuron(const Neurons& neurons, std::size_t neuron, const PaperSet& set) {
  std::vector<std::size_t> order = all_photos(set);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return neurons.responses.row(a)[neuron] > neurons.responses.row(b)[neuron];
  });
  const std::size_t count = std::min(kPhotos, order.size() / 3);
  const std::span<const std::size_t> all(order);
  const auto [attribute, value] = strongest(neurons, neuron, set.attributes());
  PictureGrid::Row row;
  row.label = (value < 0 ? "not " : "") + set.photos.attribute_names[attribute];
  row.cells = {{mean_face(set, all.first(count)), "r " + fixed(value, 2)},
               {mean_face(set, all.subspan((order.size() - count) / 2, count)), ""},
               {mean_face(set, all.last(count)), ""}};
  return row;
}

ReportTable neuron_table(PaperContext& context, const std::vector<Neurons>& all,
                         const PaperSet& set) {
  ReportTable report{"figure-8-neurons.csv",
                     "Neurons of FC that go with an attribute (correlation above 0.4).",
                     {}};
  report.shown.columns = {"network", "neurons", "nameable (95 % over people)", "attributes named",
                          "median of the strongest correlation"};
  for (const Neurons& neurons : all) {
    std::set<std::size_t> named;
    std::vector<double> strengths;
    for (std::size_t n = 0; n < neurons.responses.width; ++n) {
      const auto [attribute, value] = strongest(neurons, n, set.attributes());
      strengths.push_back(std::abs(value));
      if (std::abs(value) > kNameable) named.insert(attribute);
    }
    report.shown.rows.push_back({neurons.network, std::to_string(neurons.responses.width),
                                 share_text(neurons) + " %", std::to_string(named.size()),
                                 fixed(quantile(strengths, 0.5), 2)});
  }
  write_csv(context.options().out / report.file, report.shown);
  return report;
}

// `all`: random weights, then perhaps identities alone, then perhaps tags for minutes, then paper.
void judge(Claim& claim, const std::vector<Neurons>& all, bool shortly_tuned) {
  const Neurons& random = all.front();
  claim.ours = share_text(all.back()) + " % of FC's neurons are nameable in paper, " +
               share_text(random) + " % with random weights";
  if (all.size() < 3) return;
  const Neurons& before = all[1];
  const Neurons& after = all[2];  // the same network tuned for minutes; else paper
  const Interval found = share_gain(before, random);
  const Interval enriched = share_gain(after, before);
  claim.ours += "; " + share_text(before) + " % after identities alone; tuning" +
                (shortly_tuned ? " for minutes" : "") + " adds " + points_text(enriched) +
                " points";
  claim.verdict = found.low > 0 && enriched.low > 0       ? Verdict::reproduced
                  : found.value > 0 && enriched.value > 0 ? Verdict::partly
                                                          : Verdict::not_so;
  claim.verdict = direction_alone(claim.verdict);
  claim.differs += shortly_tuned ? "" : "; the network before tags is another than paper's";
  claim.differs += kShortTraining;
}

}  // namespace

Section figure_8(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 8: what neurons stand for";
  section.claims.push_back(
      {"Neurons find concepts while learning identities, which tuning enriches",
       "“significantly enriched”; no number", "", Verdict::untested,
       "a neuron counts as nameable where its response correlates above 0.4 "
       "with an attribute",
       stages_command(kName)});
  if (!context.has_set("svm")) return section;
  const PaperSet& set = context.set("svm");
  const Network& tuned = *parts_of(*context.paper().model).anet;
  std::vector<Neurons> all;
  const auto add = [&](const std::string& name, const std::string& heading,
                       const Network& network) {
    const StoredRows& responses = context.responses(network, "svm").at("FC");
    all.push_back({name,
                   heading,
                   responses,
                   correlations(responses.values, responses.width, set.labels(), set.attributes()),
                   {}});
    all.back().shares = drawn_shares(all.back(), set);
  };
  add("weights drawn at random", "", untrained(tuned));
  const Network* before = context.stage("rows_identities");
  const Network* shortly = context.stage("rows_anet_1");
  if (before != nullptr) {
    add("after identities, before tags (rows_identities)", "before tags:", *before);
    // The very network, tuned: no other differs from it in nothing but tags.
    if (shortly != nullptr)
      add("then tags, for minutes (rows_anet_1)", "tags, for minutes:", *shortly);
  }
  add("after tags (paper " + context.paper().model->version() + ")", "after tags (paper):", tuned);
  section.paragraphs = {
      "Mean faces of the photos with the highest, middle and lowest responses of single FC "
      "neurons, "
      "on CelebA's validation part, each neuron named by the attribute that it goes with most. A "
      "network of the same layers with random weights says how much of this needs no learning."};
  section.tables.push_back(neuron_table(context, all, set));
  PictureGrid grid;
  grid.title = "Mean faces by the response of one neuron (each of at least 50 people)";
  grid.columns = {"high", "middle", "low"};
  for (std::size_t i = 1; i < all.size(); ++i) {
    grid.rows.push_back({all[i].network, {}});
    grid.rows.back().label = all[i].heading;
    for (const std::size_t neuron : telling(all[i], set.attributes())) {
      grid.rows.push_back(faces_of_neuron(all[i], neuron, set));
    }
  }
  write_picture_grid(context.options().out / "figure-8.svg", grid);
  section.figures.push_back({"figure-8.svg", "High, middle and low responses of FC neurons."});
  judge(section.claims.front(), all, before != nullptr && shortly != nullptr);
  return section;
}

}  // namespace facet::detail
