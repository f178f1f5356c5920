// SPDX-License-Identifier: Apache-2.0
#include "teach/concept_fit.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "base/parallel_loop.hpp"
#include "base/thread_limit.hpp"
#include "describe/describer.hpp"
#include "explain/attribute_terms.hpp"
#include "facet/error.hpp"
#include "facet/predictor.hpp"
#include "format/safetensors.hpp"
#include "heads/linear_head.hpp"
#include "heads/taught_head_match.hpp"
#include "image/photo_fault.hpp"
#include "model/model_access.hpp"
#include "teach/neuron_faces.hpp"

namespace facet::detail {
namespace {

constexpr std::size_t kMapEvery = 4;  // photos of which the map enters the mean map: every fourth

// Photos with labels, described.
struct Described {
  std::vector<LabelledPhoto> photos;
  std::vector<std::string> attributes;  // of their labels
  std::vector<float> features;          // photos × neurons: the mean over patches
  std::vector<Image> faces;             // as ANet sees them, kMeanFaceSide
  std::vector<double> map_sum;          // of the layer below, over patches and photos
  std::size_t maps = 0;
};

struct Looks {
  std::string feature_layer;
  std::string map_layer;  // empty: none
  bool faces = false;
};

// One photo's strongest face.
struct Look {
  std::vector<float> features;
  std::vector<float> maps;  // patch after patch; empty unless asked for
  Image face;
};

class FaceReader {
 public:
  FaceReader(const std::shared_ptr<const Model>& model, const Looks& looks)
      : looks_(looks),
        patches_(parts_of(*model).patches),
        predictor_(model, 1, Precision::fp32),
        describer_(model, Precision::fp32),
        aligner_(model, Precision::fp32) {}

  Look look(const Image& photo, bool with_map) {
    LocateOptions strongest;
    strongest.dominant = true;
    const Face face = predictor_.locate(photo, strongest).faces.at(0);
    const FaceInPhoto place{photo, face.box, face.turn};
    Look look;
    look.features = mean_over_patches(describer_.features({&place, 1}, looks_.feature_layer),
                                      describer_.patches_per_face());
    if (with_map) look.maps = describer_.features({&place, 1}, looks_.map_layer);
    if (looks_.faces) {
      const FacePose pose = aligner_.align({&place, 1}).front();
      look.face = cut_square(photo, face_region(pose, patches_), kMeanFaceSide);
    }
    return look;
  }

