// SPDX-License-Identifier: Apache-2.0
// Running oneDNN primitives without the allocations of its C++ wrapper.
#pragma once

#include <omp.h>

#include <oneapi/dnnl/dnnl.hpp>
#include <span>

#include "network/workspace.hpp"

namespace facet::detail {

// The threads that oneDNN finds now: it divides the work of a primitive among them when it is made.
inline int current_threads() {
  return omp_in_parallel() != 0 ? 1 : omp_get_max_threads();
}

inline void execute_primitive(const dnnl::primitive& primitive, const dnnl::stream& stream,
                              std::span<const dnnl_exec_arg_t> arguments) {
  dnnl::error::wrap_c_api(
      dnnl_primitive_execute(primitive.get(), stream.get(), static_cast<int>(arguments.size()),
                             arguments.data()),
      "could not execute a primitive");
  dnnl::error::wrap_c_api(dnnl_stream_wait(stream.get()), "could not wait for a primitive");
}

// Points `scratchpad` at the workspace's memory, which all primitives use in turn.
inline void lend_scratchpad(dnnl::memory& scratchpad, Workspace& workspace) {
  std::size_t bytes = 0;
  const dnnl_memory_desc_t* description = nullptr;
  dnnl::error::wrap_c_api(dnnl_memory_get_memory_desc(scratchpad.get(), &description),
                          "could not read a memory descriptor");
  bytes = dnnl_memory_desc_get_size(description);
  if (bytes == 0) return;
  scratchpad.set_data_handle(workspace.scratchpad.reserve_bytes(bytes));
}

}  // namespace facet::detail
