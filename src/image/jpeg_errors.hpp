// SPDX-License-Identifier: Apache-2.0
// libjpeg's errors, caught by longjmp: C frames cannot be relied on to pass exceptions.
#pragma once

#include <array>
#include <csetjmp>
// jpeglib.h needs FILE and size_t but does not include them.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

namespace facet::detail {

// Before any call that can fail, `if (setjmp(errors.escape) != 0)` must hold the way out. No
// object with a destructor may live between that and the call.
struct JpegErrors {
  jpeg_error_mgr manager{};  // first, so that libjpeg's pointer to it is one to this
  std::jmp_buf escape{};
  std::array<char, JMSG_LENGTH_MAX> message{};
  bool tolerant = false;  // warnings that mean wrong pixels are noted only
  bool ended = false;     // the bytes ended before the file did
  bool wrong = false;     // pixels are wrong or missing
  int wrong_row = 0;      // about the first of these in the photo, where it has one scan
};

// Sets the handlers: errors, and warnings that mean wrong pixels, jump to `escape`, and `message`
// says what they are; nothing is printed. That the bytes end before the end marker is noted; it is
// an error only where pixels are missing.
jpeg_error_mgr* set_handlers(JpegErrors& errors);

}  // namespace facet::detail
