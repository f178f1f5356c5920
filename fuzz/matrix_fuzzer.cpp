// SPDX-License-Identifier: Apache-2.0
// LFWA's labels in MATLAB's format.
#include <cstddef>
#include <cstdint>
#include <string>

#include "dataset/lfwa_matrix.hpp"
#include "model/temporary_folder.hpp"
#include "oracle.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace facet;
  using namespace facet::detail;
  using namespace facet::fuzz;
  static const TemporaryFolder folder;
  static const PhotoIndex index(folder.path(), false);
  write_all(folder / "labels.mat", std::string(text_of(data, size)));
  Collection collection;
  Faults faults(Faults::Mode::gather);
  LabelledPhotos photos(collection, index, faults);
  succeeds([&] {
    read_lfwa_matrix(folder / "labels.mat", collection, photos, faults);
    read_lfwa_parts(folder / "labels.mat", collection, faults);
  });
  for (const Finding& finding : faults.findings()) expect(is_one_line(finding.message));
  return 0;
}
