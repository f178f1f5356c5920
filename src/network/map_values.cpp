// SPDX-License-Identifier: Apache-2.0
#include "network/map_values.hpp"

#include <array>

#include "network/primitive_execution.hpp"

namespace facet::detail {

using dnnl::memory;

Conversion::Conversion(std::size_t count, ValueType from, ValueType to,
                       const Workspace& workspace) {
  const memory::dims all = {static_cast<memory::dim>(count)};
  const memory::desc source(all, data_type(from), memory::format_tag::x);
  const memory::desc target(all, data_type(to), memory::format_tag::x);
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const dnnl::reorder::primitive_desc chosen(workspace.engine, source, workspace.engine, target,
                                             attributes);
  primitive_ = dnnl::reorder(chosen);
  source_ = memory(source, workspace.engine, nullptr);
  target_ = memory(target, workspace.engine, nullptr);
  scratchpad_ = memory(chosen.scratchpad_desc(), workspace.engine, nullptr);
}

void Conversion::execute(const void* source, void* target, Workspace& workspace) {
  // oneDNN reads through a non-const handle.
  source_.set_data_handle(const_cast<void*>(source));
  target_.set_data_handle(target);
  lend_scratchpad(scratchpad_, workspace);
  execute_primitive(primitive_, workspace.stream,
                    std::array<dnnl_exec_arg_t, 3>{{{DNNL_ARG_FROM, source_.get()},
                                                    {DNNL_ARG_TO, target_.get()},
                                                    {DNNL_ARG_SCRATCHPAD, scratchpad_.get()}}});
}

}  // namespace facet::detail
