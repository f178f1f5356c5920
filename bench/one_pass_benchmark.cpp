// SPDX-License-Identifier: Apache-2.0
// ANet's features of a region's overlapping patches: patch by patch, all patches as a batch, and in
// one pass. First compares their results (exit code 1 where they differ), then times them with the
// same cached primitives, threads and precision, their runs interleaved, and closes with a table of
// ratios. Each figure is the least of its repetitions, of one thread in processor time and of two
// in real time: on a busy machine the others tell of its neighbours. Takes Google Benchmark's
// options.
#include <benchmark/benchmark.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "describe/one_pass/convolution_way.hpp"
#include "describe/one_pass/one_pass_runner.hpp"
#include "model/network_cost.hpp"
#include "speed_row.hpp"

namespace facet {
using namespace detail;
namespace {

constexpr int patch_side = 88;
constexpr int step = 4;  // pixels between neighbouring patches: the stride of the map before C3
constexpr float largest_difference = 1e-4F;
const std::vector<std::string> ways = {"patch_by_patch", "batched", "one_pass"};

Layer layer(const std::string& name, LayerKind kind, int in, int out, int kernel, int stride = 1,
            int cells = 0) {
  Layer made;
  made.name = name;
  made.kind = kind;
  made.in_channels = in;
  made.out_channels = out;
  made.kernel = kernel;
  made.stride = stride;
  made.cells = cells;
  made.relu = kind != LayerKind::max_pool;
  return made;
}

// recipes/paper.toml's, up to the features.
NetworkSpec anet() {
  NetworkSpec spec;
  spec.layers = {layer("C1", LayerKind::convolution, 3, 32, 5, 2),
                 layer("C2", LayerKind::convolution, 32, 64, 3),
                 layer("P2", LayerKind::max_pool, 64, 64, 2, 2),
                 layer("C3", LayerKind::local_tiled, 64, 64, 3, 1, 3),
                 layer("C4", LayerKind::local_stacked, 64, 80, 3, 1, 3),
                 layer("P4", LayerKind::max_pool, 320, 320, 2, 2),
                 layer("FC", LayerKind::convolution, 320, 320, 5)};
  return spec;
}

WeightMap random_weights(const NetworkSpec& spec, std::mt19937& random) {
  WeightMap weights;
  for (const Layer& one : spec.layers) {
    if (!one.has_weights()) continue;
    std::vector<std::int64_t> shape = {one.out_channels, one.in_channels, one.kernel, one.kernel};
    std::vector<std::int64_t> bias_shape = {one.out_channels};
    if (one.kind != LayerKind::convolution) {
      shape.insert(shape.begin(), one.banks());
      bias_shape.insert(bias_shape.begin(), one.banks());
    }
    const auto inputs = static_cast<float>(one.in_channels * one.kernel * one.kernel);
    std::normal_distribution<float> value(0, std::sqrt(2 / inputs));
    for (const auto& [suffix, dims] : std::map<std::string, std::vector<std::int64_t>>{
             {".weight", shape}, {".bias", bias_shape}}) {
      WeightTensor tensor{dims, {}};
      std::size_t size = 1;
      for (const std::int64_t dim : dims) size *= static_cast<std::size_t>(dim);
      tensor.values.resize(size);
      for (float& one_value : tensor.values) one_value = value(random);
      weights[one.name + suffix] = std::move(tensor);
    }
  }
  return weights;
}

Image sub_image(const Image& region, int top, int left) {
  Image patch(patch_side, patch_side);
  for (int y = 0; y < patch_side; ++y) {
    std::memcpy(patch.row(y), region.row(top + y) + static_cast<std::ptrdiff_t>(left) * 3,
                std::size_t{patch_side} * 3);
  }
  return patch;
}

// A square grid of patches and the three ways through it, each with its own runner.
class Contest {
 public:
  Contest(const Network& network, int patches_a_side, std::mt19937& random)
      : last_(network.spec().layers.size() - 1),
        one_by_one_(network),
        batched_(network),
        one_pass_(network) {
    const int side = patch_side + step * (patches_a_side - 1);
    regions_.emplace_back(side, side);
    std::uniform_int_distribution<int> value(0, 255);
    for (auto& pixel : regions_[0].pixels) pixel = static_cast<std::uint8_t>(value(random));
    grid_.patch_side = patch_side;
    for (int i = 0; i < patches_a_side; ++i) grid_.offsets_y.push_back(i * step);
    grid_.offsets_x = grid_.offsets_y;
    for (const int top : grid_.offsets_y) {
      for (const int left : grid_.offsets_x) patches_.push_back(sub_image(regions_[0], top, left));
    }
  }

