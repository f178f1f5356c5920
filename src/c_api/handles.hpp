// SPDX-License-Identifier: Apache-2.0
// What is behind the handles of the C API, and how a handle of another kind is known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "c_api/boundary.hpp"
#include "facet/facet.h"
#include "facet/facet.hpp"

namespace facet::detail {

enum class HandleKind : std::uint32_t {
  model = 0xFACE0001,
  predictor = 0xFACE0002,
  photo = 0xFACE0003,
  result = 0xFACE0004,
  head = 0xFACE0005,
  stop = 0xFACE0006,
  explainer = 0xFACE0007,
};

constexpr const char* kind_name(HandleKind kind) {
  switch (kind) {
    case HandleKind::model:
      return "model";
    case HandleKind::predictor:
      return "predictor";
    case HandleKind::photo:
      return "photo";
    case HandleKind::result:
      return "result";
    case HandleKind::head:
      return "head";
    case HandleKind::stop:
      return "stop";
    case HandleKind::explainer:
      return "explainer";
  }
  return "handle";
}

// First in every handle.
struct Handle {
  HandleKind kind;
};

// What the handle refers to; throws Error(invalid_argument) for NULL and for another kind.
template <typename OneHandle>
OneHandle& checked(OneHandle* handle) {
  const char* wanted = kind_name(OneHandle::kKind);
  require(handle, wanted);
  if (static_cast<const Handle*>(handle)->kind != OneHandle::kKind) {
    throw Error(ErrorCode::invalid_argument,
                std::string("the handle given as a ") + wanted + " is of another kind");
  }
  return *handle;
}

// Frees a handle; one of another kind stays as it is, and facet_last_error() says so.
template <typename OneHandle>
void free_handle(OneHandle* handle) noexcept {
  if (handle == nullptr) return;
  guarded([&] { std::unique_ptr<OneHandle>(&checked(handle)).reset(); });
}

}  // namespace facet::detail

struct facet_model : facet::detail::Handle {
  static constexpr auto kKind = facet::detail::HandleKind::model;
  facet_model(std::shared_ptr<const facet::Model> loaded, std::filesystem::path from)
      : Handle{kKind}, model(std::move(loaded)), file(std::move(from)) {}
  const std::shared_ptr<const facet::Model> model;
  const std::filesystem::path file;  // empty where it was loaded from bytes
};

struct facet_head : facet::detail::Handle {
  static constexpr auto kKind = facet::detail::HandleKind::head;
  explicit facet_head(facet::TaughtHead taught) : Handle{kKind}, head(std::move(taught)) {}
  const facet::TaughtHead head;
};

struct facet_stop : facet::detail::Handle {
  static constexpr auto kKind = facet::detail::HandleKind::stop;
  facet_stop() : Handle{kKind} {}
  std::stop_source source;
};

struct facet_predictor : facet::detail::Handle {
  static constexpr auto kKind = facet::detail::HandleKind::predictor;
  facet_predictor(const std::shared_ptr<const facet::Model>& model, int cores, int calls,
                  facet::Precision wanted)
      : Handle{kKind},
        threads(cores),
        precision(wanted),
        for_one(model, calls, cores, wanted),
        for_many(model, calls * cores, 1, wanted) {}
  const int threads;
  const facet::Precision precision;
  facet::PredictorPool for_one;   // photos that have all cores of a call
  facet::PredictorPool for_many;  // photos side by side, a core each: cores are used better so
};

struct facet_explainer : facet::detail::Handle {
  static constexpr auto kKind = facet::detail::HandleKind::explainer;
  facet_explainer(const std::shared_ptr<const facet::Model>& model,
                  std::shared_ptr<const facet::Concepts> concepts, int cores,
                  facet::Precision wanted)
      : Handle{kKind}, precision(wanted), explainer(model, std::move(concepts), cores, wanted) {}
  const facet::Precision precision;
  std::mutex mutex;  // one call at a time
  facet::Explainer explainer;
};

struct facet_photo : facet::detail::Handle {
  static constexpr auto kKind = facet::detail::HandleKind::photo;
  enum class Source { file, bytes, pixels };
  explicit facet_photo(Source from, std::string shown)
      : Handle{kKind}, source(from), name(std::move(shown)) {}
  const Source source;
  const std::string name;  // the path of a file
  std::span<const std::byte> bytes = {};
  facet::ImageView pixels = {};
};

struct facet_result : facet::detail::Handle {
  static constexpr auto kKind = facet::detail::HandleKind::result;
  facet_result() : Handle{kKind} {}
  facet::PhotoResult photo;
  facet_status error = FACET_OK;  // of an unreadable photo
  std::shared_ptr<const facet::ReportContext> context;
};
