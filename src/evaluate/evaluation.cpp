// SPDX-License-Identifier: Apache-2.0
#include "evaluate/evaluation.hpp"

#include <algorithm>

#include "base/new_folder.hpp"
#include "base/output_guard.hpp"
#include "evaluate/attribute_protocol.hpp"
#include "evaluate/explain_protocol.hpp"
#include "evaluate/head_comparison_protocol.hpp"
#include "evaluate/lfwa_plus_protocol.hpp"
#include "evaluate/localisation_protocol.hpp"
#include "evaluate/robustness_protocol.hpp"
#include "evaluate/said_protocol.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

std::vector<EvaluationSet> attribute_sets(const std::string& protocol,
                                          const EvaluationOptions& options) {
  const auto& data = options.data;
  const int limit = options.limit;
  if (protocol == "wild") return {wild_set(data, limit)};
  if (protocol == "frames") return {heldout_frames_set(data, limit), test_frames_set(data, limit)};
  if (protocol == "lfwa") return {lfwa_set(data, PhotoVariant::whole, limit)};
  if (protocol == "lfwa-edge") return {lfwa_set(data, PhotoVariant::edge, limit)};
  if (protocol == "lfwa-placed") return {lfwa_set(data, PhotoVariant::placed, limit)};
  if (protocol == "validation") return {validation_set(data, limit)};
  std::string known;
  for (const std::string& name : protocol_names()) known += (known.empty() ? "" : ", ") + name;
  throw Error(ErrorCode::invalid_argument,
              "there is no protocol " + protocol + "; there are " + known);
}

// Before hours of measuring. All names of a protocol's files begin with its own.
void check_outputs(const std::string& protocol, const EvaluationOptions& options) {
  if (!options.out) return;
  const OutputGuard guard(options.overwrite);
  guard.check_all(*options.out, FileKind::result, [&](const std::string& name) {
    return name == "summary.csv" ||
           (name.starts_with(protocol) &&
            (name.ends_with(".csv") || name.ends_with(".png") || name.ends_with(".svg")));
  });
}

}  // namespace

const std::vector<std::string>& protocol_names() {
  static const std::vector<std::string> names = {"wild",
                                                 "frames",
                                                 "lfwa",
                                                 "lfwa-edge",
                                                 "lfwa-placed",
                                                 "validation",
                                                 "localisation",
                                                 "lfwa-plus",
                                                 "head-comparison",
                                                 "robustness",
                                                 "robustness-validation",
                                                 "said",
                                                 "explain"};
  return names;
}

bool reads_attributes(const std::string& protocol) {
  return protocol != "localisation" && protocol != "explain" && protocol != "head-comparison" &&
         protocol != "lfwa-plus" && !protocol.starts_with("robustness");
}

EvaluationResult run_protocol(const std::string& protocol, const EvaluationOptions& options) {
  if (!options.model) throw Error(ErrorCode::invalid_argument, "the evaluation was given no model");
  if (options.proposals != Proposals::evidence && !reads_attributes(protocol)) {
    throw Error(ErrorCode::invalid_argument,
                protocol + " takes no other proposals than the default's" +
                    (protocol == "localisation" ? "; its rows can be of edgeboxes" : ""));
  }
  if (options.out) create_folder(*options.out);
  check_outputs(protocol, options);
  if (protocol == "localisation") return evaluate_localisation(options);
  if (protocol == "head-comparison") return evaluate_head_comparison(options);
  if (protocol == "lfwa-plus") return evaluate_lfwa_plus(options);
  if (protocol == "robustness")
    return evaluate_robustness(protocol, RobustnessPhotos::report, options);
  if (protocol == "robustness-validation") {
    return evaluate_robustness(protocol, RobustnessPhotos::validation, options);
  }
  if (protocol == "said") return evaluate_said(options);
  if (protocol == "explain") return evaluate_explanations(options);
  EvaluationResult result;
  for (const EvaluationSet& set : attribute_sets(protocol, options)) {
    const EvaluationResult one = report_attributes(measure_attributes(set, options), options);
    if (!result.text.empty()) result.text += '\n';
    result.text += one.text;
    result.unreadable.insert(result.unreadable.end(), one.unreadable.begin(), one.unreadable.end());
  }
  return result;
}

}  // namespace facet::detail
