// SPDX-License-Identifier: Apache-2.0
// Recipes, each read as it is and cut down for a rehearsal.
#include <cstddef>
#include <cstdint>
#include <string>

#include "model/temporary_folder.hpp"
#include "oracle.hpp"
#include "recipe/recipe.hpp"

namespace {

using namespace facet;
using namespace facet::detail;
using namespace facet::fuzz;

constexpr const char* kBase =
    "name = \"base\"\n[networks.lnet]\nlayers = [{ name = \"C1\", kind = \"convolution\", "
    "out = 2, kernel = 3 }]\n[[stages]]\nname = \"first\"\nkind = \"packs\"\n";

void read_all_of(const Recipe& recipe) {
  expect(!recipe.stages().empty());
  for (const Stage& stage : recipe.stages()) {
    expect(&recipe.stage(stage.name) == &stage && !stage.where.empty());
    succeeds([&] {
      TableReader settings = stage.settings();
      (void)settings.get<std::string>("network", "");
      (void)settings.get<float>("rate", 0);
      (void)settings.get<std::int64_t>("steps", 0);
      (void)settings.get<std::vector<int>>("offsets", {});
      (void)settings.tables("packs");
      settings.finish();
    });
  }
  for (const char* name : {"lnet", "anet", "aligner", "a.b"}) {
    succeeds([&] { expect(!recipe.network(name).layers.empty()); });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TemporaryFolder folder;
  static const bool has_base = (write_all(folder / "base.toml", kBase), true);
  expect(has_base);
  write_all(folder / "recipe.toml", std::string(text_of(data, size)));
  for (const bool rehearse : {false, true}) {
    succeeds([&] { read_all_of(Recipe::read(folder / "recipe.toml", rehearse)); });
  }
  return 0;
}
