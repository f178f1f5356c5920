// SPDX-License-Identifier: Apache-2.0
// Predictors in the C API.
#include <memory>

#include "c_api/handles.hpp"
#include "c_api/options.hpp"

using namespace facet;
using namespace facet::detail;

extern "C" {

facet_status facet_predictor_create(const facet_model* model,
                                    const facet_predictor_options* options,
                                    facet_predictor** predictor) {
  return guarded([&] {
    prepare(predictor, "predictor");
    const facet_predictor_options given =
        options == nullptr ? facet_predictor_options{} : read_struct(options, "predictor options");
    *predictor = std::make_unique<facet_predictor>(checked(model).model, thread_count(given),
                                                   count_of(given.calls, 1, "calls"),
                                                   precision_of(given.precision))
                     .release();
  });
}

void facet_predictor_free(facet_predictor* predictor) {
  free_handle(predictor);
}

}  // extern "C"
