// SPDX-License-Identifier: Apache-2.0
// A network spec as a libtorch module: what is trained, then folded and stored.
#pragma once

#include <torch/torch.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "format/network_spec.hpp"
#include "format/safetensors.hpp"

namespace facet::training {
using namespace detail;

class TrainableNetworkImpl : public torch::nn::Module {
 public:
  // Fresh weights (He initialisation; the generator is torch's). A normalised layer that adds an
  // earlier one's map begins by adding nothing to it: a network can grow without forgetting.
  explicit TrainableNetworkImpl(NetworkSpec spec);

  // NCHW, normalised. Yields the last layer's map; maps of the layers named in `wanted` besides.
  torch::Tensor forward(torch::Tensor x, std::map<std::string, torch::Tensor>* wanted = nullptr);

  [[nodiscard]] const NetworkSpec& spec() const { return spec_; }

  // Weights with batch normalisation folded in, ready for inference, and the matching spec.
  [[nodiscard]] WeightMap folded_weights() const;
  [[nodiscard]] NetworkSpec folded_spec() const;
  // Sets the weights of a folded network (no batch normalisation in the spec).
  void load_folded(const WeightMap& weights);
  // Goes on from a network as it is stored for inference: batch normalisation, which is folded
  // there, is taken apart again by what the layers see in `photos` (normalised), so that this
  // network answers as the stored one, in training as well. Layers that the stored network lacks
  // stay fresh; residual blocks change no answer then, other layers do. Nor does a layer of kind
  // depths: the 1×1 layer behind it begins with zeros for inputs that it had not when stored.
  // Yields the number of tensors read. Throws Error naming a tensor that does not fit or is missing
  // beside its layer's other, or where no layer is known.
  int adopt_folded(const WeightMap& weights, const torch::Tensor& photos);
  // Reads parameters and statistics of equal name and shape from a saved network; returns how many.
  int load_matching(torch::serialize::InputArchive& saved);
  // Dropout before the last layer, in training.
  void set_output_dropout(double probability) { output_dropout_ = probability; }
  // Weights in the layout in which convolutions are fastest.
  void use_channels_last();

 private:
  struct LayerModules {
    torch::Tensor weight;
    torch::Tensor bias;  // undefined with batch normalisation
    torch::nn::BatchNorm2d norm{nullptr};
  };
  // forward(), which tells `convolved` each layer's map as it is before normalisation.
  torch::Tensor run(torch::Tensor x, std::map<std::string, torch::Tensor>* wanted,
                    const std::function<void(std::size_t, const torch::Tensor&)>& convolved);
  torch::Tensor convolve(const Layer& layer, const LayerModules& modules, const torch::Tensor& x);

  NetworkSpec spec_;
  std::vector<LayerModules> modules_;
  double output_dropout_ = 0;
};
TORCH_MODULE(TrainableNetwork);

// RGB bytes [N, side, side, 3] → normalised NCHW (channels-last memory).
torch::Tensor normalise(const torch::Tensor& bytes, const NetworkSpec& spec);

}  // namespace facet::training
