// SPDX-License-Identifier: Apache-2.0
// What all sections of the report share: models, photos, and what was computed of them once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evaluate/paper/answer_counts.hpp"
#include "evaluate/paper/described_faces.hpp"
#include "evaluate/paper/paper_options.hpp"
#include "evaluate/paper/paper_sets.hpp"
#include "evaluate/paper/result_store.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {

struct PaperModel {
  std::string name;  // "best", "fast", "paper"
  std::shared_ptr<const Model> model;
};

class PaperContext {
 public:
  // Reads the models. Throws Error(not_found) where `paper` is missing.
  explicit PaperContext(PaperOptions options);

  [[nodiscard]] const PaperOptions& options() const { return options_; }
  ResultStore& store() { return store_; }
  // Those that are there, in the order best, fast, paper.
  [[nodiscard]] const std::vector<PaperModel>& models() const { return models_; }
  [[nodiscard]] const PaperModel& paper() const { return models_.back(); }

  // Read when first asked for.
  const PaperSet& set(const std::string& name);
  bool has_set(const std::string& name);

  // By each model's own LNet, or at the listed boxes of a detector.
  const DescribedFaces& faces(const PaperModel& model, const std::string& set);
  const DescribedFaces& listed_faces(const PaperModel& model, const std::string& set);
  // Answers of the model's own head about described faces.
  AnswerCounts answers(const PaperModel& model, const std::string& set,
                       const DescribedFaces& faces);
  // About the photos listed alone.
  AnswerCounts answers(const PaperModel& model, const std::string& set, const DescribedFaces& faces,
                       std::span<const std::size_t> photos);

  // HOG and colours, at the boxes of `paper`.
  const StoredTables& hand_made(const std::string& set);
  // Neurons of an ANet of the paper's layers, at the boxes of `paper`.
  const StoredTables& responses(const Network& network, const std::string& set);
  // The network that a stage of recipes/paper_rows.toml left; none where it was not run.
  const Network* stage(const std::string& name);

  // What decides whether a stored result of these photos serves.
  nlohmann::json photos_key(const std::string& set);

 private:
  PaperOptions options_;
  std::vector<PaperModel> models_;
  ResultStore store_;
  std::map<std::string, PaperSet> sets_;
  std::map<std::string, DescribedFaces> faces_;
  std::map<std::string, StoredTables> tables_;
  std::map<std::string, std::optional<Network>> stages_;
};

}  // namespace facet::detail
