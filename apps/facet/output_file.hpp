// SPDX-License-Identifier: Apache-2.0
// Where results go: standard output, or a file that appears only when it is complete.
#pragma once

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>

namespace facet::cli {

class OutputFile {
 public:
  // An empty name or "-" is standard output. Throws Error(io) where the file cannot be created.
  explicit OutputFile(const std::string& name);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  std::ostream& stream();
  // Flushes and puts the file in place; throws Error(io) where anything could not be written.
  void commit();

 private:
  std::string name_;
  std::filesystem::path target_;
  std::filesystem::path temporary_;  // empty: written in place (standard output, devices, pipes)
  std::ofstream file_;
};

}  // namespace facet::cli
