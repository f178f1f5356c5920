// SPDX-License-Identifier: Apache-2.0
// FACET_WIDEST before a function: compiled for AVX2 as well, which is taken where the processor has
// it. Its sums are the same: nothing is added in another order, or multiplied and added in one
// step.
#pragma once

// What chooses runs before the thread sanitizer has begun, and clang lets it call that.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FACET_ONE_WIDTH
#endif
#endif

#if defined(__x86_64__) && !defined(FACET_ONE_WIDTH)
#define FACET_WIDEST __attribute__((target_clones("avx2", "default")))
#else
#define FACET_WIDEST
#endif
