// SPDX-License-Identifier: Apache-2.0
// What `facet eval paper` is asked for.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "evaluate/photo_workers.hpp"
#include "facet/precision.hpp"

namespace facet::detail {

struct PaperOptions {
  std::filesystem::path data;  // holds celeba, celeba_frames, celeba_wild, lfwa, scenes
  std::filesystem::path
      models;                  // holds best, fast and paper, .safetensors each; paper must be there
  std::filesystem::path out;   // report.html, tables, figures
  std::filesystem::path work;  // results of finished steps, and features: private, may be large
  // A run of recipes/paper_rows.toml, for what needs networks that no model holds.
  std::optional<std::filesystem::path> stages;
  // The repository's results/, for rows that were measured before, in longer runs.
  std::optional<std::filesystem::path> results;
  std::set<std::string> only;  // sections, by name; none: all of them, and report.html
  bool overwrite = false;
  int threads = 1;
  int limit = 0;  // at most so many photos a set, spread evenly; 0: all
  Precision precision = Precision::fp32;
  Progress progress;
  std::function<void(const std::string& line)> log;  // a line a step
};

}  // namespace facet::detail
