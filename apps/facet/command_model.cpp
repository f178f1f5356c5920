// SPDX-License-Identifier: Apache-2.0
#include "command_model.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/number_text.hpp"
#include "base/output_file.hpp"
#include "exit_code.hpp"
#include "facet/model.hpp"
#include "model/model_access.hpp"
#include "model/model_info.hpp"
#include "predict/prediction_cost.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct ModelInfoCommand {
  std::string file;
  bool json = false;
};

std::string scalar_text(const nlohmann::json& value) {
  if (value.is_number_float()) return shortest_text(value.get<float>());  // settings are floats
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool is_flat(const nlohmann::json& value) {
  if (!value.is_structured()) return true;
  if (!value.is_array()) return false;
  for (const nlohmann::json& item : value) {
    if (item.is_structured()) return false;
  }
  return true;
}

// Lists of plain values in one line, everything else indented below its name.
void print_outline(std::ostream& out, const nlohmann::json& value, std::size_t indent) {
  const std::string margin(indent, ' ');
  for (const auto& [key, item] : value.items()) {
    out << margin << (value.is_array() ? "-" : key + ":");
    if (!is_flat(item)) {
      out << '\n';
      print_outline(out, item, indent + 2);
      continue;
    }
    if (item.is_array()) {
      for (const nlohmann::json& element : item) out << ' ' << scalar_text(element);
    } else {
      out << ' ' << scalar_text(item);
    }
    out << '\n';
  }
}

// In GFLOP, a multiply-add being two operations.
nlohmann::json cost_of(const Model& model) {
  constexpr int kPhotoSide = 300;
  const PredictionCost cost = prediction_cost(parts_of(model), kPhotoSide);
  const auto gflop = [](std::int64_t multiply_adds) {
    return std::round(static_cast<double>(multiply_adds) * 2e-6) / 1e3;
  };
  return {{"of", "a 300×300 photo with one face, in GFLOP"},
          {"lnet_o", gflop(cost.lnet_o)},
          {"lnet_s", gflop(cost.lnet_s)},
          {"aligner", gflop(cost.aligner)},
          {"anet", gflop(cost.anet)},
          {"all", gflop(cost.total())}};
}

int show_model(const ModelInfoCommand& command) {
  const std::shared_ptr<const Model> model = load_model(command.file);
  nlohmann::json info = describe_model(parts_of(*model));
  info["cost"] = cost_of(*model);
  OutputFile output;
  if (command.json) {
    output.stream() << info.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    print_outline(output.stream(), info, 0);
  }
  output.commit();
  return exit_ok;
}

}  // namespace

void add_model_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("model", "Look into model files");
  sub->require_subcommand(1);
  CLI::App* info = sub->add_subcommand(
      "info", "Networks, labels, licence of the weights, where they came from, checksum");
  const auto command = std::make_shared<ModelInfoCommand>();
  info->add_option("file", command->file, "Model file (default: the one predict would use)")
      ->type_name("FILE");
  info->add_flag("--json", command->json, "As JSON");
  info->footer("Example:\n  facet model info models/paper.safetensors --json");
  info->callback([command, &action] { action = [command] { return show_model(*command); }; });
}

}  // namespace facet::cli
