// SPDX-License-Identifier: Apache-2.0
// A facet model: the networks, heads and all settings that a prediction needs, in one file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "facet/api.hpp"

namespace facet {

namespace detail {
struct ModelParts;
struct ModelAccess;
}  // namespace detail

// Immutable and thread-safe; share one among all predictors of a process. Weights that predictors
// bring into the order of their kernels are kept with the model, once for all of them.
class FACET_API Model {
 public:
  // Reads and checks a model file. Throws Error: not_found, bad_model (one line that says what is
  // wrong: not a safetensors file, truncated, checksum differs, a layer missing, …).
  static std::shared_ptr<const Model> load(const std::filesystem::path& path);
  // The same from the bytes of such a file, which may go afterwards; `name` stands for the path in
  // messages.
  static std::shared_ptr<const Model> load(std::span<const std::byte> bytes,
                                           const std::string& name = "model");
  // load(find_default()).
  static std::shared_ptr<const Model> load_default();

  // Where the default model lies: what `FACET_MODEL` names; else `best`, else `paper`, in
  // ../models or ../share/facet/models seen from the library that facet is in (libfacet.so, or the
  // program where it is linked into that). Throws Error(not_found) naming what it tried.
  static std::filesystem::path find_default();

  [[nodiscard]] const std::string& name() const;      // e.g. "paper"
  [[nodiscard]] const std::string& version() const;   // of the weights, not of the program
  [[nodiscard]] const std::string& checksum() const;  // SHA-256 of the contents, hex
  [[nodiscard]] const std::string& licence() const;   // of the weights and the data behind them
  // Labels of a head ("celeba", "lfwa"); throws Error(invalid_argument) for an unknown head.
  [[nodiscard]] const std::vector<std::string>& attribute_names(const std::string& head) const;
  [[nodiscard]] std::vector<std::string> heads() const;
  // Numbers in a face's feature vector as Predictor::features gives it for that head.
  [[nodiscard]] int feature_size(const std::string& head) const;
  // Everything `facet model info` shows, as one JSON object: networks, cost, heads, thresholds,
  // the four box numbers, the training run.
  [[nodiscard]] std::string info_json() const;

 private:
  friend struct detail::ModelAccess;
  explicit Model(std::shared_ptr<const detail::ModelParts> parts);
  std::shared_ptr<const detail::ModelParts> parts_;
};

}  // namespace facet
