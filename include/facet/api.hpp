// SPDX-License-Identifier: Apache-2.0
// What libfacet.so shows.
#pragma once

// Marks a declaration as part of the API: everything else is hidden in the shared library.
#if defined(__GNUC__) || defined(__clang__)
#define FACET_API __attribute__((visibility("default")))
#else
#define FACET_API
#endif
