// SPDX-License-Identifier: Apache-2.0
// Networks and losses against naive loops, hand-computed values and the inference library.
#include "network/network.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include <cmath>
#include <functional>
#include <sstream>

#include "facet/error.hpp"
#include "losses.hpp"
#include "recipe/recipe.hpp"
#include "trainable_network.hpp"

namespace facet::training {
using namespace detail;
namespace {

NetworkSpec paper_network(const std::string& name) {
  return Recipe::read(std::filesystem::path(FACET_SOURCE_DIR) / "recipes/paper.toml").network(name);
}

Layer local_layer(LayerKind kind, int in, int out) {
  Layer layer;
  layer.name = "L";
  layer.kind = kind;
  layer.in_channels = in;
  layer.out_channels = out;
  layer.kernel = 3;
  layer.cells = 3;
  return layer;
}

TEST(LocalConvolution, TiledBanksEqualANaiveLoop) {
  torch::manual_seed(1);
  const Layer layer = local_layer(LayerKind::local_tiled, 2, 4);
  TrainableNetwork network(NetworkSpec{{layer}});
  network->eval();
  const auto x = torch::randn({2, 2, 14, 14});  // cells of 4
  const auto y = network->forward(x);
  ASSERT_EQ(y.sizes(), (std::vector<std::int64_t>{2, 4, 12, 12}));
  const auto weight = network->parameters()[0].view({9, 4, 2, 3, 3});
  for (int o = 0; o < 4; ++o) {
    for (int row = 0; row < 12; ++row) {
      for (int column = 0; column < 12; ++column) {
        const int bank = row / 4 * 3 + column / 4;
        const auto field = x[1].slice(1, row, row + 3).slice(2, column, column + 3);
        const float expected = (field * weight[bank][o]).sum().item<float>();
        ASSERT_NEAR(y[1][o][row][column].item<float>(), expected, 1e-4) << row << ' ' << column;
      }
    }
  }
}

TEST(LocalConvolution, StackedBanksEqualANaiveLoop) {
  torch::manual_seed(2);
  const Layer layer = local_layer(LayerKind::local_stacked, 3, 2);
  TrainableNetwork network(NetworkSpec{{layer}});
  network->eval();
  const auto x = torch::randn({1, 3, 12, 12});
  const auto y = network->forward(x);
  ASSERT_EQ(y.sizes(), (std::vector<std::int64_t>{1, 8, 6, 6}));
  const auto weight = network->parameters()[0].view({4, 2, 3, 3, 3});
  for (int bank = 0; bank < 4; ++bank) {
    const int top = bank / 2 * 4;
    const int left = bank % 2 * 4;
    for (int row = 0; row < 6; ++row) {
      for (int column = 0; column < 6; ++column) {
        const auto field =
            x[0].slice(1, top + row, top + row + 3).slice(2, left + column, left + column + 3);
        ASSERT_NEAR(y[0][bank * 2 + 1][row][column].item<float>(),
                    (field * weight[bank][1]).sum().item<float>(), 1e-4);
      }
    }
  }
}

TEST(Losses, TagLossSkipsUnknownTags) {
  const auto logits = torch::tensor({{2.0F, -1.0F, 5.0F}});
  const auto targets = torch::tensor({{1.0F, 0.0F, -1.0F}});
  const double expected = (std::log1p(std::exp(-2.0)) + std::log1p(std::exp(-1.0))) / 2;
  EXPECT_NEAR(tag_loss(logits, targets).item<double>(), expected, 1e-6);
}

TEST(Losses, PooledTagsAreTheLogSumOfExponentials) {
  const auto map = torch::tensor({1.0F, 2.0F, 3.0F, -4.0F}).view({1, 1, 2, 2});
  const double expected = std::log(std::exp(1.0) + std::exp(2.0) + std::exp(3.0) + std::exp(-4.0));
  EXPECT_NEAR(pool_tags(map)[0][0].item<double>(), expected, 1e-5);
}

TEST(Losses, SimilarityIsTheCrossEntropyOfFindingThePartner) {
  // Cosines to the others, by hand: rows 0 and 1 are alike, rows 2 and 3 at a right angle.
  const auto features = torch::tensor({{1.0F, 0.0F}, {2.0F, 0.0F}, {0.0F, 3.0F}, {1.0F, 0.0F}});
  const double right = std::log(std::exp(12.0) + std::exp(12.0) + 1) - 12;
  const double alone = std::log(3.0);
  const double last = std::log(2 * std::exp(12.0) + 1);
  EXPECT_NEAR(similarity_loss(features).item<double>(), (2 * right + alone + last) / 4, 1e-4);
}

// Training and inference must answer the same from the weights as they are stored.
void expect_parity(const std::string& name, const NetworkSpec& unfolded, int side,
                   double tolerance) {
  torch::manual_seed(3);
  TrainableNetwork trained(unfolded);
  trained->train();
  {  // give batch normalisation gains and statistics that are not trivial
    torch::NoGradGuard no_grad;
    for (const auto& entry : trained->named_parameters()) {
      if (entry.key().ends_with("_norm.weight")) torch::nn::init::uniform_(entry.value(), 0.5, 1.5);
    }
    for (int i = 0; i < 3; ++i) trained->forward(torch::randn({8, 3, side, side}) * 2 + 0.5);
  }
  const auto path = std::filesystem::temp_directory_path() /
                    ("facet-parity-" + name + std::to_string(::getpid()) + ".safetensors");
  write_safetensors(path, trained->folded_weights(), {}, StoredType::f16);
  const WeightMap stored = read_safetensors(path).tensors;
  std::filesystem::remove(path);

  const NetworkSpec spec = trained->folded_spec();
  TrainableNetwork folded(spec);
  folded->load_folded(stored);
  folded->eval();
  Image photo(side, side);
  for (std::size_t i = 0; i < photo.pixels.size(); ++i) {
    photo.pixels[i] = static_cast<std::uint8_t>((i * 7919 + i / 13) % 256);
  }
  torch::NoGradGuard no_grad;
  const auto bytes = torch::from_blob(photo.pixels.data(), {1, side, side, 3}, torch::kUInt8);
  const auto expected = folded->forward(normalise(bytes, spec)).permute({0, 2, 3, 1}).contiguous();

  const Network network(spec, stored);
  NetworkRunner runner(network);
  runner.set_input(std::span(&photo, 1));
  const FeatureMap& answer = runner.run(spec.layers.size() - 1);
  ASSERT_EQ(static_cast<std::int64_t>(answer.values.size()), expected.numel());
  const double largest = expected.abs().max().item<double>();
  const float* values = expected.data_ptr<float>();
  for (std::size_t i = 0; i < answer.values.size(); ++i) {
    ASSERT_NEAR(answer.values[i], values[i], tolerance * largest) << i;
  }
}

TEST(Parity, LnetAnswersAlikeThroughLibtorchAndOneDnn) {
  expect_parity("lnet", paper_network("lnet"), 96, 1e-3);
}

TEST(Parity, AnetAnswersAlikeThroughLibtorchAndOneDnn) {
  expect_parity("anet", paper_network("anet"), 88, 1e-3);
}

Layer residual_layer(const std::string& name, int in, int out, int stride, const std::string& add) {
  Layer layer;
  layer.name = name;
  layer.in_channels = in;
  layer.out_channels = out;
  layer.kernel = 3;
  layer.stride = stride;
  layer.padding = 1;
  layer.relu = true;
  layer.batch_norm = true;
  layer.add = add;
  return layer;
}

TEST(Parity, AResidualNetworkAnswersAlikeThroughLibtorchAndOneDnn) {
  NetworkSpec spec;
  spec.layers = {residual_layer("stem", 3, 16, 2, ""), residual_layer("a", 16, 16, 1, ""),
                 residual_layer("b", 16, 16, 1, "stem"), residual_layer("down", 16, 24, 2, ""),
                 residual_layer("c", 24, 24, 1, "down")};
  Layer pool;
  pool.name = "pool";
  pool.kind = LayerKind::average_pool;
  pool.in_channels = pool.out_channels = 24;
  pool.kernel = pool.stride = 8;
  Layer tags;
  tags.name = "tags";
  tags.in_channels = 24;
  tags.out_channels = 40;
  spec.layers.push_back(pool);
  spec.layers.push_back(tags);
  expect_parity("residual", spec, 32, 1e-3);
}

TEST(Folding, KeepsTheAnswersOfTheTrainedNetwork) {
  torch::manual_seed(4);
  TrainableNetwork trained(paper_network("anet"));
  trained->train();
  torch::NoGradGuard no_grad;
  for (int i = 0; i < 3; ++i) trained->forward(torch::randn({8, 3, 88, 88}));
  trained->eval();
  TrainableNetwork folded(trained->folded_spec());
  folded->load_folded(trained->folded_weights());
  folded->eval();
  const auto x = torch::randn({2, 3, 88, 88});
  EXPECT_LT((trained->forward(x) - folded->forward(x)).abs().max().item<double>(), 1e-3);
}

TEST(Folding, IsTakenApartAgainByWhatTheLayersSee) {
  torch::manual_seed(6);
  TrainableNetwork trained(paper_network("anet"));
  torch::NoGradGuard no_grad;
  const auto photos = torch::randn({32, 3, 88, 88});
  trained->train();
  for (int i = 0; i < 3; ++i) trained->forward(photos);
  trained->eval();
  TrainableNetwork adopted(paper_network("anet"));
  const WeightMap stored = trained->folded_weights();
  EXPECT_EQ(adopted->adopt_folded(stored, photos), static_cast<int>(stored.size()));
  const auto expected = trained->forward(photos);
  adopted->eval();
  EXPECT_LT((adopted->forward(photos) - expected).abs().max().item<double>(), 1e-3);
  // In training the batch's own statistics count: on these photos they are those that were adopted.
  adopted->train();
  EXPECT_LT((adopted->forward(photos) - expected).abs().max().item<double>(), 1e-3);
}

NetworkSpec residual_network(int blocks) {
  NetworkSpec spec;
  spec.layers = {residual_layer("stem", 3, 16, 2, "")};
  for (int i = 0; i < blocks; ++i) {
    const std::string number = std::to_string(i);
    const std::string before = spec.layers.back().name;
    spec.layers.push_back(residual_layer("open" + number, 16, 16, 1, ""));
    spec.layers.push_back(residual_layer("close" + number, 16, 16, 1, before));
  }
  Layer tags;
  tags.name = "tags";
  tags.in_channels = tags.kernel = 16;
  tags.out_channels = 5;
  spec.layers.push_back(tags);
  return spec;
}

// A network of two residual blocks goes on with three, and answers as before: in training as well.
void expect_grows(
    const std::function<void(TrainableNetwork&, TrainableNetwork&, const torch::Tensor&)>& grow) {
  torch::manual_seed(8);
  TrainableNetwork shallow(residual_network(2));
  torch::NoGradGuard no_grad;
  for (const auto& entry : shallow->named_parameters()) {
    if (entry.key().ends_with("_norm.weight")) torch::nn::init::uniform_(entry.value(), 0.5, 1.5);
  }
  const auto photos = torch::randn({32, 3, 32, 32});
  shallow->train();
  for (int i = 0; i < 100; ++i) shallow->forward(photos);  // until these photos are what it knows
  shallow->eval();
  const auto expected = shallow->forward(photos);
  TrainableNetwork deep(residual_network(3));
  grow(shallow, deep, photos);
  deep->eval();
  EXPECT_LT((deep->forward(photos) - expected).abs().max().item<double>(), 1e-3);
  deep->train();
  EXPECT_LT((deep->forward(photos) - expected).abs().max().item<double>(), 1e-2);
  const auto last_gain = deep->named_parameters()["close2_norm.weight"];
  EXPECT_EQ(last_gain.abs().max().item<double>(), 0.0);
  EXPECT_GT(deep->named_parameters()["open2_norm.weight"].min().item<double>(), 0.0);
}

TEST(Growing, ADeeperNetworkBeginsWithTheAnswersOfACheckpoint) {
  expect_grows([](TrainableNetwork& shallow, TrainableNetwork& deep, const torch::Tensor&) {
    std::stringstream file;
    torch::serialize::OutputArchive out;
    shallow->save(out);
    out.save_to(file);
    torch::serialize::InputArchive in;
    in.load_from(file);
    EXPECT_GT(deep->load_matching(in), 0);
  });
}

TEST(Growing, ADeeperNetworkBeginsWithTheAnswersOfAStoredOne) {
  expect_grows([](TrainableNetwork& shallow, TrainableNetwork& deep, const torch::Tensor& photos) {
    const WeightMap stored = shallow->folded_weights();
    EXPECT_EQ(deep->adopt_folded(stored, photos), static_cast<int>(stored.size()));
  });
}

// residual_network() with a vector before its tags, which may read depths as well.
NetworkSpec network_with_vector(bool depths) {
  NetworkSpec spec = residual_network(1);
  Layer& vector = spec.layers.back();
  vector.name = "FC";
  vector.out_channels = 8;
  vector.relu = true;
  if (depths) spec.layers.push_back(depths_layer("depths", spec.layers, {"close0", "stem"}));
  Layer tags;
  tags.name = "tags";
  tags.in_channels = spec.layers.back().channels();
  tags.out_channels = 5;
  spec.layers.push_back(tags);
  return spec;
}

TEST(Parity, SeveralDepthsAnswerAlikeThroughLibtorchAndOneDnn) {
  expect_parity("depths", network_with_vector(true), 32, 1e-3);
}

TEST(Growing, DepthsBeginWithTheAnswersOfTheNetworkWithoutThem) {
  torch::manual_seed(9);
  torch::NoGradGuard no_grad;
  TrainableNetwork plain(network_with_vector(false));
  const auto photos = torch::randn({16, 3, 32, 32});
  plain->train();
  for (int i = 0; i < 100; ++i) plain->forward(photos);
  plain->eval();
  const auto expected = plain->forward(photos);
  const WeightMap stored = plain->folded_weights();
  TrainableNetwork grown(network_with_vector(true));
  EXPECT_EQ(grown->adopt_folded(stored, photos), static_cast<int>(stored.size()));
  grown->eval();
  EXPECT_LT((grown->forward(photos) - expected).abs().max().item<double>(), 1e-3);
  // What has more inputs than the layer, or other outputs, is no network that has grown.
  WeightMap other = stored;
  other.at("tags.weight").shape = {4, 10, 1, 1};
  EXPECT_THROW(grown->adopt_folded(other, photos), Error);
}

TEST(Folding, NamesATensorThatIsMissingOrDoesNotFit) {
  TrainableNetwork network(paper_network("anet"));
  const auto failure = [&](const WeightMap& weights) -> std::string {
    try {
      network->adopt_folded(weights, torch::zeros({1, 3, 88, 88}));
    } catch (const std::exception& error) {
      return error.what();
    }
    return "";
  };
  WeightMap weights = network->folded_weights();
  weights.at("C2.bias").values.pop_back();
  EXPECT_EQ(failure(weights), "tensor 'C2.bias' does not fit the layer");
  weights.erase("C2.bias");
  EXPECT_EQ(failure(weights), "no tensor 'C2.bias'");
  EXPECT_EQ(failure({}), "holds none of this network's layers");
}

void expect_overfits(const std::string& name, int side, bool pooled, int steps) {
  torch::manual_seed(5);
  TrainableNetwork network(paper_network(name));
  const auto photos = torch::randn({8, 3, side, side});
  const auto targets =
      torch::randint(0, 2, {8, network->spec().layers.back().out_channels}).to(torch::kFloat32);
  torch::optim::SGD optimiser(network->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
  double loss_value = 0;
  for (int step = 0; step < steps; ++step) {
    const auto map = network->forward(photos);
    const auto loss = tag_loss(pooled ? pool_tags(map) : map.flatten(1), targets);
    optimiser.zero_grad();
    loss.backward();
    optimiser.step();
    loss_value = loss.item<double>();
  }
  EXPECT_LT(loss_value, 0.05);
}

TEST(Training, LnetOverfitsOneBatch) {
  expect_overfits("lnet", 48, true, 300);
}

TEST(Training, AnetOverfitsOneBatch) {
  expect_overfits("anet", 88, false, 80);
}

}  // namespace
}  // namespace facet::training
