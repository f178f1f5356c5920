// SPDX-License-Identifier: Apache-2.0
// The file of a taught head: safetensors, with a description in JSON and the weights.
#include "facet/taught_head.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/error_boundary.hpp"
#include "facet/error.hpp"
#include "format/safetensors.hpp"
#include "format/strict_json.hpp"

namespace facet {

using namespace detail;

namespace {

using nlohmann::json;

constexpr const char* kFormat = "facet-head";
constexpr const char* kWeight = "weight";
constexpr int kFormatVersion = 1;
constexpr float kLargestScore = 1e6F;
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kMostFeatures = 1 << 20;
constexpr int kMostPhotos = 1'000'000'000;

[[noreturn]] void fail(const std::string& reason) {
  throw Error(ErrorCode::bad_model, reason);
}

json to_json(const TaughtHead& head) {
  return {{"format_version", kFormatVersion},
          {"name", head.name},
          {"model", {{"name", head.model_name}, {"version", head.model_version}}},
          {"anet_checksum", head.anet_checksum},
          {"feature_layer", head.feature_layer},
          {"bias", head.bias},
          {"calibration_a", head.calibration_a},
          {"calibration_b", head.calibration_b},
          {"threshold", head.threshold},
          {"threshold_balanced", head.threshold_balanced},
          {"licence", head.licence},
          {"teaching",
           {{"photos", head.teaching.photos},
            {"positives", head.teaching.positives},
            {"cost", head.teaching.cost},
            {"accuracy", head.teaching.accuracy},
            {"balanced_accuracy", head.teaching.balanced_accuracy},
            {"log_loss", head.teaching.log_loss}}}};
}

TeachingRecord teaching_from_json(const json& object) {
  detail::FieldReader fields(object, "teaching");
  TeachingRecord record;
  record.photos = static_cast<std::size_t>(fields.integer("photos", 0, kMostPhotos));
  record.positives = static_cast<std::size_t>(fields.integer("positives", 0, kMostPhotos));
  record.cost = fields.number("cost", 0, kLargestScore);
  record.accuracy = fields.number("accuracy", 0, 1);
  record.balanced_accuracy = fields.number("balanced_accuracy", 0, 1);
  record.log_loss = fields.number("log_loss", 0, kLargestScore);
  fields.finish();
  return record;
}

TaughtHead head_from_json(const json& object) {
  detail::FieldReader fields(object, "its description");
  if (fields.integer("format_version", 1, INT32_MAX) > kFormatVersion) {
    fail("its format version " + object["format_version"].dump() + " is newer than " +
         std::to_string(kFormatVersion) + ", which this program reads");
  }
  TaughtHead head;
  head.name = fields.text("name", kLongestName);
  check_attribute_name(head.name);
  detail::FieldReader model(fields.value("model"), "model");
  head.model_name = model.text("name", 100);
  head.model_version = model.text("version", 100);
  model.finish();
  head.anet_checksum = fields.text("anet_checksum", 64);
  head.feature_layer = fields.text("feature_layer", 64);
  head.bias = fields.number("bias", -kLargestScore, kLargestScore);
  head.calibration_a = fields.number("calibration_a", -kLargestScore, kLargestScore);
  head.calibration_b = fields.number("calibration_b", -kLargestScore, kLargestScore);
  head.threshold = fields.number("threshold", 0, 1);
  head.threshold_balanced = fields.number("threshold_balanced", 0, 1);
  head.licence = fields.text("licence", 10'000);
  head.teaching = teaching_from_json(fields.value("teaching"));
  fields.finish();
  return head;
}

TaughtHead assemble(const std::string& description, WeightMap tensors) {
  const json object = detail::parse_strictly(description, "its description");
  TaughtHead head = head_from_json(object);
  auto weight = tensors.extract(kWeight);
  if (weight.empty()) fail("tensor \"weight\" is missing");
  if (!tensors.empty()) fail("unknown tensor " + detail::in_quotes(tensors.begin()->first));
  if (weight.mapped().shape.size() != 1 || weight.mapped().values.empty() ||
      weight.mapped().values.size() > kMostFeatures) {
    fail("its weight is not a row of numbers");
  }
  head.weight = std::move(weight.mapped().values);
  return head;
}

TaughtHead read_head(const std::filesystem::path& path) {
  SafetensorsFile file = read_safetensors(path);
  try {
    const auto metadata = [&](const char* key) -> const std::string& {
      const auto found = file.metadata.find(key);
      if (found == file.metadata.end()) {
        fail(std::string("not a facet head: no \"") + key + "\" in its metadata");
      }
      return found->second;
    };
    if (metadata("format") != kFormat) {
      fail("not a facet head: its format is " + detail::in_quotes(metadata("format")));
    }
    metadata("sha256");  // without one nothing was checked
    return assemble(metadata("facet"), std::move(file.tensors));
  } catch (const Error& error) {
    throw Error(ErrorCode::bad_model, path.string() + ": " + error.what());
  }
}

void write_head(const TaughtHead& head, const std::filesystem::path& path) {
  WeightMap tensors;
  tensors[kWeight] = {{static_cast<std::int64_t>(head.weight.size())}, head.weight};
  std::string description;
  try {
    description = to_json(head).dump();
    assemble(description, tensors);  // what could not be loaded again is not written
  } catch (const json::exception&) {
    throw Error(ErrorCode::invalid_argument,
                path.string() + ": not written: text that is not UTF-8");
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, path.string() + ": not written: " + error.what());
  }
  write_safetensors(path, tensors, {{"format", kFormat}, {"facet", description}}, StoredType::f32,
                    FileKind::head);
}

}  // namespace

void check_attribute_name(const std::string& name) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ErrorCode::invalid_argument,
                "an attribute cannot be called " + detail::in_quotes(name) + ": " + reason);
  };
  if (name.empty()) refuse("the name is empty");
  if (name.size() > kLongestName) {
    refuse("it is longer than " + std::to_string(kLongestName) + " bytes");
  }
  for (const char c : name) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7F) {
      refuse("it holds white space or control characters; use _ between words");
    }
    if (std::string_view(",;\"'").find(c) != std::string_view::npos) {
      refuse("it holds a comma, semicolon or quote");
    }
  }
  try {
    (void)json(name).dump();
  } catch (const json::exception&) {
    refuse("it is not UTF-8");
  }
}

TaughtHead TaughtHead::load(const std::filesystem::path& path) {
  return with_own_errors([&] { return read_head(path); });
}

void TaughtHead::write(const std::filesystem::path& path) const {
  with_own_errors([&] { write_head(*this, path); });
}

}  // namespace facet
