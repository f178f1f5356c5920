// SPDX-License-Identifier: Apache-2.0
#include "evaluate/explain_protocol.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "describe/aligner.hpp"
#include "describe/describer.hpp"
#include "evaluate/explain_report.hpp"
#include "evaluate/named_random.hpp"
#include "evaluate/region_deletion.hpp"
#include "explain/attribute_terms.hpp"
#include "explain/concept_access.hpp"
#include "explain/response_map.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "heads/linear_head.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr int kFaces = 500;  // of which regions and concepts are taken away

// What all workers share.
struct Subject {
  explicit Subject(const EvaluationOptions& options, const Head& of)
      : model(options.model),
        parts(parts_of(*model)),
        concepts(parts_of(*options.concepts)),
        groups(concept_groups(concepts)),
        head(of),
        explained{concepts, groups, head, concepts.heads.at(head.name)},
        maps(concepts, parts),
        without_sense(shuffled(parts, head)),
        senseless_maps(concepts, without_sense.parts) {}

  std::shared_ptr<const Model> model;
  const ModelParts& parts;
  const ConceptParts& concepts;
  ConceptGroups groups;
  const Head& head;
  ExplainedHead explained;
  ResponseMaps maps;
  ShuffledModel without_sense;
  ResponseMaps senseless_maps;
};

std::span<const float> row(const std::vector<float>& weight, std::size_t attribute,
                           std::size_t neurons) {
  return std::span(weight).subspan(attribute * neurons, neurons);
}

class FaceTest {
 public:
  FaceTest(const Subject& subject, Precision precision)
      : subject_(subject),
        predictor_(subject.model, 1, precision),
        aligner_(subject.model, precision),
        reader_(subject.parts, subject.head.feature_layer) {}

  void run(const ListedPhoto& photo, const std::string& name, bool delete_parts,
           TestedFace& result) {
    LocateOptions strongest;
    strongest.dominant = true;
    const Face face = predictor_.locate(photo.image, strongest).faces.at(0);
    const FaceInPhoto place{photo.image, face.box, face.turn};
    const PatchSettings& patches = subject_.parts.patches;
    const Image square =
        cut_square(photo.image, face_region(aligner_.align({&place, 1}).front(), patches),
                   patches.region_side);
    result.features = reader_.features(square);
    result.scores = head_scores(subject_.head, result.features, 1);
    if (!delete_parts) return;
    const std::vector<Attribute> answers = calibrate(subject_.head, result.scores);
    std::vector<std::size_t> held;
    for (std::size_t j = 0; j < answers.size(); ++j) {
      if (answers[j].present) held.push_back(j);
    }
    if (held.empty()) return;
    const std::size_t attribute =
        held[NamedRandom("explained attribute 1", name).below(held.size())];
    result.deleted = true;
    result.attribute = attribute;
    delete_regions(square, name, attribute, answers[attribute], result);
    remove_concepts(name, attribute, answers[attribute], result);
  }

 private:
  [[nodiscard]] double log_odds(std::size_t attribute, double score) const {
    return static_cast<double>(subject_.head.calibration_a[attribute]) * score +
           static_cast<double>(subject_.head.calibration_b[attribute]);
  }
  [[nodiscard]] bool holds(std::size_t attribute, double score, float threshold) const {
    return 1 / (1 + std::exp(-log_odds(attribute, score))) >= static_cast<double>(threshold);
  }

  void delete_regions(const Image& square, const std::string& name, std::size_t attribute,
                      const Attribute& answer, TestedFace& result) {
    if (!subject_.maps.serve()) return;
    const std::size_t neurons = result.features.size();
    const std::vector<float> values = reader_.values(square, subject_.maps.layer());
    const auto map = [&](const ResponseMaps& maps, const std::vector<float>& weight) {
      return order_by_map(maps.maps(values, row(weight, attribute, neurons)).front(), true);
    };
    const std::array<std::vector<int>, kRegionWays.size()> orders = {
        map(subject_.maps, subject_.head.weight), random_order(name),
        map(subject_.senseless_maps, subject_.without_sense.weight), order_from_middle()};
    const double before = log_odds(attribute, result.scores[attribute]);
    for (std::size_t way = 0; way < orders.size(); ++way) {
      for (std::size_t f = 0; f < kDeletedShares.size(); ++f) {
        const auto count = static_cast<std::size_t>(
            std::lround(kDeletedShares[f] * kDeletionCells * kDeletionCells));
        const double score =
            head_scores(subject_.head, reader_.features(without_cells(square, orders[way], count)),
                        1)[attribute];
        result.drop[way][f] = before - log_odds(attribute, score);
        result.turned[way][f] = holds(attribute, score, answer.threshold) ? 0 : 1;
      }
    }
  }

  // As if some concepts were those of the average face.
  void remove_concepts(const std::string& name, std::size_t attribute, const Attribute& answer,
                       TestedFace& result) const {
    std::vector<double> terms =
        concept_contributions(subject_.explained, attribute, result.features);
    terms.pop_back();  // neurons without a concept
    std::vector<std::size_t> ours(terms.size());
    std::iota(ours.begin(), ours.end(), 0);
    std::vector<std::size_t> random = ours;
    std::stable_sort(ours.begin(), ours.end(),
                     [&](std::size_t a, std::size_t b) { return terms[a] > terms[b]; });
    NamedRandom chance("random concepts 1", name);
    for (std::size_t i = random.size(); i > 1; --i) {
      std::swap(random[i - 1], random[chance.below(i)]);
    }
    for (std::size_t c = 0; c < kRemovedConcepts.size(); ++c) {
      double way_score[2] = {result.scores[attribute], result.scores[attribute]};
      for (std::size_t k = 0; k < std::min(kRemovedConcepts[c], terms.size()); ++k) {
        way_score[0] -= terms[ours[k]];
        way_score[1] -= terms[random[k]];
      }
      for (std::size_t way = 0; way < 2; ++way) {
        result.concept_turned[way][c] = holds(attribute, way_score[way], answer.threshold) ? 0 : 1;
      }
    }
  }

  const Subject& subject_;
  Predictor predictor_;
  Aligner aligner_;
  SquareReader reader_;
};

}  // namespace

EvaluationResult evaluate_explanations(const EvaluationOptions& options) {
  if (!options.concepts) {
    throw Error(ErrorCode::not_found, "model " + options.model->name() +
                                          " has no file of concepts beside it (facet model "
                                          "explain-fit makes it)");
  }
  check_fit(parts_of(*options.concepts), parts_of(*options.model));
  const EvaluationSet set = wild_set(options.data, options.limit);
  const Head& head = find_head(parts_of(*options.model), options.head.value_or(set.head));
  if (!parts_of(*options.concepts).heads.contains(head.name)) {
    throw Error(ErrorCode::invalid_argument, "the concepts do not cover head " + head.name);
  }
  const Subject subject(options, head);
  std::vector<TestedFace> faces(set.photos.size());
  std::vector<bool> deleted(set.photos.size(), false);
  for (const std::size_t i : spread_evenly(set.photos.size(), kFaces)) deleted[i] = true;
  EvaluationResult result;
  result.unreadable =
      for_each_photo(set.photos, options.threads, "explain", options.progress, [&]() -> PhotoWork {
        const auto test = std::make_shared<FaceTest>(subject, options.precision);
        return [&, test](const ListedPhoto& photo, std::size_t index) {
          test->run(photo, set.photos[index].name, deleted[index], faces[index]);
        };
      });
  result.text = report_explanations({set, head, subject.concepts, faces}, options);
  return result;
}

}  // namespace facet::detail
