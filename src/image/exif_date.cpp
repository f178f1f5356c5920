// SPDX-License-Identifier: Apache-2.0
#include "image/exif_date.hpp"

#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "image/exif_block.hpp"

namespace facet::detail {
namespace {

using namespace std::string_view_literals;

struct ReleaseExif {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};

constexpr std::string_view kHeader = "Exif\0\0"sv;
// Dates stand near the beginning of a block, which may hold a whole photo behind them.
constexpr std::size_t kMostOfBlock = std::size_t{1} << 18;

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
  std::span<const std::byte> tiff = find_exif_block(file);
  if (tiff.empty()) return std::nullopt;
  tiff = tiff.first(std::min(tiff.size(), kMostOfBlock));
  // libexif wants the header that only some containers have.
  std::vector<unsigned char> block(kHeader.begin(), kHeader.end());
  const auto* first = reinterpret_cast<const unsigned char*>(tiff.data());
  block.insert(block.end(), first, first + tiff.size());
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
