// SPDX-License-Identifier: Apache-2.0
// SIGINT and SIGTERM as something that can be waited for, so that what was found is written first.
#pragma once

namespace facet::detail {

// While it lives the two signals end nothing; threads that begin meanwhile leave them alone, too.
// To be made before those, by a program's main thread. Throws Error(io).
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Readable when one has come, and from then on.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool has_come() const;

 private:
  int descriptor_ = -1;
};

}  // namespace facet::detail
