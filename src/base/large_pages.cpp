// SPDX-License-Identifier: Apache-2.0
#include "base/large_pages.hpp"

#include <cstdint>
#include <cstdlib>  // says whether this is glibc

#if defined(__GLIBC__) && defined(__linux__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace facet::detail {

#if defined(__GLIBC__) && defined(__linux__)

void keep_heap_in_large_pages() {
  constexpr int mebibyte = 1 << 20;
  constexpr int room = 128 * mebibyte;          // addresses, not memory
  constexpr int largest_block = 32 * mebibyte;  // more than glibc takes from the heap
  constexpr std::uintptr_t page = 2 * mebibyte;
  // Threads with heaps of their own would not share what others have freed.
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_MMAP_THRESHOLD, largest_block);
  ::mallopt(M_TRIM_THRESHOLD, 2 * room);
  ::mallopt(M_TOP_PAD, room);
  void* volatile block = std::malloc(mebibyte);  // the heap grows by this and the room
  std::free(block);
  ::mallopt(M_TOP_PAD, mebibyte);
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0)) & ~(page - 1);
  const auto begin = (end - room + page - 1) & ~(page - 1);
  (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

#else

void keep_heap_in_large_pages() {
}

#endif

}  // namespace facet::detail