 private:
  Looks looks_;
  PatchSettings patches_;
  Predictor predictor_;
  Describer describer_;
  Aligner aligner_;
};

std::vector<LabelledPhoto> spread(std::vector<LabelledPhoto> photos, int limit) {
  const std::size_t count = photos.size();
  if (limit <= 0 || count <= static_cast<std::size_t>(limit)) return photos;
  std::vector<LabelledPhoto> kept;
  for (std::size_t i = 0; i < static_cast<std::size_t>(limit); ++i) {
    kept.push_back(std::move(photos[i * count / static_cast<std::size_t>(limit)]));
  }
  return kept;
}

Described describe(const std::shared_ptr<const Model>& model, const Collection& collection,
                   int partition, const Looks& looks, const ConceptFitSettings& settings,
                   std::vector<std::string>& unreadable) {
  std::vector<LabelledPhoto> photos;
  for (const LabelledPhoto& photo : collection.photos) {
    if (photo.partition == partition && photo.identity >= 0) photos.push_back(photo);
  }
  photos = spread(std::move(photos), settings.limit);
  if (photos.empty()) {
    throw Error(ErrorCode::not_found, collection.root.string() +
                                          ": no photos of named people in part " +
                                          std::to_string(partition));
  }
  std::vector<std::optional<Look>> seen(photos.size());
  std::mutex mutex;
  std::size_t done = 0;
  for_each_worker(photos.size(), settings.threads, [&]() -> IndexedWork {
    const auto reader = std::make_shared<FaceReader>(model, looks);
    return [&, reader](std::size_t i) {
      const ThreadLimit limit(1);
      std::string fault;
      try {
        seen[i] = reader->look(read_image(photos[i].path),
                               !looks.map_layer.empty() && i % kMapEvery == 0);
      } catch (const Error& error) {
        if (!is_fault_of_photo(error.code())) throw;
        fault = photos[i].path.string() + ": " + error.what();
      }
      const std::lock_guard<std::mutex> lock(mutex);
      if (!fault.empty()) unreadable.push_back(fault);
      if (settings.progress) settings.progress(collection.root.filename(), ++done, photos.size());
    };
  });
  std::sort(unreadable.begin(), unreadable.end());
  Described result;
  result.attributes = collection.attribute_names;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (!seen[i]) continue;
    result.photos.push_back(std::move(photos[i]));
    Look& look = *seen[i];
    result.features.insert(result.features.end(), look.features.begin(), look.features.end());
    if (looks.faces) result.faces.push_back(std::move(look.face));
    if (look.maps.empty()) continue;
    const Layer& layer = parts_of(*model).anet->spec().layers.at(
        parts_of(*model).anet->layer_index(looks.feature_layer));
    const std::size_t size = static_cast<std::size_t>(layer.kernel) *
                             static_cast<std::size_t>(layer.kernel) *
                             static_cast<std::size_t>(layer.in_channels);
    result.map_sum.resize(size, 0.0);
    for (std::size_t k = 0; k < look.maps.size(); ++k) result.map_sum[k % size] += look.maps[k];
    result.maps += look.maps.size() / size;
  }
  return result;
}

// What is stored in half precision is what everything else is made from.
float stored(double value) {
  return from_half(to_half(static_cast<float>(value)));
}

void compare_neurons(const Described& described, ConceptParts& parts) {
  const std::size_t photos = described.photos.size();
  const std::size_t neurons = described.features.size() / photos;
  const std::size_t attributes = described.attributes.size();
  parts.attributes = described.attributes;
  parts.correlation.assign(neurons * attributes, 0.0F);
  std::vector<double> share(attributes, 0.0);
  for (const LabelledPhoto& photo : described.photos) {
    for (std::size_t a = 0; a < attributes; ++a) share[a] += photo.labels.at(a) > 0 ? 1 : 0;
  }
  for (double& one : share) one /= static_cast<double>(photos);
  for (std::size_t n = 0; n < neurons; ++n) {
    double sum = 0;
    double squares = 0;
    std::vector<double> with(attributes, 0.0);
    for (std::size_t i = 0; i < photos; ++i) {
      const double value = described.features[i * neurons + n];
      sum += value;
      squares += value * value;
      for (std::size_t a = 0; a < attributes; ++a) {
        if (described.photos[i].labels[a] > 0) with[a] += value;
      }
    }
    const double mean = sum / static_cast<double>(photos);
    const double deviation =
        std::sqrt(std::max(0.0, squares / static_cast<double>(photos) - mean * mean));
    parts.mean.push_back(stored(mean));
    parts.deviation.push_back(stored(deviation));
    for (std::size_t a = 0; a < attributes; ++a) {
      const double spread_of = deviation * std::sqrt(share[a] * (1 - share[a]));
      if (spread_of < 1e-9) continue;
      const double covariance = with[a] / static_cast<double>(photos) - mean * share[a];
      parts.correlation[n * attributes + a] = stored(covariance / spread_of);
    }
  }
}

// The least and most that 98 of 100 faces have of each concept.
void set_ranges(const Described& described, const ConceptParts& parts, const ConceptGroups& groups,
                const Head& head, HeadConcepts& concepts) {
  const std::size_t photos = described.photos.size();
  const std::size_t neurons = parts.mean.size();
  const ExplainedHead explained{parts, groups, head, concepts};
  const std::size_t count = groups.concepts.size();
  for (std::size_t attribute = 0; attribute < head.attributes.size(); ++attribute) {
    std::vector<std::vector<double>> values(count);
    for (std::size_t i = 0; i < photos; ++i) {
      const auto sums = concept_contributions(
          explained, attribute, std::span(described.features).subspan(i * neurons, neurons));
      for (std::size_t k = 0; k < count; ++k) values[k].push_back(sums[k]);
    }
    for (std::vector<double>& of_concept : values) {
      std::sort(of_concept.begin(), of_concept.end());
      concepts.concept_low.push_back(stored(of_concept[photos / 100]));
      concepts.concept_high.push_back(stored(of_concept[photos - 1 - photos / 100]));
    }
  }
}

SparseLesson lesson_of(const Described& described, const Head& head,
                       const std::vector<bool>& chooses) {
  SparseLesson lesson;
  lesson.neurons = described.features.size() / described.photos.size();
  lesson.features = described.features;
  lesson.chooses = chooses;
  std::vector<std::size_t> places;
  for (const std::string& name : head.attributes) {
    const auto place = std::find(described.attributes.begin(), described.attributes.end(), name);
    if (place == described.attributes.end()) {
      throw Error(ErrorCode::bad_label, "the labels lack the head's attribute " + name);
    }
    places.push_back(static_cast<std::size_t>(place - described.attributes.begin()));
  }
  for (const LabelledPhoto& photo : described.photos) {
    for (const std::size_t place : places) {
      lesson.labels.push_back(photo.labels.at(place) > 0 ? 1 : 0);
    }
  }
  return lesson;
}

// As the stage that fitted the head had them choose: people of odd number, or every tenth by name.
std::vector<bool> choosing(const Described& described, bool odd) {
  std::set<int> people;
  for (const LabelledPhoto& photo : described.photos) people.insert(photo.identity);
  std::set<int> chosen;
  int rank = 0;
  for (const int person : people) {
    if (odd ? person % 2 != 0 : rank++ % 10 == 0) chosen.insert(person);
  }
  std::vector<bool> chooses;
  for (const LabelledPhoto& photo : described.photos) {
    chooses.push_back(chosen.count(photo.identity) > 0);
  }
  return chooses;
}

std::size_t people_in(const Described& described) {
  std::set<int> people;
  for (const LabelledPhoto& photo : described.photos) people.insert(photo.identity);
  return people.size();
}

nlohmann::json record(const SparseHeads& heads, const Described& described) {
  double neurons = 0;
  double kept = 0;
  double agreement = 0;
  std::size_t reached = 0;
  for (const SparseAttribute& one : heads.attributes) {
    neurons += static_cast<double>(one.neurons);
    kept += one.full_balanced > 0 ? one.balanced / one.full_balanced : 1;
    agreement += one.agreement;
    reached += one.reached ? 1 : 0;
  }
  const auto count = static_cast<double>(heads.attributes.size());
  const auto round = [](double value) { return std::round(value * 1e4) / 1e4; };
  return {{"photos", described.photos.size()},      {"people", people_in(described)},
          {"mean_neurons", round(neurons / count)}, {"kept_balanced_accuracy", round(kept / count)},
          {"agreement", round(agreement / count)},  {"attributes_that_keep_99_percent", reached}};
}

void add_head(const std::string& name, const Head& head, const Described& described, bool odd,
              const ConceptGroups& groups, const ConceptFitSettings& settings, ConceptFit& fit) {
  SparseSettings sparse;
  sparse.threads = settings.threads;
  const SparseHeads heads =
      fit_sparse_heads(lesson_of(described, head, choosing(described, odd)), head, sparse);
  HeadConcepts concepts;
  concepts.checksum = head_checksum(head);
  for (const SparseAttribute& one : heads.attributes) {
    for (const float weight : one.weight) concepts.sparse_weight.push_back(stored(weight));
    concepts.sparse_bias.push_back(one.bias);
    concepts.sparse_a.push_back(one.a);
    concepts.sparse_b.push_back(one.b);
  }
  set_ranges(described, fit.parts, groups, head, concepts);
  fit.parts.provenance["heads"][name] = record(heads, described);
  fit.parts.heads.emplace(name, std::move(concepts));
  fit.heads.emplace(name, heads);
}

// The layer that the feature layer reads as a whole; empty where it does not.
std::string map_layer(const NetworkSpec& spec, const std::string& feature_layer) {
  for (std::size_t l = 1; l < spec.layers.size(); ++l) {
    const Layer& layer = spec.layers[l];
    if (layer.name == feature_layer && layer.kind == LayerKind::convolution && layer.kernel > 1) {
      return spec.layers[l - 1].name;
    }
  }
  return {};
}

}  // namespace

