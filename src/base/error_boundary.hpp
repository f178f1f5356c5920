// SPDX-License-Identifier: Apache-2.0
// Nothing but facet::Error leaves the library.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "facet/error.hpp"

namespace facet::detail {

// The result of `work`. What it throws that is no Error is thrown as one.
template <typename Work>
decltype(auto) with_own_errors(Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::out_of_memory, "not enough memory");
  } catch (const std::exception& error) {
    throw Error(ErrorCode::internal, std::string("internal fault: ") + error.what());
  } catch (...) {
    throw Error(ErrorCode::internal, "internal fault of an unknown kind");
  }
}

}  // namespace facet::detail
