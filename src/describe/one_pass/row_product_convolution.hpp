// SPDX-License-Identifier: Apache-2.0
// A bank convolved by the products of its taps: see ConvolutionWay::row_products.
#pragma once

#include <cstddef>
#include <vector>

#include "describe/one_pass/shared_convolution.hpp"
#include "describe/one_pass/vector_gather.hpp"

namespace facet::detail {

class RowProductConvolution final : public SharedStep {
 public:
  RowProductConvolution(const Layer& layer, const BankWindows& bank, ValueType source,
                        const SharedWeights& weights, Workspace& workspace);
  void execute(const void* values, float* outputs, Workspace& workspace) override;

 private:
  // One row of the filters: its taps' products with each vector that stands in that row of a
  // window. Rows are added to the output one by one, so that their products stay in the
  // processor's cache.
  struct Row {
    VectorGather vectors;
    ConvolutionPrimitive product;
    PreparedBank weights;
    std::vector<std::size_t> terms;  // windows × taps: where each window's products begin
  };
  void add_row(const Row& row, const float* products, float* outputs) const;

  std::vector<Row> rows_;
  const float* bias_ = nullptr;
  std::size_t windows_ = 0;
  std::size_t channels_ = 0;
  std::size_t output_channels_ = 0;
  std::size_t first_output_ = 0;
  std::size_t products_size_ = 0;  // of a row
  std::size_t gathered_bytes_ = 0;
  bool relu_ = false;
};

}  // namespace facet::detail
