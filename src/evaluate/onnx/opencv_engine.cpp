// SPDX-License-Identifier: Apache-2.0
// The plugin: OpenCV's DNN module.
#include <exception>
#include <memory>
#include <new>
#include <opencv2/core/version.hpp>
#include <opencv2/dnn.hpp>
#include <stdexcept>

#include "evaluate/onnx/engine_plugin.hpp"
#include "image/plugins/plugin_side.hpp"

namespace facet::plugin {
namespace {

struct Model {
  cv::dnn::Net net;
  cv::Mat output;
};

template <typename Result, typename Step>
Result guarded(FacetReason* reason, const Step& step) {
  try {
    return step();
  } catch (const std::bad_alloc&) {
    set_reason(reason, "not enough memory");
  } catch (const cv::Exception& error) {
    set_reason(reason, error.err.c_str());  // one line, without places in OpenCV's source
  } catch (const std::exception& error) {
    set_reason(reason, error.what());
  }
  return Result{};
}

void* open(const char* path, FacetReason* reason) {
  return guarded<void*>(reason, [&]() -> void* {
    // Each thread of facet's has a network of its own.
    cv::setNumThreads(1);
    auto model = std::make_unique<Model>();
    model->net = cv::dnn::readNetFromONNX(path);
    model->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    model->net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
    return model.release();
  });
}

int run(void* model, const float* picture, const std::int32_t sides[3], const char* output,
        const float** values, std::size_t* count, FacetReason* reason) {
  return guarded<int>(reason, [&] {
    Model& one = *static_cast<Model*>(model);
    const int shape[] = {1, sides[0], sides[1], sides[2]};
    // Only read; OpenCV has no view of constant memory.
    one.net.setInput(cv::Mat(4, shape, CV_32F, const_cast<float*>(picture)));
    one.net.forward(one.output, output);
    if (one.output.type() != CV_32F) throw std::runtime_error("its output holds no floats");
    if (!one.output.isContinuous()) one.output = one.output.clone();
    *values = one.output.ptr<float>();
    *count = one.output.total();
    return 1;
  });
}

void close(void* model) {
  delete static_cast<Model*>(model);
}

}  // namespace
}  // namespace facet::plugin

extern "C" [[gnu::visibility("default")]] const FacetOnnxEngine* facet_onnx_engine() {
  static const FacetOnnxEngine engine = {facet::detail::kFacetOnnxEngineVersion,
                                         "OpenCV " CV_VERSION, facet::plugin::open,
                                         facet::plugin::run, facet::plugin::close};
  return &engine;
}
