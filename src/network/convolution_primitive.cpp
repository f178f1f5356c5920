// SPDX-License-Identifier: Apache-2.0
#include "network/convolution_primitive.hpp"

#include <array>
#include <string_view>

#include "network/primitive_execution.hpp"

namespace facet::detail {
namespace {

using dnnl::memory;
using Implementation = dnnl::convolution_forward::primitive_desc;

// oneDNN's convolution walks an image row by row and is slow where the kernel is the whole map,
// one output pixel an image. The same sum is a 1×1 convolution on an image of one row whose
// pixels are the batch: as fast as oneDNN's inner product and, unlike it, not dependent on the
// number of threads.
bool is_fully_connected(const Layer& layer, const MapShape& input) {
  return layer.padding == 0 && input.height == layer.kernel && input.width == layer.kernel;
}

memory::desc plain(const memory::dims& dims, ValueType type) {
  return {dims, data_type(type), memory::format_tag::nhwc};
}

memory::dims filter_dims(const Layer& layer) {
  return {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel};
}

memory::dims row_filter_dims(const Layer& layer) {
  return {layer.out_channels, layer.in_channels * layer.kernel * layer.kernel, 1, 1};
}

int convolved_side(const Layer& layer, int side) {
  return (side + 2 * layer.padding - layer.kernel) / layer.stride + 1;
}

void reorder(const memory& from, const memory& to, Workspace& workspace) {
  memory source = from;
  memory destination = to;
  dnnl::reorder(source, destination).execute(workspace.stream, source, destination);
  workspace.stream.wait();
}

// oneDNN's first choice, except for its batched-GEMM kernels ("brgconv"): these add up a filter's
// products in an order that depends on the number of threads. The kernels behind them in oneDNN's
// list do not, and take as long within a few per cent. And except for its kernels for AMX: its 1×1
// kernel computes four tiles of pixels where a map makes three (6×6 pixels, say), reads and writes
// beyond the end of both maps, and may end the process (oneDNN 2.6). Our own, in amx/, do that
// work.
Implementation choose_implementation(const dnnl::convolution_forward::desc& description,
                                     const dnnl::primitive_attr& attributes,
                                     const Workspace& workspace) {
  Implementation candidate(description, attributes, workspace.engine);
  do {
    const std::string_view name = candidate.impl_info_str();
    if (name.starts_with("ref")) break;  // plain loops, a thousand times slower
    const bool for_amx = name.find("amx") != std::string_view::npos;
    if (!name.starts_with("brgconv") && !for_amx) return candidate;
  } while (candidate.next_impl());
  return {description, attributes, workspace.engine};
}

}  // namespace

ConvolutionPrimitive::ConvolutionPrimitive(const Layer& layer, const MapShape& input,
                                           ConvolutionTypes types, Workspace& workspace)
    : layer_(layer),
      fully_connected_(is_fully_connected(layer, input)),
      output_{input.count, convolved_side(layer, input.height), convolved_side(layer, input.width),
              layer.out_channels} {
  memory::dims source = {input.count, input.channels, input.height, input.width};
  memory::dims destination = {output_.count, output_.channels, output_.height, output_.width};
  memory::dims filter = filter_dims(layer);
  memory::dims stride = {layer.stride, layer.stride};
  if (fully_connected_) {
    filter = row_filter_dims(layer);
    source = {1, filter[1], 1, input.count};
    destination = {1, layer.out_channels, 1, input.count};
    stride = {1, 1};
  }
  const memory::dims padding = {layer.padding, layer.padding};
  const memory::desc any_filter(filter, data_type(types.source), memory::format_tag::any);
  const memory::desc bias({layer.out_channels}, memory::data_type::f32, memory::format_tag::x);
  const dnnl::convolution_forward::desc description(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
      plain(source, types.source), any_filter, bias, plain(destination, types.destination), stride,
      padding, padding);

  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  dnnl::post_ops afterwards;
  if (!layer.add.empty()) afterwards.append_sum();
  if (layer.relu) afterwards.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
  attributes.set_post_ops(afterwards);
  const Implementation chosen = choose_implementation(description, attributes, workspace);
  primitive_ = dnnl::convolution_forward(chosen);
  weight_format_ = chosen.weights_desc();
  source_ = memory(chosen.src_desc(), workspace.engine, nullptr);
  destination_ = memory(chosen.dst_desc(), workspace.engine, nullptr);
  scratchpad_ = memory(chosen.scratchpad_desc(), workspace.engine, nullptr);
}

memory ConvolutionPrimitive::prepare_weight(const float* weight, Workspace& workspace) const {
  // oneDNN reads through a non-const handle.
  memory given({filter_dims(layer_), memory::data_type::f32, memory::format_tag::oihw},
               workspace.engine, const_cast<float*>(weight));
  memory prepared(weight_format_, workspace.engine);
  if (!fully_connected_) {
    reorder(given, prepared, workspace);
    return prepared;
  }
  // Rows of filters in the order of a map's values: y, x, channel.
  const memory rows({filter_dims(layer_), memory::data_type::f32, memory::format_tag::ohwi},
                    workspace.engine);
  reorder(given, rows, workspace);
  const memory row_filters(
      {row_filter_dims(layer_), memory::data_type::f32, memory::format_tag::oihw}, workspace.engine,
      rows.get_data_handle());
  reorder(row_filters, prepared, workspace);
  return prepared;
}

memory ConvolutionPrimitive::prepare_bias(const float* bias, Workspace& workspace) const {
  return {{{layer_.out_channels}, memory::data_type::f32, memory::format_tag::x},
          workspace.engine,
          const_cast<float*>(bias)};
}

void ConvolutionPrimitive::execute(const void* input, const PreparedBank& bank, void* output,
                                   Workspace& workspace) {
  source_.set_data_handle(const_cast<void*>(input));
  destination_.set_data_handle(output);
  lend_scratchpad(scratchpad_, workspace);
  execute_primitive(primitive_, workspace.stream,
                    std::array<dnnl_exec_arg_t, 5>{{{DNNL_ARG_SRC, source_.get()},
                                                    {DNNL_ARG_WEIGHTS, bank.weight.get()},
                                                    {DNNL_ARG_BIAS, bank.bias.get()},
                                                    {DNNL_ARG_DST, destination_.get()},
                                                    {DNNL_ARG_SCRATCHPAD, scratchpad_.get()}}});
}

PreparedBank PreparedWeights::get(const ConvolutionPrimitive& primitive, std::size_t layer,
                                  int bank, const float* weight, const float* bias,
                                  Workspace& workspace) {
  const std::lock_guard lock(mutex_);
  std::vector<PreparedBank>& formats = banks_[{layer, bank}];
  for (const PreparedBank& format : formats) {
    if (format.weight.get_desc() == primitive.weight_format()) return format;
  }
  formats.push_back(
      {primitive.prepare_weight(weight, workspace), primitive.prepare_bias(bias, workspace)});
  return formats.back();
}

}  // namespace facet::detail
