// SPDX-License-Identifier: Apache-2.0
// The one place where exceptions of the library become statuses of the C API.
#pragma once

#include <cstddef>
#include <exception>
#include <new>
#include <string>
#include <utility>

#include "facet/error.hpp"
#include "facet/facet.h"

namespace facet::detail {

constexpr facet_status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return FACET_INVALID_ARGUMENT;
    case ErrorCode::not_found:
      return FACET_NOT_FOUND;
    case ErrorCode::unreadable:
      return FACET_UNREADABLE;
    case ErrorCode::too_large:
      return FACET_TOO_LARGE;
    case ErrorCode::bad_model:
      return FACET_BAD_MODEL;
    case ErrorCode::bad_label:
      return FACET_BAD_LABEL;
    case ErrorCode::io:
      return FACET_IO;
    case ErrorCode::unsupported:
      return FACET_UNSUPPORTED;
    case ErrorCode::cancelled:
      return FACET_CANCELLED;
    case ErrorCode::timed_out:
      return FACET_TIMED_OUT;
    case ErrorCode::out_of_memory:
      return FACET_OUT_OF_MEMORY;
    case ErrorCode::internal:
      break;
  }
  return FACET_INTERNAL;
}

// The inverse of status_of(), for statuses of failure.
constexpr ErrorCode code_of(facet_status status) {
  for (int code = 0; code < static_cast<int>(ErrorCode::internal); ++code) {
    if (status_of(static_cast<ErrorCode>(code)) == status) return static_cast<ErrorCode>(code);
  }
  return ErrorCode::internal;
}

// Keeps the message for facet_last_error() of this thread; returns the status.
facet_status failed(facet_status status, const char* message) noexcept;

// FACET_OK, or the status of what `work` throws.
template <typename Work>
facet_status guarded(Work&& work) noexcept {
  try {
    std::forward<Work>(work)();
    return FACET_OK;
  } catch (const Error& error) {
    return failed(status_of(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return failed(FACET_OUT_OF_MEMORY, "not enough memory");
  } catch (const std::exception& error) {
    return failed(FACET_INTERNAL, error.what());
  } catch (...) {
    return failed(FACET_INTERNAL, "internal fault of an unknown kind");
  }
}

// Throws Error(invalid_argument) where a pointer that must be given is NULL; `what` names it.
void require(const void* pointer, const char* what);

// An output that is NULL until the call has succeeded.
template <typename Value>
void prepare(Value** output, const char* what) {
  require(static_cast<const void*>(output), what);
  *output = nullptr;
}

// A text as the caller gets it, to be freed by facet_text_free().
char* text_for_caller(const std::string& text);

}  // namespace facet::detail
