// SPDX-License-Identifier: Apache-2.0
// Runs the real facet program.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace facet::detail {

struct CommandResult {
  int exit_code = -1;  // 128 + signal where it was killed
  std::string out;
  std::string err;
};

struct CommandOptions {
  std::string standard_input;
  std::filesystem::path folder;          // to run in; empty: this one
  std::vector<std::string> environment;  // NAME=value, beside what the test has
};

// A program that goes on until it is told to end.
class RunningFacet {
 public:
  explicit RunningFacet(const std::vector<std::string>& arguments,
                        const CommandOptions& options = {});
  ~RunningFacet();  // kills it
  RunningFacet(const RunningFacet&) = delete;
  RunningFacet& operator=(const RunningFacet&) = delete;

  void send(int signal) const;
  CommandResult wait();
  // What it wrote so far.
  [[nodiscard]] std::string out() const;
  [[nodiscard]] std::string err() const;

 private:
  struct Streams;
  std::unique_ptr<Streams> streams_;
  pid_t child_ = -1;
};

CommandResult run_facet(const std::vector<std::string>& arguments,
                        const CommandOptions& options = {});

}  // namespace facet::detail