ConceptFit fit_concepts(const std::shared_ptr<const Model>& model,
                        const std::filesystem::path& data, const ConceptFitSettings& settings) {
  const ModelParts& known = parts_of(*model);
  const Head& celeba = find_head(known, "celeba");
  ConceptFit fit;
  ConceptParts& parts = fit.parts;
  parts.model_name = known.name;
  parts.model_version = known.version;
  parts.anet_checksum = describer_checksum(known);
  parts.feature_layer = celeba.feature_layer;
  Looks looks{celeba.feature_layer, map_layer(known.anet->spec(), celeba.feature_layer), true};
  const Described validation =
      describe(model, read_collection(data / "celeba"), 1, looks, settings, fit.unreadable);
  compare_neurons(validation, parts);
  parts.map_side = 1;
  parts.mean_map = {0.0F};
  if (validation.maps > 0) {
    const Layer& layer = known.anet->spec().layers.at(known.anet->layer_index(looks.feature_layer));
    parts.map_side = layer.kernel;
    parts.mean_map.clear();
    for (const double sum : validation.map_sum) {
      parts.mean_map.push_back(stored(sum / static_cast<double>(validation.maps)));
    }
  }
  parts.face_side = kMeanFaceSide;
  std::vector<int> people;
  for (const LabelledPhoto& photo : validation.photos) people.push_back(photo.identity);
  parts.faces =
      mean_faces(validation.faces, validation.features, parts.mean.size(), people, kFaceColumns);
  parts.provenance = {{"photos", validation.photos.size()},
                      {"people", people_in(validation)},
                      {"people_of_a_mean_face", std::min(kMeanFacePeople, people_in(validation))}};
  const ConceptGroups groups = concept_groups(parts);
  add_head("celeba", celeba, validation, true, groups, settings, fit);
  if (const auto lfwa = known.heads.find("lfwa");
      lfwa != known.heads.end() && lfwa->second.feature_layer == looks.feature_layer) {
    looks.faces = false;
    looks.map_layer.clear();
    const Described training =
        describe(model, read_collection(data / "lfwa"), 0, looks, settings, fit.unreadable);
    add_head("lfwa", lfwa->second, training, false, groups, settings, fit);
  }
  return fit;
}

}  // namespace facet::detail
