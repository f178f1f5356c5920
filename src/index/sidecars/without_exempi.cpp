// SPDX-License-Identifier: Apache-2.0
// What stands for XMP in a facet that was built without exempi's header.
#include "facet/error.hpp"
#include "index/sidecars/region_reader.hpp"
#include "index/sidecars/tag_writer.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void fail() {
  throw Error(ErrorCode::unsupported,
              "this facet was built without XMP (Debian: libexempi-dev and libexpat1-dev when it "
              "is built)");
}

}  // namespace

std::vector<NamedRegion> embedded_regions(std::span<const std::byte> /*photo*/) {
  fail();
}

ReadRegions make_region_reader(std::function<void(const std::string&)> /*warn*/) {
  return {};
}

TagWriter::TagWriter(const std::vector<std::filesystem::path>& /*photos*/, TagOptions options,
                     TagHooks /*hooks*/)
    : options_(options) {
  fail();
}

void TagWriter::add(PhotoTags /*photo*/) {
}

void TagWriter::pass_over(const std::filesystem::path& /*photo*/) {
}

}  // namespace facet::detail
