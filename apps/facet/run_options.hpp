// SPDX-License-Identifier: Apache-2.0
// Options that every command on photos has.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/output_guard.hpp"
#include "facet/image.hpp"
#include "facet/model.hpp"
#include "facet/precision.hpp"
#include "facet/predictor.hpp"
#include "photos/photo_list.hpp"

namespace facet::cli {

struct RunOptions {
  std::vector<std::string> paths;
  std::string format;
  std::string output;
  bool overwrite = false;
  bool videos = false;           // also those of folders
  bool nul = false;              // a list on standard input is separated by NUL
  std::optional<int> max_faces;  // a photo
  std::string model;
  std::optional<float> threshold;
  std::optional<float> min_face;  // auto where there is none
  std::int64_t max_pixels = DecodeOptions().max_pixels;
  bool tolerant = false;
  bool dominant = false;
  Proposals proposals = Proposals::evidence;
  Turns turns = Turns::automatic;
  int threads = 0;  // 0: as many as the machine has
  Precision precision = Precision::automatic;
};

// Adds paths, model, and how photos are read and faces looked for.
void add_input_options(CLI::App& command, RunOptions& options);
// Also --proposals, --turns, --precision, --output and --overwrite; all but --format and
// --dominant, whose texts differ between the commands.
void add_run_options(CLI::App& command, RunOptions& options);

// --overwrite, of commands that write files.
void add_overwrite(CLI::App& command, bool& overwrite);

// --threshold-mode, of commands that say which attributes hold.
void add_threshold_mode(CLI::App& command, ThresholdMode& mode);

// --proposals, of commands that look for faces.
void add_proposals(CLI::App& command, Proposals& proposals);

// --turns, of commands that look for faces.
void add_turns(CLI::App& command, Turns& turns);

// --precision, of commands that run networks; the default is what `precision` holds.
void add_precision(CLI::App& command, Precision& precision);

int thread_count(const RunOptions& options);
// The file that was named, or the one that is taken then.
std::filesystem::path model_file(const std::string& file);
std::shared_ptr<const Model> load_model(const std::string& file);
// What a command on photos writes over; knows the photos, the model and a list on standard input.
detail::OutputGuard guard_of(const RunOptions& options, std::span<const detail::PhotoFile> photos);
std::string model_title(const Model& model);

}  // namespace facet::cli
