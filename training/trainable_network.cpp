// SPDX-License-Identifier: Apache-2.0
#include "trainable_network.hpp"

#include <algorithm>

#include "facet/error.hpp"

namespace facet::training {
namespace {

// Cells of the map as groups of channels, so that one grouped convolution runs all banks.
// `extent` is the side of the piece a bank reads, `step` the distance between pieces.
torch::Tensor cut_cells(const torch::Tensor& x, int per_side, int step, int extent) {
  std::vector<torch::Tensor> pieces;
  for (int i = 0; i < per_side; ++i) {
    for (int j = 0; j < per_side; ++j) {
      pieces.push_back(
          x.slice(2, i * step, i * step + extent).slice(3, j * step, j * step + extent));
    }
  }
  return torch::cat(pieces, 1);
}

// [N, cells² · C, cell, cell] → [N, C, cells · cell, cells · cell]
torch::Tensor tile_cells(const torch::Tensor& x, int cells) {
  const auto n = x.size(0);
  const auto channels = x.size(1) / (cells * cells);
  const auto cell = x.size(2);
  return x.reshape({n, cells, cells, channels, cell, cell})
      .permute({0, 3, 1, 4, 2, 5})
      .reshape({n, channels, cells * cell, cells * cell});
}

// The vector `x` and the means of the layer's maps, one behind the other.
torch::Tensor join_depths(const Layer& layer, const torch::Tensor& x,
                          const std::map<std::string, torch::Tensor>& maps) {
  std::vector<torch::Tensor> parts{x};
  for (const std::string& name : layer.of) {
    parts.push_back(maps.at(name).mean({2, 3}, /*keepdim=*/true));
  }
  return torch::cat(parts, 1);
}

// Whether these are the 1×1 layer's weights but for inputs that it had not yet.
bool is_shorter(const WeightTensor& tensor, const Layer& layer) {
  const auto values = static_cast<std::int64_t>(tensor.values.size());
  return layer.kind == LayerKind::convolution && layer.kernel == 1 && tensor.shape.size() == 4 &&
         tensor.shape[0] == layer.out_channels && tensor.shape[1] < layer.in_channels &&
         tensor.shape[2] == 1 && tensor.shape[3] == 1 &&
         values == tensor.shape[0] * tensor.shape[1];
}

// The same with zeros for the new inputs, which are the last: they change no answer.
std::vector<float> with_zeros_behind(const WeightTensor& tensor, const Layer& layer) {
  const auto rows = static_cast<std::size_t>(layer.out_channels);
  const auto stored = tensor.values.size() / rows;
  const auto needed = static_cast<std::size_t>(layer.in_channels);
  std::vector<float> values(rows * needed);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto from = tensor.values.begin() + static_cast<std::ptrdiff_t>(row * stored);
    std::copy_n(from, stored, values.begin() + static_cast<std::ptrdiff_t>(row * needed));
  }
  return values;
}

std::vector<std::int64_t> stored_shape(const Layer& layer) {
  std::vector<std::int64_t> shape{layer.out_channels, layer.in_channels, layer.kernel,
                                  layer.kernel};
  if (layer.kind != LayerKind::convolution) shape.insert(shape.begin(), layer.banks());
  return shape;
}

WeightTensor to_weight_tensor(const torch::Tensor& tensor, std::vector<std::int64_t> shape) {
  const auto flat = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const float* data = flat.data_ptr<float>();
  return {std::move(shape), std::vector<float>(data, data + flat.numel())};
}

}  // namespace

TrainableNetworkImpl::TrainableNetworkImpl(NetworkSpec spec) : spec_(std::move(spec)) {
  for (const Layer& layer : spec_.layers) {
    LayerModules modules;
    if (layer.has_weights()) {
      const int outputs = layer.banks() * layer.out_channels;
      auto weight = torch::empty({outputs, layer.in_channels, layer.kernel, layer.kernel});
      torch::nn::init::kaiming_normal_(weight, 0, torch::kFanIn,
                                       layer.relu
                                           ? torch::nn::init::NonlinearityType(torch::kReLU)
                                           : torch::nn::init::NonlinearityType(torch::kLinear));
      if (!layer.relu && !layer.batch_norm) weight.mul_(0.3);  // logits start near 0
      modules.weight = register_parameter(layer.name + "_weight", weight);
      if (layer.batch_norm) {
        modules.norm =
            register_module(layer.name + "_norm", torch::nn::BatchNorm2d(layer.channels()));
        // A residual block begins as the identity.
        if (!layer.add.empty()) torch::nn::init::zeros_(modules.norm->weight);
      } else {
        modules.bias = register_parameter(layer.name + "_bias", torch::zeros({outputs}));
      }
    }
    modules_.push_back(std::move(modules));
  }
}

