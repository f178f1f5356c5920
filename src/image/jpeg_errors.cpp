// SPDX-License-Identifier: Apache-2.0
#include "image/jpeg_errors.hpp"

#include <jerror.h>

namespace facet::detail {
namespace {

JpegErrors& errors_of(j_common_ptr info) {
  return *reinterpret_cast<JpegErrors*>(info->err);
}

[[noreturn]] void leave(j_common_ptr info) {
  JpegErrors& errors = errors_of(info);
  info->err->format_message(info, errors.message.data());
  std::longjmp(errors.escape, 1);
}

// libjpeg goes on after these, but fills the photo with grey or rubbish.
bool means_wrong_pixels(int code) {
  switch (code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
      return true;
    default:
      return false;
  }
}

void handle_message(j_common_ptr info, int level) {
  JpegErrors& errors = errors_of(info);
  const int code = info->err->msg_code;
  if (level >= 0) return;
  if (code == JWRN_JPEG_EOF) errors.ended = true;
  if (!means_wrong_pixels(code)) return;
  if (!errors.wrong) {
    const auto* input = reinterpret_cast<j_decompress_ptr>(info);
    errors.wrong = true;
    errors.wrong_row = static_cast<int>(input->input_iMCU_row) * input->max_v_samp_factor * DCTSIZE;
    info->err->format_message(info, errors.message.data());
  }
  if (!errors.tolerant) leave(info);
}

void print_nothing(j_common_ptr /*info*/) {
}

}  // namespace

jpeg_error_mgr* set_handlers(JpegErrors& errors) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = leave;
  errors.manager.emit_message = handle_message;
  errors.manager.output_message = print_nothing;
  return &errors.manager;
}

}  // namespace facet::detail
