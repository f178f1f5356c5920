// SPDX-License-Identifier: Apache-2.0
#include "network/amx/processor.hpp"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace facet::detail {

#if defined(__x86_64__) && defined(__linux__)

namespace {

constexpr long kRequestState = 0x1023;  // ARCH_REQ_XCOMP_PERM
constexpr long kTileData = 18;          // XFEATURE_XTILEDATA
constexpr unsigned kAmxBf16 = 1U << 22;
constexpr unsigned kAmxTile = 1U << 24;
constexpr unsigned kAvx512Bf16 = 1U << 5;

bool ask_processor() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  const bool tiles = (d & kAmxBf16) != 0 && (d & kAmxTile) != 0;
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) == 0 || (a & kAvx512Bf16) == 0) return false;
  return tiles && __builtin_cpu_supports("avx512f") != 0 &&
         __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vl") != 0;
}

}  // namespace

bool has_amx() {
  // Threads started later inherit the permission.
  static const bool found =
      ask_processor() && ::syscall(SYS_arch_prctl, kRequestState, kTileData) == 0;
  return found;
}

#else

bool has_amx() {
  return false;
}

#endif

}  // namespace facet::detail
