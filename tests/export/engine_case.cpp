// SPDX-License-Identifier: Apache-2.0
#include "export/engine_case.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include "describe/aligner.hpp"
#include "describe/describer.hpp"
#include "facet/model.hpp"
#include "facet/predictor.hpp"
#include "image/resample.hpp"
#include "model/model_access.hpp"
#include "network/network.hpp"

namespace facet::detail::testing {
namespace {

constexpr int kFixedPhotoSide = 320;

Values rows_of(const std::vector<std::vector<float>>& rows) {
  Values values{{static_cast<int>(rows.size()), static_cast<int>(rows.at(0).size())}, {}};
  for (const auto& row : rows) {
    values.numbers.insert(values.numbers.end(), row.begin(), row.end());
  }
  return values;
}

// N×C×H×W.
Values map_of(const FeatureMap& map) {
  Values values{{map.count, map.channels, map.height, map.width}, {}};
  for (int n = 0; n < map.count; ++n) {
    for (int c = 0; c < map.channels; ++c) {
      for (int y = 0; y < map.height; ++y) {
        for (int x = 0; x < map.width; ++x) values.numbers.push_back(map.at(n, y, x)[c]);
      }
    }
  }
  return values;
}

class Cases {
 public:
  explicit Cases(const std::filesystem::path& file)
      : model_(Model::load(file)), parts_(parts_of(*model_)) {}

  std::vector<EngineCase> all() {
    const Image photo =
        read_image(std::filesystem::path(FACET_SOURCE_DIR) / "samples" / "solvay_1927.jpg");
    Predictor predictor(model_, 1, Precision::fp32);
    const PhotoResult found = predictor.predict(photo);
    if (found.faces.size() < 3) throw std::runtime_error("the sample shows too few faces");
    std::vector<Box> boxes;
    for (int i = 0; i < 3; ++i) boxes.push_back(found.faces[static_cast<std::size_t>(i)].box);
    for (const auto& [file, count] :
         {std::pair{"anet.onnx", 3}, {"anet.onnx", 1}, {"anet.fixed.onnx", 1}}) {
      add_faces(file, photo, predictor, std::span(boxes).first(static_cast<std::size_t>(count)));
    }
    if (parts_.aligner) {
      std::vector<Image> views;
      Aligner aligner(model_);
      for (const Box& box : boxes) views.push_back(aligner.views(photo, box).at(0));
      const std::string& last = parts_.aligner->spec().layers.back().name;
      add_network("aligner.onnx", *parts_.aligner, last, views);
      add_network("aligner.fixed.onnx", *parts_.aligner, last, std::span(views).first(1));
    }
    const Image small = resize(photo, 200, 152);
    const std::string& tags = parts_.evidence_layer;
    const std::vector<Image> two = {small, mirror(small)};
    const std::vector<Image> one = {resize(photo, kFixedPhotoSide, kFixedPhotoSide)};
    const int side = parts_.localiser.refine_side;
    const std::vector<Image> window = {resize(photo, side, side)};
    add_network("lnet_o.onnx", *parts_.lnet_o, tags, two);
    add_network("lnet_o.onnx", *parts_.lnet_o, tags, one);
    add_network("lnet_o.fixed.onnx", *parts_.lnet_o, tags, one);
    add_network("lnet_s.onnx", *parts_.lnet_s, tags, two);
    add_network("lnet_s.fixed.onnx", *parts_.lnet_s, tags, window);
    return std::move(cases_);
  }

 private:
  void add_faces(const std::string& file, const Image& photo, Predictor& predictor,
                 std::span<const Box> boxes) {
    EngineCase one{file, {}, {}};
    std::vector<Image> squares;
    Aligner aligner(model_);
    for (const Box& box : boxes) {
      squares.push_back(cut_square(photo, face_region(aligner.align(photo, box), parts_.patches),
                                   parts_.patches.region_side));
    }
    one.input = to_values(squares);
    for (const std::string& head : model_->heads()) {
      std::vector<std::vector<float>> rows;
      for (const Face& face : predictor.describe(photo, boxes, head)) {
        rows.emplace_back();
        for (const Attribute& attribute : face.attributes) {
          rows.back().push_back(attribute.probability);
        }
      }
      one.answers[head] = rows_of(rows);
    }
    one.answers["features"] = rows_of(predictor.features(photo, boxes, model_->heads().front()));
    cases_.push_back(std::move(one));
  }

  void add_network(const std::string& file, const Network& network, const std::string& layer,
                   std::span<const Image> images) {
    NetworkRunner runner(network, Precision::fp32);
    runner.set_input(images);
    cases_.push_back(
        {file, to_values(images), {{layer, map_of(runner.run(network.layer_index(layer)))}}});
  }

  std::shared_ptr<const Model> model_;
  const ModelParts& parts_;
  std::vector<EngineCase> cases_;
};

}  // namespace

Values to_values(std::span<const Image> images) {
  Values values{{static_cast<int>(images.size()), 3, images[0].height, images[0].width}, {}};
  for (const Image& image : images) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      for (std::size_t i = channel; i < image.pixels.size(); i += 3) {
        values.numbers.push_back(image.pixels[i]);
      }
    }
  }
  return values;
}

std::vector<EngineCase> cases_of(const std::filesystem::path& model) {
  return Cases(model).all();
}

float difference(const Values& one, const Values& other) {
  if (one.sides != other.sides || one.numbers.size() != other.numbers.size()) {
    return std::numeric_limits<float>::infinity();
  }
  float apart = 0;
  for (std::size_t i = 0; i < one.numbers.size(); ++i) {
    const float step = std::abs(one.numbers[i] - other.numbers[i]);
    if (!(step <= apart)) apart = std::isnan(step) ? std::numeric_limits<float>::infinity() : step;
  }
  return apart;
}

}  // namespace facet::detail::testing
