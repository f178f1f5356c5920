// SPDX-License-Identifier: Apache-2.0
// Which facet this is.
#pragma once

#include <string>

#include "facet/api.hpp"

namespace facet {

// Of the headers that a program was compiled with.
inline constexpr int version_major = 0;
inline constexpr int version_minor = 2;
inline constexpr int version_patch = 0;

// Of the library that runs, e.g. "0.2.0". Programs of one 0.minor fit libraries of the same.
FACET_API std::string library_version();

}  // namespace facet
