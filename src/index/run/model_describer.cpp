// SPDX-License-Identifier: Apache-2.0
#include "index/run/model_describer.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/sha256.hpp"
#include "facet/error.hpp"
#include "facet/taught_head.hpp"
#include "model/model_access.hpp"
#include "model/model_parts.hpp"

namespace facet::detail {
namespace {

using nlohmann::json;

// What an index says of how it was made; nothing where it says nothing.
json known_options(const std::optional<Generation>& known) {
  if (!known) return json::object();
  json options = json::parse(known->options, nullptr, false);
  return options.is_object() ? options : json::object();
}

Precision read_precision(const std::string& name) {
  for (const Precision one : {Precision::automatic, Precision::fp32, Precision::bf16}) {
    if (name == precision_name(one)) return one;
  }
  return Precision::automatic;
}

std::string head_hash(const TaughtHead& head) {
  Sha256 sha;
  sha.update(std::as_bytes(std::span(head.weight)));
  const float numbers[] = {head.bias, head.calibration_a, head.calibration_b};
  sha.update(std::as_bytes(std::span(numbers)));
  return sha.finish().substr(0, 16);
}

std::string model_title(const Model& model) {
  return model.version().empty() ? model.name() : model.name() + ' ' + model.version();
}

std::vector<std::string> head_files(const DescribeWishes& wishes, const json& known) {
  if (!wishes.extra_heads.empty()) return wishes.extra_heads;
  std::vector<std::string> files;
  for (const json& head : known.value("extra_heads", json::array())) {
    files.push_back(head.value("file", ""));
  }
  return files;
}

std::optional<float> number(const std::optional<float>& wished, const json& known,
                            const char* name) {
  if (wished) return wished;
  const auto at = known.find(name);
  if (at == known.end() || !at->is_number()) return std::nullopt;
  return at->get<float>();
}

}  // namespace

ModelDescriber::ModelDescriber(std::shared_ptr<const Model> model, const DescribeWishes& wishes,
                               const std::optional<Generation>& known)
    : model_(std::move(model)) {
  const json before = known_options(known);
  options_.head = wishes.head.value_or(known ? known->head : "celeba");
  precision_ =
      wishes.precision.value_or(known ? read_precision(known->precision) : Precision::automatic);
  options_.locate.threshold = number(wishes.threshold, before, "threshold");
  options_.locate.min_face = number(wishes.min_face, before, "min_face");
  const bool edgeboxes = before.value("proposals", "") == "edgeboxes";
  options_.locate.proposals =
      wishes.proposals.value_or(edgeboxes ? Proposals::edgeboxes : Proposals::evidence);
  options_.features = wishes.features.value_or(before.value("features", false));

  generation_.model = model_title(*model_);
  generation_.checksum = model_->checksum();
  generation_.head = options_.head;
  generation_.precision = precision_name(precision_);
  const std::vector<std::string>& names = model_->attribute_names(options_.head);
  const Head& head = parts_of(*model_).heads.at(options_.head);
  for (std::size_t i = 0; i < names.size(); ++i) {
    generation_.attributes.push_back({names[i], head.threshold[i], head.threshold_balanced[i]});
  }
  json extra = json::array();
  for (const std::string& file : head_files(wishes, before)) {
    TaughtHead taught = TaughtHead::load(file);
    check_fit(taught, *model_);
    for (const IndexAttribute& other : generation_.attributes) {
      if (other.name != taught.name) continue;
      throw Error(ErrorCode::invalid_argument,
                  file + ": there is another attribute called " + taught.name);
    }
    extra.push_back({{"file", std::filesystem::absolute(file).string()},
                     {"name", taught.name},
                     {"hash", head_hash(taught)}});
    generation_.attributes.push_back({taught.name, taught.threshold, taught.threshold_balanced});
    options_.extra_heads.push_back(std::move(taught));
  }
  json options = {{"features", options_.features}, {"extra_heads", std::move(extra)}};
  if (options_.locate.threshold) options["threshold"] = *options_.locate.threshold;
  if (options_.locate.min_face) options["min_face"] = *options_.locate.min_face;
  if (options_.locate.proposals == Proposals::edgeboxes) options["proposals"] = "edgeboxes";
  generation_.options = options.dump();
}

DescribePhotos ModelDescriber::make() const {
  const auto predictor = std::make_shared<Predictor>(model_, 1, precision_);
  return {[predictor, options = options_](std::span<const Image> photos) {
            return predictor->predict(photos, options);
          },
          [predictor, options = options_](std::span<EncodedPhoto> photos) {
            return predictor->predict(photos, options);
          }};
}

std::vector<float> ModelDescriber::features_of(const Image& photo) const {
  PredictOptions options = options_;
  options.features = true;
  const PhotoResult result = Predictor(model_, 1, precision_).predict(photo, options);
  return result.faces.empty() ? std::vector<float>() : result.faces.front().features;
}

}  // namespace facet::detail
