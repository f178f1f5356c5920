// SPDX-License-Identifier: Apache-2.0
#include "describe/one_pass/shared_windows.hpp"

#include <map>
#include <string>
#include <utility>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, "one pass over all patches: " + reason);
}

// How far the layers go that run on the whole region, and what they make of a patch.
struct RegionPart {
  std::size_t layers = 0;
  int stride = 1;      // pixels from one place of the region's map to the next
  int patch_side = 0;  // of a patch in that map
};

// A fully connected layer reads whole patches; over the region it would be computed at places
// where no patch lies.
bool runs_on_region(const Layer& layer, int patch_side) {
  const bool local = layer.kind == LayerKind::local_tiled || layer.kind == LayerKind::local_stacked;
  return !local && layer.kernel < patch_side;
}

RegionPart region_part(const NetworkSpec& spec, int patch_side, std::size_t last) {
  RegionPart part{0, 1, patch_side};
  while (part.layers <= last && runs_on_region(spec.layers[part.layers], part.patch_side)) {
    const Layer& layer = spec.layers[part.layers];
    part.stride *= layer.stride;
    part.patch_side = output_side(layer, part.patch_side);
    ++part.layers;
  }
  return part;
}

void check_offsets(const std::vector<int>& offsets, const char* direction, int patch_side,
                   int region_side, int stride) {
  if (offsets.empty()) refuse(std::string("no ") + direction + " offsets");
  for (const int offset : offsets) {
    const std::string text = std::string(direction) + " offset " + std::to_string(offset);
    if (offset < 0 || offset > region_side - patch_side) {
      refuse(text + " does not fit a patch of " + std::to_string(patch_side) + " in a region of " +
             std::to_string(region_side) + " pixels");
    }
    if (offset % stride != 0) {
      refuse(text + " is not a multiple of " + std::to_string(stride) +
             ", the stride of the layers that patches share");
    }
  }
}

// Which vector stands at each place of each patch's map.
struct PatchMaps {
  int patches = 0;
  int side = 0;
  std::vector<int> vectors;

  [[nodiscard]] std::size_t place(int patch, int y, int x) const {
    return (static_cast<std::size_t>(patch) * static_cast<std::size_t>(side) +
            static_cast<std::size_t>(y)) *
               static_cast<std::size_t>(side) +
           static_cast<std::size_t>(x);
  }
  void append_window(int patch, int y, int x, int kernel, std::vector<int>& window) const {
    for (int dy = 0; dy < kernel; ++dy) {
      const auto row = vectors.begin() + static_cast<std::ptrdiff_t>(place(patch, y + dy, x));
      window.insert(window.end(), row, row + kernel);
    }
  }
};

// Distinct windows in ascending order: windows that read neighbouring vectors lie together.
using DistinctWindows = std::map<std::vector<int>, int>;

int group_of(const Layer& layer, int side, int y, int x) {
  if (layer.kind != LayerKind::local_tiled) return 0;
  const int cell = side / layer.cells;
  return y / cell * layer.cells + x / cell;
}

// All that a vector depends on; for stacked banks the windows of all, one after another.
void read_window(const Layer& layer, const PatchMaps& maps, int patch, int y, int x,
                 std::vector<int>& window) {
  window.clear();
  if (layer.kind != LayerKind::local_stacked) {
    maps.append_window(patch, y * layer.stride, x * layer.stride, layer.kernel, window);
    return;
  }
  const int cell = maps.side / layer.cells;
  for (int i = 0; i + 1 < layer.cells; ++i) {
    for (int j = 0; j + 1 < layer.cells; ++j) {
      maps.append_window(patch, i * cell + y, j * cell + x, layer.kernel, window);
    }
  }
}

// Numbers the windows of all groups and lists them by bank.
SharedLayer list_windows(const Layer& layer, std::vector<DistinctWindows>& groups) {
  SharedLayer shared{layer, 0, {}};
  const bool stacked = layer.kind == LayerKind::local_stacked;
  const int banks = stacked ? layer.banks() : 1;
  const std::ptrdiff_t kernel_size = std::ptrdiff_t{layer.kernel} * layer.kernel;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (int i = 0; i < banks; ++i) {
      BankWindows bank;
      bank.bank = stacked ? i : static_cast<int>(group);
      bank.first_output = shared.outputs;
      bank.first_channel = i * layer.out_channels;
      bank.windows = static_cast<int>(groups[group].size());
      bank.sources.reserve(groups[group].size() * static_cast<std::size_t>(kernel_size));
      for (const auto& entry : groups[group]) {
        const auto first = entry.first.begin() + i * kernel_size;
        bank.sources.insert(bank.sources.end(), first, first + kernel_size);
      }
      shared.banks.push_back(std::move(bank));
    }
    for (auto& entry : groups[group]) entry.second = shared.outputs++;
  }
  return shared;
}

