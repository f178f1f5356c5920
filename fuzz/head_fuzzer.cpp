// SPDX-License-Identifier: Apache-2.0
// Files of taught heads: refused with a reason, or read, and written as what reads as the same.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "facet/taught_head.hpp"
#include "model/temporary_folder.hpp"
#include "oracle.hpp"
#include "packed_file.hpp"

namespace {

using namespace facet;
using namespace facet::fuzz;

void load(std::string_view file) {
  static const detail::TemporaryFolder folder;
  detail::write_all(folder / "read.head", std::string(file));
  succeeds([&] {
    const TaughtHead head = TaughtHead::load(folder / "read.head");
    head.write(folder / "written.head");
    expect(TaughtHead::load(folder / "written.head") == head);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  load(text_of(data, size));
  if (const auto file = packed_file(text_of(data, size), "facet-head")) {
    load({reinterpret_cast<const char*>(file->data()), file->size()});
  }
  return 0;
}
