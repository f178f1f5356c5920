// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/neuron_responses.hpp"

#include <algorithm>

#include "describe/describer.hpp"
#include "evaluate/photo_workers.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

// Cells a side that a layer's map is averaged over; 0: its values as they are.
int cells_of(const std::string& layer) {
  if (layer == "C3") return 3;
  return layer == "C4" ? 2 : 0;
}

// Adds the mean over each cell of one map to `sums` (cells² × channels).
void add_cells(const FeatureMap& map, int n, int cells, std::vector<float>& sums) {
  const int grid = cells > 0 ? cells : 1;
  const auto channels = static_cast<std::size_t>(map.channels);
  sums.resize(static_cast<std::size_t>(grid) * static_cast<std::size_t>(grid) * channels);
  const float share = static_cast<float>(grid * grid) / static_cast<float>(map.height * map.width);
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      const int cell = (y * grid / map.height) * grid + x * grid / map.width;
      float* sum = sums.data() + static_cast<std::size_t>(cell) * channels;
      const float* value = map.at(n, y, x);
      for (std::size_t c = 0; c < channels; ++c) sum[c] += share * value[c];
    }
  }
}

PatchSettings middle_patch(PatchSettings settings) {
  settings.offsets = {(settings.region_side - settings.patch_side) / 2};
  settings.mirrored = true;
  return settings;
}

// One a thread.
class Probe {
 public:
  Probe(const Network& network, const PatchSettings& settings)
      : settings_(middle_patch(settings)), runner_(network) {
    for (const std::string& layer : response_layers()) {
      layers_.push_back(network.layer_index(layer));
      runner_.keep(layers_.back());
    }
  }

  // A vector a layer.
  std::vector<std::vector<float>> look(const Image& photo, const FacePose& pose) {
    const std::vector<Image> patches = cut_patches(photo, pose, settings_);
    runner_.set_input(patches);
    runner_.run(layers_.back());
    std::vector<std::vector<float>> means(layers_.size());
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const FeatureMap& map = runner_.output(layers_[i]);
      for (int n = 0; n < map.count; ++n) {
        add_cells(map, n, cells_of(response_layers()[i]), means[i]);
      }
      for (float& value : means[i]) value /= static_cast<float>(map.count);
    }
    return means;
  }

 private:
  PatchSettings settings_;
  NetworkRunner runner_;
  std::vector<std::size_t> layers_;
};

}  // namespace

const std::vector<std::string>& response_layers() {
  static const std::vector<std::string> layers = {"C3", "C4", "FC"};
  return layers;
}

StoredTables neuron_responses(const Network& network, const PatchSettings& patches,
                              const PaperSet& set, const DescribedFaces& faces,
                              const PaperOptions& options) {
  std::vector<std::vector<std::vector<float>>> all(set.size());
  const auto make_work = [&]() -> PhotoWork {
    const auto probe = std::make_shared<Probe>(network, patches);
    return [&, probe](const ListedPhoto& photo, std::size_t index) {
      all[index] = probe->look(photo.image, upright_pose(faces.boxes[index], faces.turns[index]));
    };
  };
  for_each_photo(set.photos.photos, options.threads, set.name, options.progress, make_work);
  StoredTables tables;
  for (std::size_t i = 0; i < response_layers().size(); ++i) {
    StoredRows& rows = tables[response_layers()[i]];
    for (const auto& one : all) {
      if (!one.empty()) rows.width = one[i].size();
    }
    for (const auto& one : all) {
      if (one.empty()) {
        rows.values.resize(rows.values.size() + rows.width);  // not read
      } else {
        rows.values.insert(rows.values.end(), one[i].begin(), one[i].end());
      }
    }
  }
  return tables;
}

}  // namespace facet::detail