torch::Tensor TrainableNetworkImpl::convolve(const Layer& layer, const LayerModules& modules,
                                             const torch::Tensor& x) {
  namespace F = torch::nn::functional;
  const int side = static_cast<int>(x.size(2));
  switch (layer.kind) {
    case LayerKind::convolution:
      if (layer.kernel == side && x.size(3) == side && layer.padding == 0) {
        // A fully connected layer: a matrix product is faster than a convolution of one place.
        return torch::linear(x.flatten(1), modules.weight.flatten(1), modules.bias)
            .unsqueeze(2)
            .unsqueeze(3);
      }
      return F::conv2d(
          x, modules.weight,
          F::Conv2dFuncOptions().bias(modules.bias).stride(layer.stride).padding(layer.padding));
    case LayerKind::local_tiled: {
      const int cell = (side - layer.kernel + 1) / layer.cells;
      const auto pieces = cut_cells(x, layer.cells, cell, cell + layer.kernel - 1);
      return tile_cells(F::conv2d(pieces, modules.weight,
                                  F::Conv2dFuncOptions().bias(modules.bias).groups(layer.banks())),
                        layer.cells);
    }
    case LayerKind::local_stacked: {
      const int cell = side / layer.cells;
      return F::conv2d(cut_cells(x, layer.cells - 1, cell, 2 * cell), modules.weight,
                       F::Conv2dFuncOptions().bias(modules.bias).groups(layer.banks()));
    }
    case LayerKind::average_pool:
      return F::avg_pool2d(x, F::AvgPool2dFuncOptions(layer.kernel).stride(layer.stride));
    case LayerKind::max_pool:
    case LayerKind::depths:  // run() reads further maps
      break;
  }
  return F::max_pool2d(
      x, F::MaxPool2dFuncOptions(layer.kernel).stride(layer.stride).padding(layer.padding));
}

torch::Tensor TrainableNetworkImpl::forward(torch::Tensor x,
                                            std::map<std::string, torch::Tensor>* wanted) {
  return run(std::move(x), wanted, nullptr);
}

torch::Tensor TrainableNetworkImpl::run(
    torch::Tensor x, std::map<std::string, torch::Tensor>* wanted,
    const std::function<void(std::size_t, const torch::Tensor&)>& convolved) {
  std::map<std::string, torch::Tensor> read_later;  // maps that not only the next layer reads
  for (const Layer& layer : spec_.layers) {
    if (!layer.add.empty()) read_later[layer.add];
    for (const std::string& name : layer.of) read_later[name];
  }
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    const Layer& layer = spec_.layers[i];
    if (i + 1 == spec_.layers.size() && output_dropout_ > 0 && is_training()) {
      x = torch::dropout(x, output_dropout_, true);
    }
    x = layer.kind == LayerKind::depths ? join_depths(layer, x, read_later)
                                        : convolve(layer, modules_[i], x);
    if (convolved) convolved(i, x);
    if (!modules_[i].norm.is_empty()) x = modules_[i].norm->forward(x);
    if (!layer.add.empty()) x = x + read_later.at(layer.add);
    if (layer.relu) x = torch::relu(x);
    if (const auto map = read_later.find(layer.name); map != read_later.end()) map->second = x;
    if (wanted != nullptr && wanted->count(layer.name) > 0) (*wanted)[layer.name] = x;
  }
  return x;
}

WeightMap TrainableNetworkImpl::folded_weights() const {
  torch::NoGradGuard no_grad;
  WeightMap weights;
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    const Layer& layer = spec_.layers[i];
    if (!layer.has_weights()) continue;
    torch::Tensor weight = modules_[i].weight;
    torch::Tensor bias = modules_[i].bias;
    if (!modules_[i].norm.is_empty()) {
      const auto& norm = modules_[i].norm;
      auto gain = norm->weight / torch::sqrt(norm->running_var + norm->options.eps());
      bias = norm->bias - norm->running_mean * gain;
      if (layer.kind == LayerKind::local_tiled) {  // normalised over the tiled map: one gain a
        gain = gain.repeat({layer.banks()});       // channel, shared by the banks
        bias = bias.repeat({layer.banks()});
      }
      weight = weight * gain.view({-1, 1, 1, 1});
    }
    auto bias_shape = std::vector<std::int64_t>{layer.out_channels};
    if (layer.kind != LayerKind::convolution) bias_shape.insert(bias_shape.begin(), layer.banks());
    weights[layer.name + ".weight"] = to_weight_tensor(weight, stored_shape(layer));
    weights[layer.name + ".bias"] = to_weight_tensor(bias, bias_shape);
  }
  return weights;
}

NetworkSpec TrainableNetworkImpl::folded_spec() const {
  NetworkSpec folded = spec_;
  for (Layer& layer : folded.layers) layer.batch_norm = false;
  return folded;
}