  [[nodiscard]] int patches() const { return grid_.patches(); }

  // Appends the features to `features` unless that is null.
  void run(const std::string& way, std::vector<float>* features) {
    if (way == "patch_by_patch") {
      for (std::size_t i = 0; i < patches_.size(); ++i) {
        one_by_one_.set_input(std::span(&patches_[i], 1));
        take(one_by_one_.run(last_), features);
      }
    } else if (way == "batched") {
      batched_.set_input(patches_);
      take(batched_.run(last_), features);
    } else {
      one_pass_.set_input(regions_);
      take(one_pass_.run(grid_, last_), features);
    }
  }

  // The largest difference from patch by patch, relative to the largest feature.
  float difference(const std::string& way) {
    std::vector<float> expected;
    std::vector<float> actual;
    run("patch_by_patch", &expected);
    run(way, &actual);
    if (actual.size() != expected.size()) return INFINITY;
    float largest = 0;
    float apart = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      largest = std::max(largest, std::abs(expected[i]));
      apart = std::max(apart, std::abs(expected[i] - actual[i]));
    }
    return apart / largest;
  }

  // Multiplications of the patches one by one over those of one pass.
  [[nodiscard]] double multiplication_ratio(const NetworkSpec& spec) const {
    double one_by_one = 0;
    for (const detail::LayerCost& cost : detail::layer_costs(spec, patch_side)) {
      one_by_one += static_cast<double>(cost.multiply_adds) * patches();
    }
    const detail::MapShape region = {1, regions_[0].height, regions_[0].width, 3};
    const auto shared = detail::share_windows(spec, region, grid_, last_);
    return one_by_one / detail::multiply_adds(shared, spec, region);
  }

 private:
  static void take(const FeatureMap& map, std::vector<float>* features) {
    benchmark::DoNotOptimize(map.values.data());
    if (features != nullptr) {
      features->insert(features->end(), map.values.begin(), map.values.end());
    }
  }

  std::size_t last_;
  std::vector<Image> regions_;
  std::vector<Image> patches_;
  PatchGrid grid_;
  NetworkRunner one_by_one_;
  NetworkRunner batched_;
  OnePassRunner one_pass_;
};

std::string run_name(const std::string& way, int patches, int threads) {
  return way + "/" + std::to_string(patches) + "_patches/" + std::to_string(threads) + "_threads";
}

// Shows runs as usual and keeps the times of each.
class KeptTimes final : public benchmark::ConsoleReporter {
 public:
  KeptTimes() : ConsoleReporter(OO_Tabular) {}  // colours would stand before rows
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      times_[run.run_name.function_name].push_back(
          run.run_name.time_type.empty() ? run.GetAdjustedCPUTime() : run.GetAdjustedRealTime());
    }
  }
  // Empty where there were none.
  [[nodiscard]] std::vector<double> of(const std::string& name) const {
    const auto found = times_.find(name);
    return found == times_.end() ? std::vector<double>() : found->second;
  }
  // 0 where there was none.
  [[nodiscard]] double least(const std::string& name) const {
    const std::vector<double> times = of(name);
    return times.empty() ? 0 : *std::min_element(times.begin(), times.end());
  }

 private:
  std::map<std::string, std::vector<double>> times_;
};

