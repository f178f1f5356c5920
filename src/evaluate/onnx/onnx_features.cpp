// SPDX-License-Identifier: Apache-2.0
#include "evaluate/onnx/onnx_features.hpp"

#include <algorithm>

#include "evaluate/onnx/engine_plugin.hpp"
#include "facet/error.hpp"
#include "image/resample.hpp"

namespace facet::detail {
namespace {

constexpr const char* kFile = "libfacet_onnx_engine.so";
constexpr const char* kNeeds =
    "--onnx needs the plugin libfacet_onnx_engine.so, which is in the package facet-plugins (with "
    "libopencv-dnn406), or built where Debian's libopencv-dnn-dev is installed";

// A side of the model, or what was asked for where it takes any.
int side_for(const OnnxRequestedFeatures& request, const std::string& input, int of_model) {
  if (of_model == 0 && !request.side) {
    throw Error(ErrorCode::invalid_argument, request.file.string() + ": input " + input +
                                                 " takes pictures of any size; say which with "
                                                 "--side");
  }
  if (of_model != 0 && request.side && *request.side != of_model) {
    throw Error(ErrorCode::invalid_argument, request.file.string() + ": input " + input +
                                                 " takes pictures of " + std::to_string(of_model) +
                                                 " pixels a side, not " +
                                                 std::to_string(*request.side));
  }
  return of_model != 0 ? of_model : *request.side;
}

std::string chosen_output(const OnnxRequestedFeatures& request, const OnnxSides& sides) {
  const std::string wanted = request.output.value_or(sides.outputs.empty() ? "" : sides.outputs[0]);
  if (std::find(sides.outputs.begin(), sides.outputs.end(), wanted) != sides.outputs.end()) {
    return wanted;
  }
  std::string all;
  for (const std::string& name : sides.outputs) all += (all.empty() ? "" : ", ") + name;
  throw Error(ErrorCode::invalid_argument,
              request.file.string() + ": has no output " + wanted + "; there are " + all);
}

}  // namespace

struct OnnxFeatures::Opened {
  const FacetOnnxEngine* engine = nullptr;
  void* model = nullptr;

  Opened(const FacetOnnxEngine* one, void* opened) : engine(one), model(opened) {}
  ~Opened() { engine->close(model); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
};

std::vector<std::filesystem::path> onnx_engine_places() {
  return plugin_places(kFile, kOnnxEngineVariable);
}

OnnxFeatures::OnnxFeatures(const OnnxRequestedFeatures& request,
                           const std::vector<std::filesystem::path>& places)
    : request_(request) {
  const OnnxSides sides = read_onnx_sides(request.file);
  if (sides.channels != 3) {
    throw Error(ErrorCode::unsupported, request.file.string() + ": input " + sides.input +
                                            " takes other than pictures of 3 channels");
  }
  height_ = side_for(request, sides.input, sides.height);
  width_ = side_for(request, sides.input, sides.width);
  output_ = chosen_output(request, sides);
  const auto loaded = load_plugin_table<FacetOnnxEngine>(places, kFacetOnnxEngineFunction, kNeeds,
                                                         kFacetOnnxEngineVersion);
  if (loaded.table == nullptr) throw Error(ErrorCode::unsupported, loaded.fault);
  FacetReason reason{};
  void* model = loaded.table->open(request.file.c_str(), &reason);
  if (model == nullptr) {
    throw Error(ErrorCode::unsupported,
                request.file.string() + ": " + loaded.table->backend + ": " + reason.text);
  }
  opened_ = std::make_unique<Opened>(loaded.table, model);
}

OnnxFeatures::~OnnxFeatures() = default;

std::vector<float> OnnxFeatures::of(const Image& photo) {
  const Image fed = resize(photo, width_, height_);
  std::vector<float> picture;
  picture.reserve(fed.pixels.size());
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = c; i < fed.pixels.size(); i += 3) {
      picture.push_back((static_cast<float>(fed.pixels[i]) / 255 - request_.mean[c]) /
                        request_.deviation[c]);
    }
  }
  const std::int32_t sides[3] = {3, height_, width_};
  const float* values = nullptr;
  std::size_t count = 0;
  FacetReason reason{};
  if (opened_->engine->run(opened_->model, picture.data(), sides, output_.c_str(), &values, &count,
                           &reason) == 0) {
    throw Error(ErrorCode::unsupported,
                request_.file.string() + ": " + backend() + ": " + reason.text);
  }
  return {values, values + count};
}

std::string OnnxFeatures::backend() const {
  return opened_->engine->backend;
}

}  // namespace facet::detail
