// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/paper_context.hpp"

#include <utility>

#include "evaluate/paper/attribute_planes.hpp"
#include "evaluate/paper/hand_made_features.hpp"
#include "evaluate/paper/neuron_responses.hpp"
#include "evaluate/run_record.hpp"
#include "facet/error.hpp"
#include "heads/linear_head.hpp"
#include "model/model_access.hpp"
#include "stages/stage_network.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

constexpr int kFittingPhotos = 3;  // times options.limit

std::vector<PaperModel> read_models(const std::filesystem::path& folder) {
  std::vector<PaperModel> models;
  for (const char* name : {"best", "fast", "paper"}) {
    const auto file = folder / (std::string(name) + ".safetensors");
    // The report is about `paper`; the others are compared with it.
    if (std::string(name) != "paper" && !std::filesystem::exists(file)) continue;
    models.push_back({name, Model::load(file)});
  }
  return models;
}

const std::string& feature_layer(const Model& model, const std::string& head) {
  return find_head(parts_of(model), head).feature_layer;
}

}  // namespace

PaperContext::PaperContext(PaperOptions options)
    : options_(std::move(options)),
      models_(read_models(options_.models)),
      store_(options_.work,
             record_run(*models_.back().model, options_.threads, options_.precision).revision,
             options_.log) {
}

const PaperSet& PaperContext::set(const std::string& name) {
  const auto known = sets_.find(name);
  if (known != sets_.end()) return known->second;
  // What heads are fitted to may be more than what they are measured on.
  const bool fits = name == "svm" || name == "lfwa-training";
  const int limit = options_.limit * (fits ? kFittingPhotos : 1);
  return sets_.emplace(name, read_paper_set(name, options_.data, limit)).first->second;
}

bool PaperContext::has_set(const std::string& name) {
  try {
    set(name);
    return true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return false;
  }
}

json PaperContext::photos_key(const std::string& name) {
  const PaperSet& photos = set(name);
  return {{"set", name},
          {"photos", photos.size()},
          {"people", photos.people},
          {"limit", options_.limit},
          {"precision", static_cast<int>(options_.precision)}};
}

const DescribedFaces& PaperContext::faces(const PaperModel& model, const std::string& name) {
  const std::string key = "faces-" + model.name + '-' + name;
  if (const auto known = faces_.find(key); known != faces_.end()) return known->second;
  json settings = photos_key(name);
  settings["model"] = model.model->checksum();
  const PaperSet& photos = set(name);
  StoredTables tables = store_.tables(key, settings, [&] {
    return describe_strongest(model.model, feature_layer(*model.model, photos.photos.head), photos,
                              options_);
  });
  return faces_.emplace(key, faces_of(std::move(tables))).first->second;
}

const DescribedFaces& PaperContext::listed_faces(const PaperModel& model, const std::string& name) {
  const std::string key = "listed-" + model.name + '-' + name;
  if (const auto known = faces_.find(key); known != faces_.end()) return known->second;
  json settings = photos_key(name);
  settings["model"] = model.model->checksum();
  const PaperSet& photos = set(name);
  StoredTables tables = store_.tables(key, settings, [&] {
    return describe_listed(model.model, feature_layer(*model.model, photos.photos.head), photos,
                           options_);
  });
  return faces_.emplace(key, faces_of(std::move(tables))).first->second;
}

AnswerCounts PaperContext::answers(const PaperModel& model, const std::string& name,
                                   const DescribedFaces& faces) {
  return answers(model, name, faces, all_photos(set(name)));
}

AnswerCounts PaperContext::answers(const PaperModel& model, const std::string& name,
                                   const DescribedFaces& faces,
                                   std::span<const std::size_t> listed) {
  const PaperSet& photos = set(name);
  const Head& head = find_head(parts_of(*model.model), photos.photos.head);
  std::vector<std::size_t> places;  // of the head's attributes among the labels
  for (const std::string& attribute : head.attributes)
    places.push_back(photos.attribute(attribute));
  AnswerCounts counts(photos.people, photos.attributes());
  for (const std::size_t i : listed) {
    if (!faces.readable[i]) continue;
    // The score of the mean is the mean of the patches' scores.
    const std::span<const float> row(faces.features.row(i), faces.features.width);
    const std::vector<Attribute> said = calibrate(head, head_scores(head, row, 1));
    for (std::size_t k = 0; k < said.size(); ++k) {
      counts.add(photos.person_of[i], places[k], said[k].present, photos.has(i, places[k]));
    }
  }
  return counts;
}

const StoredTables& PaperContext::hand_made(const std::string& name) {
  const std::string key = "hand-made-" + name;
  if (const auto known = tables_.find(key); known != tables_.end()) return known->second;
  json settings = photos_key(name);
  settings["model"] = paper().model->checksum();
  const DescribedFaces& where = faces(paper(), name);
  return tables_
      .emplace(key, store_.tables(key, settings,
                                  [&] { return hand_made_features(set(name), where, options_); }))
      .first->second;
}

const StoredTables& PaperContext::responses(const Network& network, const std::string& name) {
  const std::string sum = network.checksum();
  const std::string key = "responses-" + sum.substr(0, 12) + '-' + name;
  if (const auto known = tables_.find(key); known != tables_.end()) return known->second;
  json settings = photos_key(name);
  settings["network"] = sum;
  settings["model"] = paper().model->checksum();
  const DescribedFaces& where = faces(paper(), name);
  return tables_
      .emplace(key, store_.tables(key, settings,
                                  [&] {
                                    return neuron_responses(network,
                                                            parts_of(*paper().model).patches,
                                                            set(name), where, options_);
                                  }))
      .first->second;
}

const Network* PaperContext::stage(const std::string& name) {
  if (!options_.stages) return nullptr;
  const auto known = stages_.find(name);
  if (known != stages_.end()) return known->second ? &*known->second : nullptr;
  std::optional<Network>& network = stages_[name];
  const auto folder = *options_.stages / name;
  if (std::filesystem::exists(folder / "network.safetensors")) {
    NetworkPart part = read_stage_network(*options_.stages, name);
    network.emplace(std::move(part.spec), std::move(part.weights));
  }
  return network ? &*network : nullptr;
}

}  // namespace facet::detail
