// SPDX-License-Identifier: Apache-2.0
// A part of a JPEG photo as a file of its own, from the coefficients: nothing is lost by it.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "image/jpeg_decompressor.hpp"

namespace facet::detail {
namespace {

// Compresses coefficients that another file had. write() may be left by longjmp: false then.
class CoefficientWriter {
 public:
  // `errors` are those of the decompressor too: an error of either leads out of write().
  CoefficientWriter(j_decompress_ptr source, JpegErrors& errors)
      : source_(source), errors_(errors) {}
  CoefficientWriter(const CoefficientWriter&) = delete;
  CoefficientWriter& operator=(const CoefficientWriter&) = delete;
  ~CoefficientWriter() {
    jpeg_destroy_compress(&info_);
    std::free(data_);
  }

  bool write(const PixelRect& part);

  [[nodiscard]] std::span<const std::byte> file() const {
    return std::as_bytes(std::span(data_, size_));
  }

 private:
  // False where there is a number that no JPEG file can hold.
  bool copy_blocks(jvirt_barray_ptr* from, int component, const PixelRect& part);

  j_decompress_ptr source_;
  JpegErrors& errors_;
  jpeg_compress_struct info_{};
  unsigned char* data_ = nullptr;
  unsigned long size_ = 0;
  jvirt_barray_ptr blocks_[MAX_COMPONENTS] = {};
};

// Damaged files may have others, which libjpeg's writer takes without a word and writes wrong.
bool can_be_written(const JBLOCK& block) {
  constexpr int most_mean = 1024;
  constexpr int most_other = 1023;
  bool fine = block[0] >= -most_mean && block[0] < most_mean;
  for (int i = 1; i < DCTSIZE2; ++i) fine &= block[i] >= -most_other && block[i] <= most_other;
  return fine;
}

JDIMENSION rounded_up(JDIMENSION value, int unit) {
  const auto step = static_cast<JDIMENSION>(unit);
  return (value + step - 1) / step;
}

bool CoefficientWriter::write(const PixelRect& part) {
  info_.err = &errors_.manager;
  if (setjmp(errors_.escape) != 0) return false;
  jvirt_barray_ptr* coefficients = jpeg_read_coefficients(source_);
  jpeg_create_compress(&info_);
  jpeg_mem_dest(&info_, &data_, &size_);
  jpeg_copy_critical_parameters(source_, &info_);
  info_.image_width = static_cast<JDIMENSION>(part.width);
  info_.image_height = static_cast<JDIMENSION>(part.height);
  // The marker says what the colours mean.
  info_.write_Adobe_marker = source_->saw_Adobe_marker;
  info_.write_JFIF_header = source_->saw_JFIF_marker;
  const JDIMENSION columns = rounded_up(info_.image_width, source_->max_h_samp_factor * DCTSIZE);
  const JDIMENSION rows = rounded_up(info_.image_height, source_->max_v_samp_factor * DCTSIZE);
  auto* common = reinterpret_cast<j_common_ptr>(&info_);
  for (int c = 0; c < info_.num_components; ++c) {
    const jpeg_component_info& component = info_.comp_info[c];
    blocks_[c] = info_.mem->request_virt_barray(
        common, JPOOL_IMAGE, TRUE, columns * static_cast<JDIMENSION>(component.h_samp_factor),
        rows * static_cast<JDIMENSION>(component.v_samp_factor),
        static_cast<JDIMENSION>(component.v_samp_factor));
  }
  jpeg_write_coefficients(&info_, blocks_);
  for (int c = 0; c < info_.num_components; ++c) {
    if (!copy_blocks(coefficients, c, part)) return false;
  }
  jpeg_finish_compress(&info_);
  return true;
}

bool CoefficientWriter::copy_blocks(jvirt_barray_ptr* from, int component, const PixelRect& part) {
  const jpeg_component_info& in = source_->comp_info[component];
  const jpeg_component_info& out = info_.comp_info[component];
  const auto left =
      static_cast<JDIMENSION>(part.x / (source_->max_h_samp_factor * DCTSIZE) * in.h_samp_factor);
  const auto top =
      static_cast<JDIMENSION>(part.y / (source_->max_v_samp_factor * DCTSIZE) * in.v_samp_factor);
  // The photo may have fewer blocks than the part has with those that fill it up, never seen.
  const JDIMENSION width = std::min(out.width_in_blocks, in.width_in_blocks - left);
  const JDIMENSION height = std::min(out.height_in_blocks, in.height_in_blocks - top);
  auto* reading = reinterpret_cast<j_common_ptr>(source_);
  auto* writing = reinterpret_cast<j_common_ptr>(&info_);
  for (JDIMENSION y = 0; y < height; ++y) {
    JBLOCKARRAY to = info_.mem->access_virt_barray(writing, blocks_[component], y, 1, TRUE);
    JBLOCKARRAY row = source_->mem->access_virt_barray(reading, from[component], top + y, 1, FALSE);
    std::memcpy(to[0][0], row[0][left], width * sizeof(JBLOCK));
    for (JDIMENSION x = 0; x < width; ++x) {
      if (!can_be_written(to[0][x])) return false;
    }
  }
  return true;
}

}  // namespace

bool JpegDecompressor::cut(const PixelRect& part, std::vector<std::byte>& file) {
  CoefficientWriter writer(&info_, errors_);
  if (!writer.write(part)) return false;
  file.assign(writer.file().begin(), writer.file().end());
  return true;
}

}  // namespace facet::detail
