// SPDX-License-Identifier: Apache-2.0
// How much of what the processor can do the networks use: floating-point operations of each layer
// over its time, against a large product of matrices measured in the same run.
#include <omp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <vector>

#include "describe/one_pass/convolution_way.hpp"
#include "describe/one_pass/shared_windows.hpp"
#include "facet/predictor.hpp"
#include "facet_engine.hpp"
#include "model/model_access.hpp"
#include "network_inputs.hpp"
#include "speed_row.hpp"

namespace facet::bench {
using namespace detail;
namespace {

struct Options {
  std::string model;
  std::string photo;
  int rounds = 200;
};

// Of convolutions: a multiplication and an addition each count.
double flops(const Layer& layer, double output_places) {
  if (!layer.has_weights()) return 0;
  const double passes = layer.kind == LayerKind::local_stacked ? layer.banks() : 1;
  return 2 * output_places * passes * layer.out_channels * layer.in_channels * layer.kernel *
         layer.kernel;
}

struct LayerWork {
  std::string name;
  bool convolves = false;
  double flops = 0;
};

std::vector<LayerWork> work_of(const NetworkSpec& spec, std::size_t last, std::size_t count,
                               int height, int width) {
  std::vector<LayerWork> work;
  for (std::size_t i = 0; i <= last; ++i) {
    const Layer& layer = spec.layers[i];
    height = output_side(layer, height);
    width = output_side(layer, width);
    work.push_back({layer.name, layer.has_weights(),
                    flops(layer, static_cast<double>(count) * height * width)});
  }
  return work;
}

double total(const std::vector<LayerWork>& work) {
  double sum = 0;
  for (const LayerWork& layer : work) sum += layer.flops;
  return sum;
}

// A product of square matrices by oneDNN, in the layouts it likes best.
class MatrixProduct {
 public:
  static constexpr int side = 1536;

  MatrixProduct() : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
    using dnnl::memory;
    const memory::desc any({side, side}, memory::data_type::f32, memory::format_tag::any);
    const memory::desc plain({side, side}, memory::data_type::f32, memory::format_tag::ab);
    const dnnl::matmul::primitive_desc chosen(dnnl::matmul::desc(plain, any, plain), engine_);
    product_ = dnnl::matmul(chosen);
    left_ = memory(chosen.src_desc(), engine_);
    right_ = memory(chosen.weights_desc(), engine_);
    result_ = memory(chosen.dst_desc(), engine_);
    for (memory* one : {&left_, &right_}) {
      auto* values = static_cast<float*>(one->get_data_handle());
      std::fill_n(values, one->get_desc().get_size() / sizeof(float), 0.5F);
    }
  }

  void run() {
    product_.execute(stream_,
                     {{DNNL_ARG_SRC, left_}, {DNNL_ARG_WEIGHTS, right_}, {DNNL_ARG_DST, result_}});
    stream_.wait();
  }

  static double flops() { return 2.0 * side * side * side; }

