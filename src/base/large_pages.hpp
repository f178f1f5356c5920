// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace facet::detail {

// Asks that the heap of this program lies in pages of two megabytes, where the system has them, and
// that what is freed stays with the program: photos and maps come and go, and each page the system
// gives anew must be cleared first. A request: where it cannot be, nothing changes. For programs,
// not for libraries, which share the heap with others; to be called first in main().
void keep_heap_in_large_pages();

}  // namespace facet::detail
