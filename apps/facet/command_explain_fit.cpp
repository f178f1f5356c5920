// SPDX-License-Identifier: Apache-2.0
#include "command_explain_fit.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "base/atomic_file.hpp"
#include "base/new_folder.hpp"
#include "base/output_guard.hpp"
#include "evaluate/chart.hpp"
#include "evaluate/result_table.hpp"
#include "exit_code.hpp"
#include "facet/explain.hpp"
#include "model/model_access.hpp"
#include "progress_bar.hpp"
#include "run_options.hpp"
#include "teach/concept_fit.hpp"

namespace facet::cli {
using namespace detail;
namespace {

namespace fs = std::filesystem;

struct ExplainFitCommand {
  std::string model;
  std::string data;
  std::string output;
  std::string results;
  int threads = 0;
  int limit = 0;
  bool overwrite = false;
};

constexpr const char* sparse_table = "explain-sparse.csv";
constexpr const char* sparse_curve = "explain-sparse-curve.csv";
constexpr const char* sparse_chart = "explain-sparse.svg";

ResultTable table_of(const ConceptFit& fit, const Model& model) {
  ResultTable table;
  table.columns = {"head",          "attribute", "neurons",   "of",      "balanced",
                   "balanced_full", "kept",      "agreement", "reached", "model_checksum"};
  for (const auto& [name, heads] : fit.heads) {
    for (std::size_t i = 0; i < heads.attributes.size(); ++i) {
      const SparseAttribute& one = heads.attributes[i];
      table.rows.push_back({name, model.attribute_names(name)[i], std::to_string(one.neurons),
                            std::to_string(one.weight.size()), percent(one.balanced),
                            percent(one.full_balanced),
                            percent(one.full_balanced > 0 ? one.balanced / one.full_balanced : 1),
                            percent(one.agreement), one.reached ? "1" : "0", model.checksum()});
    }
  }
  return table;
}

ResultTable curve_table(const ConceptFit& fit) {
  ResultTable table;
  table.columns = {"head", "neurons_percent", "kept_balanced_percent"};
  for (const auto& [name, heads] : fit.heads) {
    for (const SparsePoint& point : heads.curve) {
      table.rows.push_back({name, percent(point.share), fixed(100 * point.balanced, 2)});
    }
  }
  return table;
}

Chart chart_of(const ConceptFit& fit, const std::string& title) {
  Chart chart;
  chart.title = title + ": few neurons decide (mean over attributes, people who choose)";
  chart.x = {"percent of the neurons, at most", 0.5, 100, true, 0};
  chart.y = {"percent of the full head's balanced accuracy", 80, 102, false, 2};
  for (const auto& [name, heads] : fit.heads) {
    ChartCurve curve{"head " + name, {}};
    for (const SparsePoint& point : heads.curve) {
      curve.points.emplace_back(100 * point.share, 100 * point.balanced);
    }
    chart.curves.push_back(std::move(curve));
  }
  chart.curves.push_back({"99 percent kept", {{0.5, 99}, {100, 99}}});
  return chart;
}

int fit_explanations(const ExplainFitCommand& command) {
  const fs::path file = model_file(command.model);
  const fs::path output =
      command.output.empty() ? Concepts::path_beside(file) : fs::path(command.output);
  OutputGuard guard(command.overwrite);
  guard.protect(file);
  guard.check(output, FileKind::model);
  const fs::path results = command.results;
  if (!command.results.empty()) {
    create_folder(results);
    for (const char* name : {sparse_table, sparse_curve, sparse_chart}) {
      guard.check(results / name, FileKind::result);
    }
  }
  const std::shared_ptr<const Model> model = Model::load(file);
  ConceptFitSettings settings;
  settings.threads = command.threads > 0
                         ? command.threads
                         : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  settings.limit = command.limit;
  std::unique_ptr<ProgressBar> bar;
  settings.progress = [&bar](const std::string&, std::size_t done, std::size_t total) {
    if (done == 1) bar = std::make_unique<ProgressBar>(total, false);
    if (bar) bar->advance();
    if (done == total) bar.reset();
  };
  const ConceptFit fit = fit_concepts(model, command.data, settings);
  for (const std::string& line : fit.unreadable) {
    std::cerr << "facet: unreadable: " << line << '\n';
  }
  write_concepts(output, fit.parts);
  const ResultTable table = table_of(fit, *model);
  if (!command.results.empty()) {
    write_csv(results / sparse_table, table);
    write_csv(results / sparse_curve, curve_table(fit));
    write_chart(results / sparse_chart, chart_of(fit, model_title(*model)));
  }
  std::cout << table_text(curve_table(fit));
  for (const auto& [name, record] : fit.parts.provenance.at("heads").items()) {
    std::cout << "head " << name << ": " << record.dump() << '\n';
  }
  std::cout << output.string() << ": " << fs::file_size(output) << " bytes\n";
  return fit.unreadable.empty() ? exit_ok : exit_some_unreadable;
}

}  // namespace

void add_explain_fit_command(CLI::App& model, std::function<int()>& action) {
  CLI::App* sub = model.add_subcommand(
      "explain-fit",
      "Find out what a model's neurons stand for; facet explain reads the file this writes");
  const auto command = std::make_shared<ExplainFitCommand>();
  sub->add_option("file", command->model, "Model file")->required()->type_name("MODEL");
  sub->add_option("--data", command->data, "Folder with celeba and lfwa")
      ->required()
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  sub->add_option("-o,--output", command->output,
                  "File to write (default: beside the model, its name ending in .explain)")
      ->type_name("FILE");
  sub->add_option("--results", command->results,
                  "Also write the sparse heads' figures, CSV and SVG, to this folder")
      ->type_name("DIR");
  sub->add_option("--threads", command->threads, "Cores to use (default: all)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  sub->add_option("--limit", command->limit,
                  "At most so many photos of each collection, spread evenly")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  add_overwrite(*sub, command->overwrite);
  sub->footer(
      "Looks at CelebA's validation people and LFWA's training people; the networks stay as they\n"
      "are. Takes some minutes.\n\n"
      "Example:\n  facet model explain-fit models/best.safetensors --data photos/ "
      "--results results/best");
  sub->callback([command, &action] { action = [command] { return fit_explanations(*command); }; });
}

}  // namespace facet::cli
