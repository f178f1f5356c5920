// SPDX-License-Identifier: Apache-2.0
// Model files: refused with a reason, or a model that answers about photos.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>

#include "facet/model.hpp"
#include "facet/predictor.hpp"
#include "format/safetensors.hpp"
#include "model/model_access.hpp"
#include "model/network_cost.hpp"
#include "oracle.hpp"
#include "packed_file.hpp"
#include "predict/prediction_cost.hpp"

namespace {

using namespace facet;
using namespace facet::fuzz;

Image checkered_photo() {
  Image photo(56, 48);
  for (std::size_t i = 0; i < photo.pixels.size(); ++i) {
    photo.pixels[i] = static_cast<std::uint8_t>(i * i / 7);
  }
  return photo;
}

// What it costs is no fault of a model, but a fuzzer's time.
bool is_cheap(const Model& model) {
  constexpr std::int64_t most = 20'000'000;
  const detail::ModelParts& parts = detail::parts_of(model);
  return detail::prediction_cost(parts, 56).total() < most && parts.patches.region_side <= 256 &&
         parts.patches.offsets.size() <= 4 && parts.alignment.side <= 256 &&
         parts.alignment.looks <= 4 && parts.localiser.refine_side <= 256;
}

void use(const std::shared_ptr<const Model>& model) {
  expect(nlohmann::json::parse(model->info_json(), nullptr, false).is_object());
  for (const std::string& head : model->heads()) {
    expect(!model->attribute_names(head).empty() && model->feature_size(head) > 0);
  }
  if (!is_cheap(*model)) return;
  Predictor predictor(model, 1, Precision::fp32);
  const Image photo = checkered_photo();
  for (const std::string& head : model->heads()) {
    PredictOptions options;
    options.head = head;
    options.locate.dominant = true;
    options.locate.turns = Turns::none;
    succeeds([&] {
      for (const Face& face : predictor.predict(photo, options).faces) {
        for (const Attribute& attribute : face.attributes) {
          expect(attribute.probability >= 0 && attribute.probability <= 1);
        }
      }
    });
  }
}

void load(std::span<const std::byte> file) {
  std::shared_ptr<const Model> model;
  if (succeeds([&] { model = Model::load(file); })) use(model);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  succeeds([&] {
    const detail::SafetensorsFile file = detail::parse_safetensors(bytes);
    // What was read can be written, and is read again as the same.
    const auto again = detail::parse_safetensors(
        detail::safetensors_bytes(file.tensors, file.metadata, detail::StoredType::f32));
    expect(again.tensors.size() == file.tensors.size());
  });
  load(bytes);
  if (const auto file = packed_file(text_of(data, size), "facet-model")) load(*file);
  return 0;
}
