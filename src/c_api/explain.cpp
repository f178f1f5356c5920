// SPDX-License-Identifier: Apache-2.0
// Explanations in the C API.
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "c_api/handles.hpp"
#include "c_api/options.hpp"
#include "c_api/photo.hpp"

using namespace facet;
using namespace facet::detail;

namespace {

constexpr int kViewSide = 240;  // of faces on a page, in pixels

std::shared_ptr<const Concepts> concepts_of(const facet_model& model, const char* path) {
  if (path != nullptr) return Concepts::load(path);
  if (!model.file.empty()) return Concepts::load_beside(model.file);
  throw Error(ErrorCode::not_found,
              "model " + model.model->name() +
                  " was loaded from bytes: name the file that says what its neurons stand for");
}

ExplainOptions explain_options(const CallOptions& call, const char* const* attributes,
                               std::size_t count) {
  if (call.boxes_only) {
    throw Error(ErrorCode::invalid_argument, "boxes_only leaves nothing to be explained");
  }
  ExplainOptions options;
  options.predict = call.predict;
  if (count > 0) require(static_cast<const void*>(attributes), "attributes");
  for (std::size_t i = 0; i < count; ++i) {
    require(attributes[i], "an attribute's name");
    options.attributes.emplace_back(attributes[i]);
  }
  return options;
}

PhotoExplanation explain(facet_explainer& explainer, const facet_photo& photo,
                         const CallOptions& call, const ExplainOptions& options) {
  const std::lock_guard<std::mutex> lock(explainer.mutex);
  PhotoExplanation explanation;
  try {
    if (photo.source == facet_photo::Source::pixels) {
      explanation = explainer.explainer.explain(photo.pixels, options);
    } else {
      EncodedPhoto file = encoded(photo, call.decode);
      explanation = explainer.explainer.explain(file, options);
    }
  } catch (const Error& error) {
    throw Error(error.code(), (photo.name.empty() ? "" : photo.name + ": ") + error.what());
  }
  explanation.photo.path = photo.name;
  return explanation;
}

}  // namespace

extern "C" {

facet_status facet_explainer_create(const facet_model* model, const char* concepts,
                                    const facet_predictor_options* options,
                                    facet_explainer** explainer) {
  return guarded([&] {
    prepare(explainer, "explainer");
    const facet_predictor_options given =
        options == nullptr ? facet_predictor_options{} : read_struct(options, "predictor options");
    const facet_model& of = checked(model);
    *explainer =
        std::make_unique<facet_explainer>(of.model, concepts_of(of, concepts), thread_count(given),
                                          precision_of(given.precision))
            .release();
  });
}

void facet_explainer_free(facet_explainer* explainer) {
  free_handle(explainer);
}

facet_status facet_explain_json(facet_explainer* explainer, const facet_photo* photo,
                                const facet_predict_options* options, const char* const* attributes,
                                size_t attribute_count, char** json) {
  return guarded([&] {
    prepare(json, "json");
    const CallOptions call = call_options(options);
    *json = text_for_caller(
        explanation_to_json(explain(checked(explainer), checked(photo), call,
                                    explain_options(call, attributes, attribute_count))));
  });
}

facet_status facet_explain_html(facet_explainer* explainer, const facet_photo* photo,
                                const facet_predict_options* options, const char* const* attributes,
                                size_t attribute_count, char** html) {
  return guarded([&] {
    prepare(html, "html");
    facet_explainer& used = checked(explainer);
    const CallOptions call = call_options(options);
    ExplainOptions how = explain_options(call, attributes, attribute_count);
    how.view_side = kViewSide;
    const PhotoExplanation explanation = explain(used, checked(photo), call, how);
    const ReportContext context = report_context(used.explainer.model(), call.predict.head,
                                                 call.predict.threshold_mode, used.precision);
    *html = text_for_caller(
        explanations_to_html({&explanation, 1}, context, used.explainer.concepts()));
  });
}

}  // extern "C"
