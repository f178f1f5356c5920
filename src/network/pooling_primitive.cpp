// SPDX-License-Identifier: Apache-2.0
#include "network/pooling_primitive.hpp"

#include <array>

#include "network/primitive_execution.hpp"

namespace facet::detail {

using dnnl::memory;

PoolingPrimitive::PoolingPrimitive(const Layer& layer, const MapShape& input,
                                   const MapShape& output, ValueType type, Workspace& workspace) {
  const memory::desc source({input.count, input.channels, input.height, input.width},
                            data_type(type), memory::format_tag::nhwc);
  const memory::desc destination({output.count, output.channels, output.height, output.width},
                                 data_type(type), memory::format_tag::nhwc);
  const memory::dims padding = {layer.padding, layer.padding};
  const dnnl::pooling_forward::desc description(dnnl::prop_kind::forward_inference,
                                                layer.kind == LayerKind::max_pool
                                                    ? dnnl::algorithm::pooling_max
                                                    : dnnl::algorithm::pooling_avg_exclude_padding,
                                                source, destination, {layer.stride, layer.stride},
                                                {layer.kernel, layer.kernel}, padding, padding);
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const dnnl::pooling_forward::primitive_desc chosen(description, attributes, workspace.engine);
  primitive_ = dnnl::pooling_forward(chosen);
  source_ = memory(source, workspace.engine, nullptr);
  destination_ = memory(destination, workspace.engine, nullptr);
  scratchpad_ = memory(chosen.scratchpad_desc(), workspace.engine, nullptr);
}

void PoolingPrimitive::execute(const void* input, void* output, Workspace& workspace) {
  // oneDNN reads through a non-const handle.
  source_.set_data_handle(const_cast<void*>(input));
  destination_.set_data_handle(output);
  lend_scratchpad(scratchpad_, workspace);
  execute_primitive(primitive_, workspace.stream,
                    std::array<dnnl_exec_arg_t, 3>{{{DNNL_ARG_SRC, source_.get()},
                                                    {DNNL_ARG_DST, destination_.get()},
                                                    {DNNL_ARG_SCRATCHPAD, scratchpad_.get()}}});
}

}  // namespace facet::detail
