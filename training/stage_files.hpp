// SPDX-License-Identifier: Apache-2.0
// The files that a stage learns from, and what they were: a run that goes on later must find the
// same.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pack/pack_reader.hpp"
#include "probability_list.hpp"
#include "window_list.hpp"

namespace facet::training {
using namespace detail;

class StageFiles {
 public:
  // `packs`: folder of the packs; `out`: of the stages' results.
  StageFiles(std::filesystem::path packs, std::filesystem::path out, int threads)
      : packs_(std::move(packs)), out_(std::move(out)), threads_(threads) {}

  // Each throws Error where the file is missing or not what it should be.
  std::shared_ptr<Pack> pack(const std::string& name, int partition);
  // A teacher's answers that travel with a pack.
  ProbabilityList pack_probabilities(const std::string& pack,
                                     const std::vector<std::string>& attributes);
  // Results of earlier stages, "STAGE/FILE".
  WindowList windows(const std::string& file);
  ProbabilityList targets(const std::string& file, const std::vector<std::string>& attributes);
  // Another file of an earlier stage, which somebody else reads.
  std::filesystem::path result(const std::string& file);
  // The same, in another folder.
  std::filesystem::path from(const std::filesystem::path& folder, const std::string& file);

  // Of every file read so far, by name below its folder: its SHA-256; of packs that of their index.
  [[nodiscard]] const std::map<std::string, std::string>& checksums() const { return checksums_; }

 private:
  // Remembers what the file is.
  std::filesystem::path noted(const std::filesystem::path& folder, const std::string& file);

  std::filesystem::path packs_;
  std::filesystem::path out_;
  int threads_;
  std::map<std::string, std::string> checksums_;
};

}  // namespace facet::training
