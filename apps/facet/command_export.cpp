// SPDX-License-Identifier: Apache-2.0
#include "command_export.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/output_file.hpp"
#include "exit_code.hpp"
#include "export/export_model.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct ModelExportCommand {
  std::string file;
  std::string folder;
  std::vector<std::string> extra_heads;
  ExportOptions options;
};

int export_model(const ModelExportCommand& command) {
  ExportOptions options = command.options;
  options.extra_heads.assign(command.extra_heads.begin(), command.extra_heads.end());
  OutputFile output;
  for (const std::filesystem::path& file : export_onnx(command.file, command.folder, options)) {
    output.stream() << file.string() << '\n';
  }
  output.commit();
  return exit_ok;
}

}  // namespace

void add_export_command(CLI::App& model, std::function<int()>& action) {
  CLI::App* sub = model.add_subcommand(
      "export",
      "Write the networks as ONNX files, for any batch (anet.onnx) and of one size "
      "(anet.fixed.onnx)");
  const auto command = std::make_shared<ModelExportCommand>();
  sub->add_option("file", command->file, "Model file")->required()->type_name("MODEL");
  sub->add_option("--onnx", command->folder, "Folder to write to; made where it is missing")
      ->required()
      ->type_name("FOLDER");
  sub->add_option("--extra-head", command->extra_heads,
                  "Also the attribute of this head, made by facet teach (may be repeated)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  sub->add_option("--photo-side", command->options.photo_side,
                  "Side of the photos that lnet_o.fixed.onnx takes")
      ->type_name("PIXELS")
      ->capture_default_str();
  sub->add_flag("--bare", command->options.bare,
                "anet.onnx takes patches and yields features: no heads, no calibration");
  add_overwrite(*sub, command->options.overwrite);
  sub->footer(
      "anet.onnx takes the square around a face and yields probabilities. How to cut that square\n"
      "and what the outputs mean is written in each file's metadata.\n\n"
      "Example:\n  facet model export models/best.safetensors --onnx networks/");
  sub->callback([command, &action] { action = [command] { return export_model(*command); }; });
}

}  // namespace facet::cli
