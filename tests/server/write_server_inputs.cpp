// SPDX-License-Identifier: Apache-2.0
// write_server_inputs FOLDER: a small model and photos for it, for the tests of the server.
#include <filesystem>
#include <string>

#include "apps/small_model.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder / "photos");
  facet::detail::write_small_model(folder / "model.safetensors");
  for (const int x : {40, 55, 70, 85, 100, 115}) {
    facet::detail::write_blob_photo(folder / "photos" / ("blob" + std::to_string(x) + ".png"), x);
  }
  facet::detail::write_flat_photo(folder / "photos" / "flat.png");
}