SharedLayer share_layer(const Layer& layer, PatchMaps& maps) {
  PatchMaps output{maps.patches, output_side(layer, maps.side), {}};
  std::vector<DistinctWindows> groups(static_cast<std::size_t>(
      layer.kind == LayerKind::local_tiled ? layer.cells * layer.cells : 1));
  std::vector<const int*> numbers;
  std::vector<int> window;
  for (int patch = 0; patch < maps.patches; ++patch) {
    for (int y = 0; y < output.side; ++y) {
      for (int x = 0; x < output.side; ++x) {
        read_window(layer, maps, patch, y, x, window);
        const auto group = static_cast<std::size_t>(group_of(layer, output.side, y, x));
        numbers.push_back(&groups[group].try_emplace(window).first->second);
      }
    }
  }
  SharedLayer shared = list_windows(layer, groups);
  output.vectors.reserve(numbers.size());
  for (const int* number : numbers) output.vectors.push_back(*number);
  maps = std::move(output);
  return shared;
}

PatchMaps cut_region_map(const MapShape& map, const PatchGrid& grid, const RegionPart& part) {
  PatchMaps maps{map.count * grid.patches(), part.patch_side, {}};
  for (int region = 0; region < map.count; ++region) {
    for (const int top : grid.offsets_y) {
      for (const int left : grid.offsets_x) {
        for (int y = 0; y < part.patch_side; ++y) {
          const int row = (region * map.height + top / part.stride + y) * map.width;
          for (int x = 0; x < part.patch_side; ++x) {
            maps.vectors.push_back(row + left / part.stride + x);
          }
        }
      }
    }
  }
  return maps;
}

}  // namespace

void check_one_pass(const NetworkSpec& spec, int region_height, int region_width,
                    const PatchGrid& grid, std::size_t last) {
  if (last >= spec.layers.size()) {
    refuse("there is no layer " + std::to_string(last) + " in a network of " +
           std::to_string(spec.layers.size()));
  }
  for (std::size_t i = 0; i <= last; ++i) {
    if (spec.layers[i].kind == LayerKind::depths) {
      refuse("layer " + spec.layers[i].name + " reads each patch's maps as a whole");
    }
    if (spec.layers[i].padding != 0) {
      refuse("layer " + spec.layers[i].name + " is padded, so patches do not share its borders");
    }
  }
  int side = grid.patch_side;
  for (std::size_t i = 0; i <= last; ++i) side = output_side(spec.layers[i], side);
  const RegionPart part = region_part(spec, grid.patch_side, last);
  for (std::size_t i = part.layers; i <= last; ++i) {
    if (!spec.layers[i].add.empty()) {
      refuse("layer " + spec.layers[i].name + " adds the map of " + spec.layers[i].add +
             " where patches no longer share one map");
    }
  }
  check_offsets(grid.offsets_y, "vertical", grid.patch_side, region_height, part.stride);
  check_offsets(grid.offsets_x, "horizontal", grid.patch_side, region_width, part.stride);
}

SharedNetwork share_windows(const NetworkSpec& spec, const MapShape& regions, const PatchGrid& grid,
                            std::size_t last) {
  check_one_pass(spec, regions.height, regions.width, grid, last);
  const RegionPart part = region_part(spec, grid.patch_side, last);
  SharedNetwork shared;
  shared.region_layers = part.layers;
  shared.region_map = regions;
  for (std::size_t i = 0; i < part.layers; ++i) {
    shared.region_map = {regions.count, output_side(spec.layers[i], shared.region_map.height),
                         output_side(spec.layers[i], shared.region_map.width),
                         spec.layers[i].channels()};
  }
  PatchMaps maps = cut_region_map(shared.region_map, grid, part);
  for (std::size_t i = part.layers; i <= last; ++i) {
    shared.layers.push_back(share_layer(spec.layers[i], maps));
  }
  shared.patch_side = maps.side;
  shared.patch_vectors = std::move(maps.vectors);
  return shared;
}

}  // namespace facet::detail
