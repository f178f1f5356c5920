// SPDX-License-Identifier: Apache-2.0
// Heads for further attributes in the C API.
#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "base/output_guard.hpp"
#include "c_api/handles.hpp"
#include "c_api/options.hpp"
#include "heads/linear_head.hpp"
#include "heads/taught_head_match.hpp"
#include "model/model_access.hpp"

using namespace facet;
using namespace facet::detail;

namespace {

TaughtHead head_of(const Model& model, const std::string& features_of,
                   const facet_head_values& values) {
  require(values.name, "the head's name");
  require(values.weight, "the head's weight");
  check_attribute_name(values.name);
  const Head& read = find_head(parts_of(model), features_of);
  const auto size = static_cast<std::size_t>(model.feature_size(features_of));
  if (values.weight_count != size) {
    throw Error(ErrorCode::invalid_argument, "a head of " + std::to_string(values.weight_count) +
                                                 " weights for " + std::to_string(size) +
                                                 " features");
  }
  TaughtHead head;
  head.name = values.name;
  head.model_name = model.name();
  head.model_version = model.version();
  head.anet_checksum = describer_checksum(parts_of(model));
  head.feature_layer = read.feature_layer;
  head.weight.assign(values.weight, values.weight + size);
  head.bias = values.bias;
  head.calibration_a = values.calibration_a;
  head.calibration_b = values.calibration_b;
  head.threshold = values.threshold;
  head.threshold_balanced = values.threshold_balanced;
  head.licence = model.licence();
  head.teaching = {static_cast<std::size_t>(values.photos),
                   static_cast<std::size_t>(values.positives),
                   values.cost,
                   values.accuracy,
                   values.balanced_accuracy,
                   values.log_loss};
  return head;
}

}  // namespace

extern "C" {

facet_status facet_head_load(const char* path, facet_head** head) {
  return guarded([&] {
    prepare(head, "head");
    require(path, "path");
    *head = std::make_unique<facet_head>(TaughtHead::load(path)).release();
  });
}

void facet_head_free(facet_head* head) {
  free_handle(head);
}

facet_status facet_head_create(const facet_model* model, const char* features_of,
                               const facet_head_values* values, facet_head** head) {
  return guarded([&] {
    prepare(head, "head");
    const facet_head_values given = read_struct(values, "head values");
    *head =
        std::make_unique<facet_head>(
            head_of(*checked(model).model, features_of == nullptr ? "celeba" : features_of, given))
            .release();
  });
}

facet_status facet_head_get(const facet_head* head, facet_head_values* values) {
  return guarded([&] {
    const TaughtHead& of = checked(head).head;
    facet_head_values value{};
    value.name = of.name.c_str();
    value.weight = of.weight.data();
    value.weight_count = of.weight.size();
    value.bias = of.bias;
    value.calibration_a = of.calibration_a;
    value.calibration_b = of.calibration_b;
    value.threshold = of.threshold;
    value.threshold_balanced = of.threshold_balanced;
    value.photos = of.teaching.photos;
    value.positives = of.teaching.positives;
    value.cost = of.teaching.cost;
    value.accuracy = of.teaching.accuracy;
    value.balanced_accuracy = of.teaching.balanced_accuracy;
    value.log_loss = of.teaching.log_loss;
    write_struct(value, values, "head values");
  });
}

facet_status facet_head_check_fit(const facet_head* head, const facet_model* model) {
  return guarded([&] { check_fit(checked(head).head, *checked(model).model); });
}

facet_status facet_head_save(const facet_head* head, const char* path, bool overwrite) {
  return guarded([&] {
    const TaughtHead& of = checked(head).head;
    require(path, "path");
    OutputGuard(overwrite).claim(path, FileKind::head);
    of.write(path);
  });
}

}  // extern "C"
