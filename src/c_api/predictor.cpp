// SPDX-License-Identifier: Apache-2.0
// Predictors in the C API.
#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include "c_api/handles.hpp"
#include "c_api/options.hpp"

using namespace facet;
using namespace facet::detail;

namespace {

constexpr int kMost = 1024;  // threads, and calls

int count_of(int given, int otherwise, const char* what) {
  if (given < 0 || given > kMost) {
    throw Error(ErrorCode::invalid_argument, std::string(what) + " is " + std::to_string(given) +
                                                 ", must be 0 to " + std::to_string(kMost));
  }
  return given == 0 ? otherwise : given;
}

}  // namespace

extern "C" {

facet_status facet_predictor_create(const facet_model* model,
                                    const facet_predictor_options* options,
                                    facet_predictor** predictor) {
  return guarded([&] {
    prepare(predictor, "predictor");
    const facet_predictor_options given =
        options == nullptr ? facet_predictor_options{} : read_struct(options, "predictor options");
    const int cores = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMost);
    *predictor = std::make_unique<facet_predictor>(
                     checked(model).model, count_of(given.threads, cores, "threads"),
                     count_of(given.calls, 1, "calls"), precision_of(given.precision))
                     .release();
  });
}

void facet_predictor_free(facet_predictor* predictor) {
  free_handle(predictor);
}

}  // extern "C"