 private:
  dnnl::engine engine_;
  dnnl::stream stream_;
  dnnl::matmul product_;
  dnnl::memory left_;
  dnnl::memory right_;
  dnnl::memory result_;
};

// Operations a millisecond, the best of some: the peak is what is possible.
double measure_peak(int runs, SpeedRow row) {
  MatrixProduct product;  // made for the threads that are set now
  product.run();
  std::vector<double> rates;
  for (int i = 0; i < runs; ++i) {
    rates.push_back(MatrixProduct::flops() / milliseconds([&] { product.run(); }));
  }
  row.what = "peak: product of matrices of 1536 rows";
  row.implementation = "oneDNN";
  row.model.clear();
  row.value = spread_of(rates);
  const double peak = row.value.maximum;
  for (double* value : {&row.value.minimum, &row.value.median, &row.value.maximum}) *value /= 1e6;
  row.unit = "GFLOP/s";
  std::cout << row_line(row);
  return peak;
}

Spread percent_of_peak(double work, const std::vector<double>& times, double peak) {
  std::vector<double> shares;
  for (const double time : times) shares.push_back(100 * work / time / peak);
  return spread_of(std::move(shares));
}

// The time of a layer is what the network takes up to it less what it takes up to the one before.
void measure_layers(const detail::ModelParts& parts, const NetworkBatch& batch, int rounds,
                    double peak, SpeedRow row) {
  const Network& network = network_of(parts, batch.network);
  const std::size_t last = last_layer(parts, batch.network);
  const Image& first = batch.images.front();
  const auto work = work_of(network.spec(), last, batch.images.size(), first.height, first.width);
  NetworkRunner runner(network);
  runner.set_input(batch.images);
  std::vector<std::vector<double>> times(last + 1);
  std::vector<double> convolutions;
  std::vector<double> whole;
  for (int round = -1; round < rounds; ++round) {
    double before = 0;
    double convolving = 0;
    for (std::size_t i = 0; i <= last; ++i) {
      const double until = milliseconds([&] { runner.run(i); });
      if (round >= 0) times[i].push_back(std::max(0.0, until - before));
      if (work[i].convolves) convolving += std::max(0.0, until - before);
      before = until;
    }
    if (round < 0) continue;  // primitives are made in the first
    convolutions.push_back(convolving);
    whole.push_back(before);
  }
  row.unit = "% of peak";
  row.remark = std::to_string(batch.images.size()) + " images of " + std::to_string(first.width) +
               "x" + std::to_string(first.height);
  const auto print = [&](const std::string& name, double flops_done, std::vector<double> measured) {
    // A noisy moment can make a layer seem to take no time.
    std::erase_if(measured, [](double time) { return time <= 0; });
    if (measured.empty()) return;
    row.what = "share of peak: " + batch.network + ' ' + name;
    row.value = percent_of_peak(flops_done, measured, peak);
    std::cout << row_line(row);
  };
  for (std::size_t i = 0; i <= last; ++i) {
    if (work[i].convolves) print(work[i].name, work[i].flops, times[i]);
  }
  print("convolutions", total(work), convolutions);
  print("whole", total(work), whole);
}

double anet_flops(const detail::ModelParts& parts, const FacetEngine& engine,
                  const PhotoInputs& photo) {
  const NetworkSpec& spec = parts.anet->spec();
  const std::size_t last = last_layer(parts, "anet");
  if (engine.in_one_pass()) {
    const detail::MapShape regions = {static_cast<int>(photo.regions.size()),
                                      parts.patches.region_side, parts.patches.region_side, 3};
    const PatchGrid grid = {parts.patches.patch_side, parts.patches.offsets, parts.patches.offsets};
    const auto shared = detail::share_windows(spec, regions, grid, last);
    return 2 * detail::multiply_adds(shared, spec, regions);
  }
  double sum = 0;
  for (const NetworkBatch& batch : photo.batches) {
    if (batch.network != "anet") continue;
    const int side = parts.patches.patch_side;
    sum += total(work_of(spec, last, batch.images.size(), side, side));
  }
  return sum;
}

double prediction_flops(const detail::ModelParts& parts, const FacetEngine& engine,
                        const PhotoInputs& photo) {
  double sum = photo.faces > 0 ? anet_flops(parts, engine, photo) : 0;
  for (const NetworkBatch& batch : photo.batches) {
    if (batch.network == "anet") continue;
    const Image& first = batch.images.front();
    sum += total(work_of(network_of(parts, batch.network).spec(), last_layer(parts, batch.network),
                         batch.images.size(), first.height, first.width));
  }
  return sum;
}

void measure_prediction(const std::shared_ptr<const Model>& model, const Image& photo, double work,
                        int threads, int rounds, double peak, SpeedRow row) {
  Predictor predictor(model, threads, Precision::fp32);
  std::vector<double> times;
  for (int round = -1; round < rounds; ++round) {
    const double time = milliseconds([&] { predictor.predict(photo); });
    if (round >= 0) times.push_back(time);
  }
  row.what = "share of peak: whole prediction";
  row.value = percent_of_peak(work, times, peak);
  row.unit = "% of peak";
  row.remark = std::to_string(work / 1e9) + " GFLOP of convolutions; a decoded photo of " +
               std::to_string(photo.width) + "x" + std::to_string(photo.height);
  std::cout << row_line(row);
}

int run(const Options& options) {
  const std::shared_ptr<const Model> model = Model::load(options.model);
  const detail::ModelParts& parts = parts_of(*model);
  const Image photo = read_image(options.photo);
  const PhotoInputs inputs = network_inputs(model, photo);
  const FacetEngine engine(model);
  const double work = prediction_flops(parts, engine, inputs);
  for (const int threads : {1, 2}) {
    omp_set_num_threads(threads);
    SpeedRow row;
    row.implementation = "facet";
    row.model = model->name();
    row.threads = threads;
    const double peak = measure_peak(std::max(10, options.rounds / 5), row);
    std::string shown;
    for (const NetworkBatch& batch : inputs.batches) {
      if (batch.network == shown)
        continue;  // the largest level, the first windows, views and patches
      shown = batch.network;
      measure_layers(parts, batch, options.rounds, peak, row);
    }
    measure_prediction(model, photo, work, threads, options.rounds, peak, row);
    std::cout << std::flush;
  }
  return 0;
}

}  // namespace
}  // namespace facet::bench

int main(int argument_count, char** arguments) {
  CLI::App app("Share of the processor's measured peak that each layer reaches");
  facet::bench::Options options;
  app.add_option("--model", options.model, "Model file")->required();
  app.add_option("--photo", options.photo, "Photo with a face")->required();
  app.add_option("--rounds", options.rounds, "How often each layer is timed");
  CLI11_PARSE(app, argument_count, arguments);
  try {
    return facet::bench::run(options);
  } catch (const std::exception& error) {
    std::cerr << "peak_benchmark: " << error.what() << '\n';
    return 2;
  }
}
