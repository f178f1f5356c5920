// SPDX-License-Identifier: Apache-2.0
#include "output_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <system_error>

#include "facet/error.hpp"

namespace facet::cli {

namespace fs = std::filesystem;

OutputFile::OutputFile(const std::string& name) : name_(name) {
  if (name_.empty() || name_ == "-") {
    name_.clear();
    return;
  }
  std::error_code ignored;
  const fs::path resolved = fs::weakly_canonical(name_, ignored);  // a link stays a link
  target_ = resolved.empty() ? fs::path(name_) : resolved;
  const fs::file_status status = fs::status(target_, ignored);
  if (fs::is_directory(status)) {
    throw Error(ErrorCode::io, name_ + ": is a folder, not a file to write to");
  }
  if (!fs::exists(status) || fs::is_regular_file(status)) {
    temporary_ = target_;
    temporary_ += std::string(".").append(std::to_string(::getpid())).append(".part");
  }
  errno = 0;
  file_.open(temporary_.empty() ? target_ : temporary_, std::ios::binary | std::ios::trunc);
  if (!file_) {
    throw Error(ErrorCode::io, name_ + ": cannot write: " + std::strerror(errno));
  }
}

OutputFile::~OutputFile() {
  if (temporary_.empty()) return;
  file_.close();
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

std::ostream& OutputFile::stream() {
  if (name_.empty()) return std::cout;
  return file_;
}

void OutputFile::commit() {
  stream().flush();
  if (!name_.empty()) file_.close();
  if (!stream()) {
    throw Error(ErrorCode::io, (name_.empty() ? "standard output" : name_) + ": write failed");
  }
  if (temporary_.empty()) return;
  std::error_code error;
  fs::rename(temporary_, target_, error);
  if (error) throw Error(ErrorCode::io, name_ + ": cannot write: " + error.message());
  temporary_.clear();
}

}  // namespace facet::cli