void TrainableNetworkImpl::load_folded(const WeightMap& weights) {
  torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    const Layer& layer = spec_.layers[i];
    if (!layer.has_weights()) continue;
    for (const auto& [suffix, target] :
         {std::pair{".weight", modules_[i].weight}, std::pair{".bias", modules_[i].bias}}) {
      const auto found = weights.find(layer.name + suffix);
      if (found == weights.end()) {
        throw Error(ErrorCode::invalid_argument, "no tensor '" + layer.name + suffix + "'");
      }
      if (!target.defined() ||
          static_cast<std::int64_t>(found->second.values.size()) != target.numel()) {
        throw Error(ErrorCode::invalid_argument,
                    "tensor '" + layer.name + suffix + "' does not fit the layer");
      }
      auto values = found->second.values;
      auto destination = target;
      destination.copy_(torch::from_blob(values.data(), target.sizes()));
    }
  }
}

int TrainableNetworkImpl::adopt_folded(const WeightMap& weights, const torch::Tensor& photos) {
  torch::NoGradGuard no_grad;
  int read = 0;
  const auto stored = [&](const std::string& name, std::int64_t elements,
                          const Layer* behind_depths = nullptr) {
    const auto found = weights.find(name);
    if (found == weights.end())
      throw Error(ErrorCode::invalid_argument, "no tensor '" + name + "'");
    const WeightTensor& tensor = found->second;
    const bool grows = behind_depths != nullptr && is_shorter(tensor, *behind_depths);
    if (!grows && static_cast<std::int64_t>(tensor.values.size()) != elements) {
      throw Error(ErrorCode::invalid_argument, "tensor '" + name + "' does not fit the layer");
    }
    ++read;
    return torch::tensor(grows ? with_zeros_behind(tensor, *behind_depths) : tensor.values);
  };
  std::vector<torch::Tensor> biases(spec_.layers.size());
  for (std::size_t i = 0; i < spec_.layers.size(); ++i) {
    const Layer& layer = spec_.layers[i];
    if (!layer.has_weights()) continue;
    // A layer that the stored network lacks stays fresh.
    if (weights.count(layer.name + ".weight") + weights.count(layer.name + ".bias") == 0) continue;
    auto& weight = modules_[i].weight;
    const bool behind_depths = i > 0 && spec_.layers[i - 1].kind == LayerKind::depths;
    weight.copy_(stored(layer.name + ".weight", weight.numel(), behind_depths ? &layer : nullptr)
                     .view(weight.sizes()));
    biases[i] = stored(layer.name + ".bias", layer.banks() * layer.out_channels);
    if (modules_[i].norm.is_empty()) modules_[i].bias.copy_(biases[i]);
  }
  if (read == 0) throw Error(ErrorCode::invalid_argument, "holds none of this network's layers");
  // Stored: x + bias. Here: (x - mean) / deviation * gain + shift, the same once gain and shift
  // undo what mean and deviation do.
  const auto take_apart = [&](std::size_t i, const torch::Tensor& x) {
    const auto& norm = modules_[i].norm;
    if (norm.is_empty()) return;
    const auto mean = x.mean({0, 2, 3});
    const auto variance = x.var({0, 2, 3}, /*unbiased=*/false);
    norm->running_mean.copy_(mean);
    norm->running_var.copy_(variance);
    if (!biases[i].defined()) return;
    // Tiled banks share one normalisation a channel, hence one bias.
    const auto bias = biases[i].view({-1, mean.size(0)}).mean(0);
    norm->weight.copy_(torch::sqrt(variance + norm->options.eps()));
    norm->bias.copy_(mean + bias);
  };
  const bool was_training = is_training();
  eval();
  run(photos, nullptr, take_apart);
  train(was_training);
  return read;
}

int TrainableNetworkImpl::load_matching(torch::serialize::InputArchive& saved) {
  torch::NoGradGuard no_grad;
  int copied = 0;
  const auto copy = [&copied](torch::serialize::InputArchive& archive, const std::string& name,
                              const torch::Tensor& to, bool is_buffer) {
    torch::Tensor from;
    if (!archive.try_read(name, from, is_buffer) || from.sizes() != to.sizes()) return;
    auto destination = to;
    destination.copy_(from);
    ++copied;
  };
  for (const auto& entry : named_parameters(false)) copy(saved, entry.key(), entry.value(), false);
  for (const auto& child : named_children()) {
    torch::serialize::InputArchive archive;
    if (!saved.try_read(child.key(), archive)) continue;
    for (const auto& entry : child.value()->named_parameters()) {
      copy(archive, entry.key(), entry.value(), false);
    }
    for (const auto& entry : child.value()->named_buffers()) {
      copy(archive, entry.key(), entry.value(), true);
    }
  }
  return copied;
}

void TrainableNetworkImpl::use_channels_last() {
  torch::NoGradGuard no_grad;
  for (auto& modules : modules_) {
    if (modules.weight.defined()) {
      modules.weight.set_data(modules.weight.contiguous(torch::MemoryFormat::ChannelsLast));
    }
  }
}

torch::Tensor normalise(const torch::Tensor& bytes, const NetworkSpec& spec) {
  // NHWC bytes seen as NCHW are already channels-last.
  return bytes.permute({0, 3, 1, 2}).to(torch::kFloat32).sub_(spec.mean).mul_(spec.scale);
}

}  // namespace facet::training
