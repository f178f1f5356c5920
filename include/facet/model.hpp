// SPDX-License-Identifier: Apache-2.0
// A facet model: the networks, heads and all settings that a prediction needs, in one file.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace facet {

namespace detail {
struct ModelParts;
}

// Immutable and thread-safe; share one among all predictors of a process.
class Model {
 public:
  // Reads and checks a model file. Throws Error: not_found, bad_model (one line that says what is
  // wrong: not a safetensors file, truncated, checksum differs, a layer missing, …).
  static std::shared_ptr<const Model> load(const std::filesystem::path& path);

  // Where the default model lies: `FACET_MODEL`, else `best`, else `paper` in ../models or
  // ../share/facet/models seen from the executable. Throws Error(not_found) naming what it tried.
  static std::filesystem::path find_default();

  [[nodiscard]] const std::string& name() const;      // e.g. "paper"
  [[nodiscard]] const std::string& version() const;   // of the weights, not of the program
  [[nodiscard]] const std::string& checksum() const;  // SHA-256 of the contents, hex
  [[nodiscard]] const std::string& licence() const;   // of the weights and the data behind them
  // Labels of a head ("celeba", "lfwa"); throws Error(invalid_argument) for an unknown head.
  [[nodiscard]] const std::vector<std::string>& attribute_names(const std::string& head) const;
  [[nodiscard]] std::vector<std::string> heads() const;
  // Everything `facet model info` shows, the four box numbers and the training run included.
  [[nodiscard]] nlohmann::json info() const;

  // For the library's own stages.
  [[nodiscard]] const detail::ModelParts& parts() const { return *parts_; }

 private:
  explicit Model(std::unique_ptr<const detail::ModelParts> parts);
  std::shared_ptr<const detail::ModelParts> parts_;
};

}  // namespace facet
