// SPDX-License-Identifier: Apache-2.0
// What the steps of a runner share: the oneDNN engine and memory that grows but never shrinks.
#pragma once

#include <oneapi/dnnl/dnnl.hpp>

#include "network/aligned_buffer.hpp"

namespace facet::detail {

// One for the process, so that weights prepared by one runner serve all. Immutable.
inline const dnnl::engine& processor() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

struct Workspace {
  dnnl::engine engine = processor();
  dnnl::stream stream{engine};
  AlignedBuffer scratchpad;  // of the oneDNN primitive that is running
  AlignedBuffer gathered;    // input and output of one bank of a local layer
  AlignedBuffer convolved;
};

}  // namespace facet::detail
