// SPDX-License-Identifier: Apache-2.0
// Views made hard at random.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "augment/appearance.hpp"
#include "augment/occlusion.hpp"
#include "lnet_source.hpp"
#include "small_packs.hpp"

namespace facet::training {
using namespace detail;
namespace {

constexpr int kSide = 48;

std::vector<std::uint8_t> picture() {
  std::vector<std::uint8_t> view(kSide * kSide * 3);
  for (std::size_t i = 0; i < view.size(); ++i) {
    view[i] = static_cast<std::uint8_t>(60 + (i * 7 + i / 144 * 3) % 120);
  }
  return view;
}

TEST(Appearance, ChangesAViewAndIsRepeatable) {
  for (const auto change : {change_light, change_rendering}) {
    int changed = 0;
    for (std::uint64_t i = 0; i < 60; ++i) {
      auto first = picture();
      auto second = picture();
      Random one(3, i);
      Random other(3, i);
      change(first.data(), kSide, one);
      change(second.data(), kSide, other);
      EXPECT_EQ(first, second);
      changed += first != picture() ? 1 : 0;
    }
    EXPECT_GT(changed, 57);
  }
}

TEST(Occlusion, CoversAPartOfTheFaceAlone) {
  int covered = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    auto view = picture();
    Random random(5, i);
    hide_part(view.data(), kSide, {24, 24, 16, 0.4F}, random);
    const auto before = picture();
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        const auto at = static_cast<std::size_t>((y * kSide + x) * 3);
        if (std::equal(view.begin() + static_cast<std::ptrdiff_t>(at),
                       view.begin() + static_cast<std::ptrdiff_t>(at) + 3,
                       before.begin() + static_cast<std::ptrdiff_t>(at))) {
          continue;
        }
        ++covered;
        EXPECT_LT(std::hypot(x + 0.5 - 24, y + 0.5 - 24), 1.2 * 16 * std::sqrt(2.0) + 1);
      }
    }
  }
  EXPECT_GT(covered, 40 * 20);
}

TEST(Occlusion, RepeatsTheBorderOfACloseUp) {
  for (std::uint64_t i = 0; i < 30; ++i) {
    auto view = picture();
    Random random(6, i);
    cut_close(view.data(), kSide, {24, 24, 20, 0}, random);
    const auto before = picture();
    const auto middle = static_cast<std::size_t>((24 * kSide + 24) * 3);
    EXPECT_EQ(view[middle], before[middle]);
    // Far outside: a repeated pixel of the border, or grey.
    EXPECT_TRUE(view[0] == view[3] && view[0] == view[kSide * 3]) << i;
  }
}

TEST(LnetSource, HardshipsChangeViewsButNoTag) {
  const SmallPacks packs;
  packs.add("p", 8, 32, "11");
  packs.add("q", 4, 48, "");
  const auto load = [&](const char* name) {
    return std::make_shared<Pack>(read_pack(packs.folder(), name, 2, -1, 1));
  };
  LnetSettings settings;
  settings.side = kSide;
  settings.face_height = 12;
  settings.targets = 2;
  const auto batch = [&](const Hardships& hardships) {
    settings.hardships = hardships;
    return LnetSource({AlignedPack{load("p"), 16, 16, 16, 1, 0}}, {},
                      {BackgroundPack{load("q")}, BackgroundPack{load("p")}}, 5, settings)
        .draw(0, 100);
  };
  const Batch easy = batch({});
  const Batch hard = batch({1, 1, 0.5F, 0.5F, 1, 0.9F, 0.5F, 0.5F});
  EXPECT_FALSE(easy.photos.equal(hard.photos));
  EXPECT_TRUE(hard.photos.equal(batch({1, 1, 0.5F, 0.5F, 1, 0.9F, 0.5F, 0.5F}).photos));
  const auto faces = [](const Batch& of) { return of.targets.select(1, 0).sum().item<double>(); };
  EXPECT_NEAR(faces(hard), faces(easy), 1e-6);
}

}  // namespace
}  // namespace facet::training
