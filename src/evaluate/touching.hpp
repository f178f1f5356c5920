// SPDX-License-Identifier: Apache-2.0
// Faces that touch: sheets of small pictures, passport photos, video calls. Each tile of a sheet is
// the middle of another person's face, side by side without a gap.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/photo_sets.hpp"
#include "evaluate/run_record.hpp"
#include "facet/box.hpp"
#include "facet/image.hpp"

namespace facet::detail {

struct FaceSheet {
  Image image;
  std::vector<Box> tiles;
};

// Of each box the middle, 0.9 of its sides, cut to tiles of one size.
Image face_tile(const Image& photo, const Box& face);
// So many tiles a row; the last row may be shorter, what is left is grey. Throws
// Error(invalid_argument) for no tile and for tiles of other sizes than face_tile()'s.
FaceSheet make_sheet(std::span<const Image> tiles, int columns);

// A face of a tile is found where a box that no other tile has stands for it (stands_for()).
struct SheetFigures {
  std::size_t tiles = 0;
  std::size_t found = 0;
  std::size_t others = 0;  // boxes that stand for no tile, or for one that is found already
};
SheetFigures judge_sheet(const FaceSheet& sheet, std::span<const Box> boxes);

// The model's own way on sheets of twenty, of at most `most` faces of the set, spread evenly.
SheetFigures measure_touching(const EvaluationSet& set, std::size_t most,
                              const EvaluationOptions& options,
                              std::vector<std::string>& unreadable);

struct TouchingRow {
  std::string set;
  SheetFigures figures;
};
// A line a row for people.
std::string touching_text(std::span<const TouchingRow> rows);
// localisation-touching.csv. Throws Error(io).
void write_touching(const std::filesystem::path& folder, std::span<const TouchingRow> rows,
                    const RunRecord& record);

}  // namespace facet::detail
