// SPDX-License-Identifier: Apache-2.0
#include "describe/one_pass/row_product_convolution.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "describe/one_pass/convolution_way.hpp"

namespace facet::detail {
namespace {

// The taps of one row of a filter bank are a bank of 1×1 filters.
Layer row_layer(const Layer& layer) {
  Layer row;
  row.name = layer.name;
  row.in_channels = layer.in_channels;
  row.out_channels = layer.kernel * layer.out_channels;
  return row;
}

// From [out, in, kernel, kernel] one row as [kernel, out, in].
std::vector<float> row_weight(const Layer& layer, const float* bank_weight, std::size_t row) {
  const auto kernel = static_cast<std::size_t>(layer.kernel);
  const std::size_t filters =
      static_cast<std::size_t>(layer.out_channels) * static_cast<std::size_t>(layer.in_channels);
  std::vector<float> weight;
  weight.reserve(kernel * filters);
  for (std::size_t tap = row * kernel; tap < (row + 1) * kernel; ++tap) {
    for (std::size_t i = 0; i < filters; ++i) {
      weight.push_back(bank_weight[i * kernel * kernel + tap]);
    }
  }
  return weight;
}

// Adds several vectors of products to an output vector.
template <std::size_t count>
void add_terms(const float* products, const std::size_t* term, std::size_t channels,
               float* output) {
  std::array<const float*, count> product;
  for (std::size_t i = 0; i < count; ++i) product[i] = products + term[i];
#pragma omp simd
  for (std::size_t channel = 0; channel < channels; ++channel) {
    float sum = output[channel];
    for (std::size_t i = 0; i < count; ++i) sum += product[i][channel];
    output[channel] = sum;
  }
}

// Without a branch: nobody can predict signs.
void rectify(std::size_t channels, float* output) {
#pragma omp simd
  for (std::size_t channel = 0; channel < channels; ++channel) {
    output[channel] = output[channel] > 0 ? output[channel] : 0;
  }
}

}  // namespace

RowProductConvolution::RowProductConvolution(const Layer& layer, const BankWindows& bank,
                                             ValueType source, const SharedWeights& weights,
                                             Workspace& workspace)
    : windows_(static_cast<std::size_t>(bank.windows)),
      channels_(static_cast<std::size_t>(layer.out_channels)),
      output_channels_(static_cast<std::size_t>(layer.channels())),
      first_output_(static_cast<std::size_t>(bank.first_output) * output_channels_ +
                    static_cast<std::size_t>(bank.first_channel)),
      relu_(layer.relu) {
  const std::vector<std::vector<int>> vectors = row_vectors(bank, layer.kernel);
  const auto kernel = static_cast<std::size_t>(layer.kernel);
  const auto bank_number = static_cast<std::size_t>(bank.bank);
  const float* bank_weight = weights.given.weight + bank_number * kernel * kernel * channels_ *
                                                        static_cast<std::size_t>(layer.in_channels);
  bias_ = weights.given.bias + bank_number * channels_;
  const Layer one = row_layer(layer);
  const std::size_t vector_bytes =
      static_cast<std::size_t>(layer.in_channels) * bytes_a_value(source);
  for (std::size_t y = 0; y < kernel; ++y) {
    const std::vector<int>& met = vectors[y];
    std::vector<std::size_t> terms;
    terms.reserve(windows_ * kernel);
    for (std::size_t window = 0; window < windows_; ++window) {
      for (std::size_t x = 0; x < kernel; ++x) {
        const int vector = bank.sources[(window * kernel + y) * kernel + x];
        const auto place = std::lower_bound(met.begin(), met.end(), vector) - met.begin();
        terms.push_back((static_cast<std::size_t>(place) * kernel + x) * channels_);
      }
    }
    ConvolutionPrimitive product(one, {1, 1, static_cast<int>(met.size()), layer.in_channels},
                                 {source, ValueType::f32}, workspace);
    const std::vector<float> weight = row_weight(layer, bank_weight, y);
    PreparedBank prepared = weights.by_rows.get(product, weights.given.layer,
                                                bank.bank * layer.kernel + static_cast<int>(y),
                                                weight.data(), weights.zeros, workspace);
    rows_.push_back({VectorGather(met, vector_bytes), std::move(product), std::move(prepared),
                     std::move(terms)});
    products_size_ = std::max(products_size_, met.size() * kernel * channels_);
    gathered_bytes_ = std::max(gathered_bytes_, rows_.back().vectors.bytes());
  }
}

void RowProductConvolution::execute(const void* values, float* outputs, Workspace& workspace) {
  float* products = workspace.convolved.reserve(products_size_);
  void* gathered = workspace.gathered.reserve_bytes(gathered_bytes_);
  for (Row& row : rows_) {
    row.product.execute(row.vectors.gather(values, gathered), row.weights, products, workspace);
    add_row(row, products, outputs + first_output_);
  }
}

void RowProductConvolution::add_row(const Row& row, const float* products, float* outputs) const {
  const std::size_t taps = rows_.size();  // filters are square
  const bool first = &row == &rows_.front();
  const bool rectified = relu_ && &row == &rows_.back();
#pragma omp parallel for schedule(static)
  for (std::size_t window = 0; window < windows_; ++window) {
    const std::size_t* term = row.terms.data() + window * taps;
    float* output = outputs + window * output_channels_;
    if (first) std::copy_n(bias_, channels_, output);
    std::size_t tap = 0;
    for (; tap + 3 <= taps; tap += 3) add_terms<3>(products, term + tap, channels_, output);
    for (; tap < taps; ++tap) add_terms<1>(products, term + tap, channels_, output);
    if (rectified) rectify(channels_, output);
  }
}

}  // namespace facet::detail
