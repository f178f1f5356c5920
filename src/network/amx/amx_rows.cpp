// SPDX-License-Identifier: Apache-2.0
#include "network/amx/amx_rows.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "facet/error.hpp"
#include "network/amx/map_conversion.hpp"
#include "network/network_plan.hpp"
#include "network/primitive_execution.hpp"

namespace facet::detail {
namespace {

// Bytes of all maps: half of what recent cores have for themselves.
constexpr double kBytesTogether = 1 << 20;

}  // namespace

bool amx_can_run_rows(const NetworkSpec& spec) {
  return std::all_of(spec.layers.begin(), spec.layers.end(),
                     [](const Layer& layer) { return layer.kind == LayerKind::convolution; });
}

AmxRowRunner::AmxRowRunner(const NetworkSpec& spec, std::shared_ptr<const AmxLayers> layers,
                           int planes)
    : spec_(&spec),
      layers_(std::move(layers)),
      planes_(planes),
      photo_planes_(bytes_are_exact(spec.mean, spec.scale) ? 1 : planes),
      added_(shortcut_sources(spec)),
      maps_(spec.layers.size() + 1) {
}

void AmxRowRunner::run(std::span<const Image> photos, std::size_t last, const RowSink& sink) {
  set_shapes(photos.front(), last);
  choose_rows(photos.size());
  for (std::size_t first = 0; first < photos.size();) {
    const std::size_t count =
        std::min(static_cast<std::size_t>(photos_together_), photos.size() - first);
    run_photos(photos.subspan(first, count), static_cast<int>(first), sink);
    first += count;
  }
}

void AmxRowRunner::set_shapes(const Image& photo, std::size_t last) {
  last_ = last;
  maps_[0].shape = {1, photo.height, photo.width, 3};
  for (std::size_t i = 0; i <= last; ++i) {
    const Layer& layer = spec_->layers[i];
    const MapShape& source = maps_[i].shape;
    maps_[i].padding = layer.padding;
    maps_[i + 1].shape = {1, output_side(layer, source.height), output_side(layer, source.width),
                          layer.out_channels};
    if (added_[i] == no_shortcut) continue;
    const MapShape& added = maps_[added_[i] + 1].shape;
    if (!(added == maps_[i + 1].shape)) {
      throw Error(ErrorCode::invalid_argument,
                  "layer " + layer.name + ": a map of " + shape_text(maps_[i + 1].shape) +
                      " cannot be added to one of " + shape_text(added));
    }
  }
}

void AmxRowRunner::choose_rows(std::size_t photos) {
  const MapShape& output = maps_[last_ + 1].shape;
  double bytes = static_cast<double>(output.width) * output.channels * sizeof(float);  // a row
  for (std::size_t i = 0; i <= last_; ++i) {
    const MapShape& shape = maps_[i].shape;
    const int planes = i == 0 ? photo_planes_ : planes_;
    bytes += static_cast<double>(shape.width) * pixel_step(shape.channels) * planes *
             sizeof(std::uint16_t) * shape.height / output.height;
  }
  const double rows = kBytesTogether * current_threads() / bytes;
  rows_together_ = std::clamp(static_cast<int>(rows), 1, output.height);
  photos_together_ =
      std::clamp(static_cast<int>(rows / output.height), 1, static_cast<int>(photos));
}

int AmxRowRunner::first_needed(std::size_t map) const {
  const RollingMap& here = maps_[map];
  int first = std::min(here.done, maps_[map + 1].done * spec_->layers[map].stride - here.padding);
  for (std::size_t i = map; i <= last_; ++i) {
    if (map > 0 && added_[i] == map - 1) first = std::min(first, maps_[i + 1].done);
  }
  return first;
}

void AmxRowRunner::set_ends(int end) {
  maps_[last_ + 1].end = end;
  for (std::size_t map = last_ + 1; map-- > 0;) {
    const Layer& reader = spec_->layers[map];
    RollingMap& here = maps_[map];
    int needed = (maps_[map + 1].end - 1) * reader.stride - reader.padding + reader.kernel;
    for (std::size_t i = map; i <= last_; ++i) {
      if (map > 0 && added_[i] == map - 1) needed = std::max(needed, maps_[i + 1].end);
    }
    here.end = std::clamp(needed, here.done, here.shape.height);
  }
}

// Goes through all rows to see how many of each map are stored at once.
void AmxRowRunner::start(int photos) {
  std::vector<int> rows(last_ + 1, 0);
  for (std::size_t map = 0; map <= last_ + 1; ++map) maps_[map].done = 0;
  const int height = maps_[last_ + 1].shape.height;
  for (int end = 0; end < height;) {
    end = std::min(end + rows_together_, height);
    set_ends(end);
    for (std::size_t map = 0; map <= last_; ++map) {
      const int below = maps_[map].end + maps_[map].padding;
      rows[map] = std::max(rows[map], below - first_needed(map));
    }
    for (std::size_t map = 0; map <= last_ + 1; ++map) maps_[map].done = maps_[map].end;
  }
  for (std::size_t map = 0; map <= last_; ++map) {
    RollingMap& here = maps_[map];
    MapShape stored = here.shape;
    stored.count = photos;
    stored.height = std::max(rows[map] - 2 * here.padding, 1);
    const int stride = spec_->layers[map].stride;
    here.values.resize(stored, here.padding, map == 0 ? photo_planes_ : planes_,
                       slack_behind(stored.channels, stride));
    here.values.clear_border();
    here.first = -here.padding;
    here.done = 0;
  }
  maps_[last_ + 1].done = 0;
}

// Moves the rows that are needed again to the top.
void AmxRowRunner::make_room(std::size_t map) {
  RollingMap& here = maps_[map];
  const int first = first_needed(map);
  const int gone = first - here.first;
  if (gone <= 0) return;
  Bf16View& values = here.values;
  for (int plane = 0; plane < values.planes && here.done > first; ++plane) {
    std::uint16_t* top = values.at(0, -values.above, -values.border) +
                         static_cast<std::size_t>(plane) * values.plane();
    std::memmove(top, top + static_cast<std::size_t>(gone) * values.row(),
                 static_cast<std::size_t>(here.done - first) * values.row() * sizeof *top);
  }
  here.first = first;
}

// The zeros below a map's last row.
void AmxRowRunner::end_rows(std::size_t map) {
  RollingMap& here = maps_[map];
  if (here.end < here.shape.height || here.padding == 0) return;
  Bf16View& values = here.values;
  for (int plane = 0; plane < values.planes; ++plane) {
    for (int n = 0; n < values.shape.count; ++n) {
      std::uint16_t* below = values.at(n, here.end - here.first - values.above, -values.border) +
                             static_cast<std::size_t>(plane) * values.plane();
      std::fill_n(below, static_cast<std::size_t>(here.padding) * values.row(), std::uint16_t{0});
    }
  }
}

void AmxRowRunner::make_rows(std::size_t map, std::span<const Image> photos) {
  RollingMap& here = maps_[map];
  const int rows = here.end - here.done;
  if (rows <= 0) return;
  // Rows of a stored map count from the one in the place of its first.
  const auto part = [](const RollingMap& of, int first, int height, int above) {
    return of.values.rows(first - of.first - of.values.above, height, above);
  };
  if (map == 0) {
    Bf16View target = part(here, here.done, rows, 0);
    for (std::size_t n = 0; n < photos.size(); ++n) {
      write_photo_rows(photos[n], here.done, rows, spec_->mean, spec_->scale, target,
                       static_cast<int>(n));
    }
    return;
  }
  const std::size_t index = map - 1;
  const Layer& layer = spec_->layers[index];
  const RollingMap& read = maps_[map - 1];
  const Bf16View source =
      part(read, here.done * layer.stride, (rows - 1) * layer.stride + 1, layer.padding);
  Bf16View added;
  if (added_[index] != no_shortcut) added = part(maps_[added_[index] + 1], here.done, rows, 0);
  MapShape result = here.shape;
  result.count = static_cast<int>(photos.size());
  result.height = rows;
  AmxTarget target;
  Bf16View stored;
  if (map == last_ + 1) {
    output_.resize(result.count, result.height, result.width, result.channels);
    target.values = output_.values.data();
  } else {
    stored = part(here, here.done, rows, 0);
    target.map = &stored;
  }
  convolve(*(*layers_)[index], source, added_[index] == no_shortcut ? nullptr : &added, result,
           target, current_threads());
}

void AmxRowRunner::run_photos(std::span<const Image> photos, int first_photo, const RowSink& sink) {
  start(static_cast<int>(photos.size()));
  RollingMap& output = maps_[last_ + 1];
  while (output.done < output.shape.height) {
    set_ends(std::min(output.done + rows_together_, output.shape.height));
    for (std::size_t map = 0; map <= last_ + 1; ++map) {
      if (map <= last_) make_room(map);
      make_rows(map, photos);
      if (map <= last_) end_rows(map);
    }
    const int first_row = output.done;
    // What maps need again depends on how far their readers have come.
    for (std::size_t map = 0; map <= last_ + 1; ++map) maps_[map].done = maps_[map].end;
    sink({output_, first_photo, first_row});
  }
}

}  // namespace facet::detail
