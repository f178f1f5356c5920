// SPDX-License-Identifier: Apache-2.0
#include "c_api/boundary.hpp"

#include <array>
#include <cstdlib>
#include <cstring>

#include "base/printable_text.hpp"
#include "facet/version.hpp"

namespace facet::detail {
namespace {

// Of this thread, so that no call disturbs another's message. The pointer is to the text, or to a
// literal where there was no memory for one.
thread_local std::string last_text;
thread_local const char* last_error = "";

}  // namespace

facet_status failed(facet_status status, const char* message) noexcept {
  try {
    last_text = printable_text(message);
    last_error = last_text.c_str();
  } catch (...) {
    last_error = "not enough memory to say what was wrong";
  }
  return status;
}

void require(const void* pointer, const char* what) {
  if (pointer != nullptr) return;
  throw Error(ErrorCode::invalid_argument, std::string(what) + " is NULL");
}

char* text_for_caller(const std::string& text) {
  auto* copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

}  // namespace facet::detail

extern "C" {

const char* facet_status_name(facet_status status) {
  static constexpr std::array<const char*, FACET_INTERNAL + 1> names = {
      "ok",        "invalid_argument", "not_found", "unreadable",  "too_large",
      "bad_model", "bad_label",        "io",        "unsupported", "cancelled",
      "timed_out", "out_of_memory",    "internal"};
  if (status < 0 || status > FACET_INTERNAL) return "unknown";
  return names.at(static_cast<std::size_t>(status));
}

const char* facet_last_error(void) {
  return facet::detail::last_error;
}

const char* facet_version(void) {
  static const std::string version = facet::library_version();
  return version.c_str();
}

void facet_text_free(char* text) {
  std::free(text);
}

}  // extern "C"
