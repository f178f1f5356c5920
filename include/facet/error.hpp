// SPDX-License-Identifier: Apache-2.0
// The one family of exceptions that facet throws.
#pragma once

#include <stdexcept>
#include <string>

#include "facet/api.hpp"

namespace facet {

// What went wrong, for callers that translate errors (exit codes, HTTP status, C API).
enum class ErrorCode {
  invalid_argument,  // the caller's request makes no sense
  not_found,         // a file or folder that was named does not exist
  unreadable,        // a photo that cannot be decoded
  too_large,         // a photo above the pixel limit, refused before decoding
  bad_model,         // a model file that is corrupt, truncated, foreign or does not fit
  bad_label,         // a label file with a wrong count, name or value
  io,                // reading or writing failed below us
  unsupported,       // valid, but not something this build or machine can do
  cancelled,         // the caller's stop token asked to end
  timed_out,         // the caller's deadline passed
  out_of_memory,     // the system gave no more
  internal,          // a fault of facet's own or of a library below it
};

// Every error that the library raises. `what()` is one line that names the file, the line and
// the value concerned, fit to be shown to a user. The library never prints, exits or aborts.
class FACET_API Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace facet
