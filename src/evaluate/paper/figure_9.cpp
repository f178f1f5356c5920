// SPDX-License-Identifier: Apache-2.0
// Figure 9: where in a photo single attributes live, by LNet's maps of one tag.
#include <algorithm>
#include <array>
#include <cmath>

#include "evaluate/paper/lnet_maps.hpp"
#include "evaluate/paper/picture_grid.hpp"
#include "evaluate/paper/sections.hpp"
#include "heads/linear_head.hpp"
#include "model/model_access.hpp"

namespace facet::detail {
namespace {

constexpr const char* kName = "figure-9";
constexpr std::size_t kPeople = 200;
constexpr double kContext = 2.6;  // face heights
constexpr int kSide = 96;         // of a drawn map

// What an attribute is about, as a part of the face's height from its middle (0: there; -0.5: its
// top): hair and hats above, neck and tie below.
struct Expected {
  const char* attribute;
  double from;
  double to;
};
constexpr std::array<Expected, 8> kExpected = {{{"Bangs", -0.75, -0.1},
                                                {"Wearing_Hat", -1.0, -0.15},
                                                {"Bald", -1.0, -0.15},
                                                {"Eyeglasses", -0.35, 0.15},
                                                {"Smiling", 0.0, 0.5},
                                                {"Goatee", 0.1, 0.7},
                                                {"Wearing_Lipstick", 0.0, 0.5},
                                                {"Wearing_Necktie", 0.4, 1.3}}};

struct Peak {
  double x = 0;  // face heights from the face's middle
  double y = 0;
};

// The middle of the cells that respond nearly as the strongest.
Peak peak_of(const SquareMap& map) {
  const float most = *std::max_element(map.values.begin(), map.values.end());
  const float least = *std::min_element(map.values.begin(), map.values.end());
  Peak peak;
  double weight = 0;
  for (int y = 0; y < map.side; ++y) {
    for (int x = 0; x < map.side; ++x) {
      const float value = map.values[static_cast<std::size_t>(y * map.side + x)];
      const double share = (value - least) / std::max(1e-12F, most - least);
      if (share < 0.8) continue;
      weight += share;
      peak.x += share * ((x + 0.5) / map.side - 0.5) * kContext;
      peak.y += share * ((y + 0.5) / map.side - 0.5) * kContext;
    }
  }
  return {peak.x / weight, peak.y / weight};
}

}  // namespace

Section figure_9(PaperContext& context) {
  Section section;
  section.name = kName;
  section.title = "Figure 9: regions of single attributes";
  Claim claim{"One tag's map shows the region that the attribute lives in (figure 9)",
              "by eye",
              "",
              Verdict::untested,
              "mean maps over people instead of single photos; the region expected is written down "
              "beforehand",
              section_command(kName)};
  if (context.has_set("lfwa")) {
    const ModelParts& parts = parts_of(*context.paper().model);
    const FaceSquares squares = face_squares(context.set("lfwa"), kPeople, kContext,
                                             static_cast<int>(parts.localiser.face_height));
    const auto& names = find_head(parts, "celeba").attributes;
    PictureGrid grid;
    grid.title = "Mean map of one tag over " + std::to_string(squares.images.size()) +
                 " people's faces (paper's LNet_o)";
    grid.cell_height = grid.cell_width;
    ReportTable table{"figure-9.csv",
                      "Where the map is strongest, in face heights from the middle.",
                      {{"attribute", "right", "below", "expected below", "there"}, {}}};
    grid.rows.resize(2);
    int there = 0;
    for (std::size_t i = 0; i < kExpected.size(); ++i) {
      const Expected& expected = kExpected[i];
      const auto tag = static_cast<int>(std::find(names.begin(), names.end(), expected.attribute) -
                                        names.begin());
      const SquareMap map = mean_of(
          square_maps(*parts.lnet_o, parts.evidence_layer, squares.images,
                      CellValue::tag_evidence(*parts.lnet_o, parts.evidence_layer, 10, tag)));
      const Peak peak = peak_of(map);
      const bool is_there = peak.y >= expected.from && peak.y <= expected.to;
      there += is_there ? 1 : 0;
      grid.rows[i * 2 / kExpected.size()].cells.push_back(
          {drawn(map, squares.mean, kSide), expected.attribute});
      table.shown.rows.push_back({expected.attribute, fixed(peak.x, 2), fixed(peak.y, 2),
                                  fixed(expected.from, 2) + " to " + fixed(expected.to, 2),
                                  is_there ? "yes" : "no"});
    }
    write_picture_grid(context.options().out / "figure-9.svg", grid);
    write_csv(context.options().out / table.file, table.shown);
    section.figures.push_back({"figure-9.svg", "Mean maps of single tags, over the mean face."});
    section.tables.push_back(std::move(table));
    section.paragraphs = {
        "LNet's last layer answers for every place of its map. Squares around the faces of people "
        "of "
        "LFWA's test part, one photo a person, are averaged; the tag's logit is shown from its "
        "lowest to its highest value."};
    claim.ours = std::to_string(there) + " of " + std::to_string(kExpected.size()) +
                 " attributes are strongest where expected";
    claim.verdict = there == static_cast<int>(kExpected.size())       ? Verdict::reproduced
                    : 2 * there >= static_cast<int>(kExpected.size()) ? Verdict::partly
                                                                      : Verdict::not_so;
  }
  section.claims.push_back(std::move(claim));
  return section;
}

}  // namespace facet::detail