void print_rows(const KeptTimes& times, int patches, int threads) {
  for (const std::string& way : ways) {
    const std::vector<double> measured = times.of(run_name(way, patches, threads));
    if (measured.empty()) continue;
    bench::SpeedRow row;
    row.what = "ANet on " + std::to_string(patches) + " patches of a region";
    row.implementation = way == "one_pass" ? "facet" : "facet " + way;
    std::replace(row.implementation.begin(), row.implementation.end(), '_', ' ');
    row.model = "paper's layers with random weights";
    row.threads = threads;
    row.value = bench::spread_of(measured);
    row.unit = "ms";
    row.remark = way == "one_pass" ? "in one pass" : "";
    std::fputs(bench::row_line(row).c_str(), stdout);
  }
}

}  // namespace

int run_benchmarks(int argument_count, char** arguments) {
  std::vector<char*> given(arguments, arguments + argument_count);
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  std::string repetitions = "--benchmark_repetitions=15";
  std::string shortest = "--benchmark_min_time=0.05";
  given.insert(given.begin() + 1, {interleave.data(), repetitions.data(), shortest.data()});
  int count = static_cast<int>(given.size());
  benchmark::Initialize(&count, given.data());
  if (benchmark::ReportUnrecognizedArguments(count, given.data())) return 2;

  std::mt19937 random(1);
  const NetworkSpec spec = anet();
  const Network network(spec, random_weights(spec, random));
  std::vector<std::unique_ptr<Contest>> contests;
  for (const int a_side : {3, 5, 7}) {
    contests.push_back(std::make_unique<Contest>(network, a_side, random));
  }
  bool equal = true;
  for (const auto& contest : contests) {
    for (const std::string& way : {ways[1], ways[2]}) {
      const float difference = contest->difference(way);
      equal = equal && difference <= largest_difference;
      std::printf("%d patches, %s: differs from patch by patch by %.1e of the largest feature\n",
                  contest->patches(), way.c_str(), static_cast<double>(difference));
    }
  }
  if (!equal) {
    std::printf("the results differ by more than %.0e\n", static_cast<double>(largest_difference));
    return 1;
  }

  for (const int threads : {1, 2}) {
    for (const auto& contest : contests) {
      for (const std::string& way : ways) {
        auto* registered =
            benchmark::RegisterBenchmark(run_name(way, contest->patches(), threads).c_str(),
                                         [&contest, way, threads](benchmark::State& state) {
                                           omp_set_num_threads(threads);
                                           contest->run(way, nullptr);  // its plan is made
                                           for (auto _ : state) contest->run(way, nullptr);
                                         });
        registered->Unit(benchmark::kMillisecond);
        if (threads > 1) registered->UseRealTime();
      }
    }
  }
  KeptTimes times;
  benchmark::RunSpecifiedBenchmarks(&times);
  benchmark::Shutdown();

  for (const int threads : {1, 2}) {
    for (const auto& contest : contests) print_rows(times, contest->patches(), threads);
  }
  std::printf(
      "\nleast times in ms  patch by patch  batched  one pass  gain over each"
      "  fewer multiplications\n");
  for (const int threads : {1, 2}) {
    for (const auto& contest : contests) {
      std::vector<double> least;
      for (const std::string& way : ways) {
        least.push_back(times.least(run_name(way, contest->patches(), threads)));
      }
      if (*std::min_element(least.begin(), least.end()) <= 0) continue;  // filtered out
      std::printf("%2d patches, %d thr. %15.2f %8.2f %9.2f %7.2fx %5.2fx %16.2fx\n",
                  contest->patches(), threads, least[0], least[1], least[2], least[0] / least[2],
                  least[1] / least[2], contest->multiplication_ratio(spec));
    }
  }
  return 0;
}

}  // namespace facet

int main(int argument_count, char** arguments) {
  return facet::run_benchmarks(argument_count, arguments);
}
