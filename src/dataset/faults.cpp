// SPDX-License-Identifier: Apache-2.0
#include "dataset/faults.hpp"

namespace facet::detail {

void Faults::error(ErrorCode code, const std::string& message) {
  if (mode_ == Mode::throw_first) throw Error(code, message);
  findings_.push_back({Finding::Level::error, message});
}

void Faults::warning(const std::string& message) {
  if (mode_ == Mode::gather) findings_.push_back({Finding::Level::warning, message});
}

void Faults::note(const std::string& message) {
  if (mode_ == Mode::gather) findings_.push_back({Finding::Level::note, message});
}

}  // namespace facet::detail
