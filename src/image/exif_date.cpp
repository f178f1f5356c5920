// SPDX-License-Identifier: Apache-2.0
#include "image/exif_date.hpp"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace facet::detail {
namespace {

using namespace std::string_view_literals;

struct ReleaseExif {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

constexpr std::string_view kHeader = "Exif\0\0"sv;
constexpr std::array kTiffHeaders = {"II*\0"sv, "MM\0*"sv};
// Dates stand near the beginning of a block, which may hold a whole photo behind them.
constexpr std::size_t kMostOfBlock = std::size_t{1} << 18;

bool starts_with_tiff(std::string_view bytes) {
  return std::any_of(kTiffHeaders.begin(), kTiffHeaders.end(),
                     [&](std::string_view header) { return bytes.starts_with(header); });
}

// The TIFF structure that follows one of the marks that containers put before it.
std::string_view find_block(std::string_view file) {
  if (starts_with_tiff(file)) return file;
  // JPEG and HEIF; PNG's chunk; WebP's chunk with its length.
  constexpr std::array marks = {std::pair(kHeader, std::size_t{0}),
                                std::pair("eXIf"sv, std::size_t{0}),
                                std::pair("EXIF"sv, std::size_t{4})};
  for (const auto& [mark, skipped] : marks) {
    for (std::size_t at = file.find(mark); at != std::string_view::npos;
         at = file.find(mark, at + 1)) {
      const std::size_t first = at + mark.size() + skipped;
      if (first < file.size() && starts_with_tiff(file.substr(first))) return file.substr(first);
    }
  }
  return {};
}

std::optional<int> number(std::string_view text, std::size_t first, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(first, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<std::int64_t> read_exif_date(std::string_view text) {
  using namespace std::chrono;
  constexpr std::size_t length = 19;
  if (text.size() < length) return std::nullopt;
  const auto y = number(text, 0, 4);
  const auto mo = number(text, 5, 2);
  const auto d = number(text, 8, 2);
  const auto h = number(text, 11, 2);
  const auto mi = number(text, 14, 2);
  const auto s = number(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s) return std::nullopt;
  const year_month_day date(year(*y), month(static_cast<unsigned>(*mo)),
                            day(static_cast<unsigned>(*d)));
  if (*y == 0 || !date.ok() || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
  return sys_seconds(sys_days(date)).time_since_epoch().count() + *h * 3600 + *mi * 60 + *s;
}

std::optional<std::int64_t> exif_date(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const std::string_view tiff = find_block(text).substr(0, kMostOfBlock);
  if (tiff.empty()) return std::nullopt;
  std::vector<unsigned char> block(kHeader.begin(), kHeader.end());
  block.insert(block.end(), tiff.begin(), tiff.end());
  const std::unique_ptr<ExifData, ReleaseExif> exif(exif_data_new());
  if (!exif) return std::nullopt;
  exif_data_unset_option(exif.get(), EXIF_DATA_OPTION_FOLLOW_SPECIFICATION);
  exif_data_load_data(exif.get(), block.data(), static_cast<unsigned int>(block.size()));
  constexpr std::array places = {std::pair(EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL),
                                 std::pair(EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_DIGITIZED),
                                 std::pair(EXIF_IFD_0, EXIF_TAG_DATE_TIME)};
  for (const auto& [ifd, tag] : places) {
    const ExifEntry* entry = exif_content_get_entry(exif->ifd[ifd], tag);
    if (entry == nullptr || entry->data == nullptr || entry->format != EXIF_FORMAT_ASCII) continue;
    const auto date = read_exif_date({reinterpret_cast<const char*>(entry->data), entry->size});
    if (date) return date;
  }
  return std::nullopt;
}

}  // namespace facet::detail
