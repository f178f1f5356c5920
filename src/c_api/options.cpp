// SPDX-License-Identifier: Apache-2.0
#include "c_api/options.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <thread>

#include "c_api/handles.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void refuse(const std::string& what, std::int64_t number) {
  throw Error(ErrorCode::invalid_argument, what + " is " + std::to_string(number));
}

// Later is never.
constexpr std::int64_t kLongestTimeout = std::int64_t{1000} * 60 * 60 * 24 * 365;

Limits limits_of(const facet_predict_options& given) {
  Limits limits;
  if (given.timeout_ms < 0) refuse("timeout_ms", given.timeout_ms);
  if (given.timeout_ms > 0) {
    limits.deadline = std::chrono::steady_clock::now() +
                      std::chrono::milliseconds(std::min(given.timeout_ms, kLongestTimeout));
  }
  if (given.stop != nullptr) limits.stop = checked(given.stop).source.get_token();
  return limits;
}

LocateOptions locate_options(const facet_predict_options& given) {
  LocateOptions locate;
  if (given.use_threshold) locate.threshold = given.threshold;
  if (given.min_face != 0) locate.min_face = given.min_face;
  locate.dominant = given.dominant;
  locate.all = given.all;
  if (given.max_faces < 0) refuse("max_faces", given.max_faces);
  if (given.max_faces > 0) locate.max_faces = given.max_faces;
  switch (given.proposals) {
    case FACET_PROPOSALS_EVIDENCE:
      locate.proposals = Proposals::evidence;
      break;
    case FACET_PROPOSALS_EDGEBOXES:
      locate.proposals = Proposals::edgeboxes;
      break;
    default:
      refuse("proposals", given.proposals);
  }
  switch (given.turns) {
    case FACET_TURNS_AUTO:
      locate.turns = Turns::automatic;
      break;
    case FACET_TURNS_NONE:
      locate.turns = Turns::none;
      break;
    case FACET_TURNS_ALL:
      locate.turns = Turns::all;
      break;
    default:
      refuse("turns", given.turns);
  }
  locate.limits = limits_of(given);
  return locate;
}

}  // namespace

CallOptions call_options(const facet_predict_options* given) {
  CallOptions options;
  if (given == nullptr) return options;
  const facet_predict_options known = read_struct(given, "predict options");
  options.predict.locate = locate_options(known);
  if (known.head != nullptr) options.predict.head = known.head;
  switch (known.threshold_mode) {
    case FACET_THRESHOLDS_ACCURACY:
      options.predict.threshold_mode = ThresholdMode::accuracy;
      break;
    case FACET_THRESHOLDS_BALANCED:
      options.predict.threshold_mode = ThresholdMode::balanced;
      break;
    default:
      refuse("threshold_mode", known.threshold_mode);
  }
  if (known.extra_head_count > 0) require(known.extra_heads, "extra heads");
  for (std::size_t i = 0; i < known.extra_head_count; ++i) {
    options.predict.extra_heads.push_back(checked(known.extra_heads[i]).head);
  }
  options.predict.features = known.features;
  if (known.max_pixels < 0) refuse("max_pixels", known.max_pixels);
  if (known.max_pixels > 0) options.decode.max_pixels = known.max_pixels;
  options.decode.tolerant = known.tolerant;
  options.boxes_only = known.boxes_only;
  return options;
}

int count_of(int given, int otherwise, const char* what) {
  constexpr int most = 1024;
  if (given < 0 || given > most) {
    throw Error(ErrorCode::invalid_argument, std::string(what) + " is " + std::to_string(given) +
                                                 ", must be 0 to " + std::to_string(most));
  }
  return given == 0 ? otherwise : given;
}

int thread_count(const facet_predictor_options& options) {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  return count_of(options.threads, std::clamp(cores, 1, 1024), "threads");
}

Precision precision_of(facet_precision number) {
  switch (number) {
    case FACET_PRECISION_AUTO:
      return Precision::automatic;
    case FACET_PRECISION_FP32:
      return Precision::fp32;
    case FACET_PRECISION_BF16:
      return Precision::bf16;
    default:
      refuse("precision", number);
  }
}

PixelFormat pixel_format_of(facet_pixel_format number) {
  switch (number) {
    case FACET_PIXELS_RGB:
      return PixelFormat::rgb;
    case FACET_PIXELS_BGR:
      return PixelFormat::bgr;
    case FACET_PIXELS_RGBA:
      return PixelFormat::rgba;
    case FACET_PIXELS_BGRA:
      return PixelFormat::bgra;
    case FACET_PIXELS_GREY:
      return PixelFormat::grey;
    default:
      refuse("pixel format", number);
  }
}

}  // namespace facet::detail
