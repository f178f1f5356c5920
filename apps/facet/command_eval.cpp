// SPDX-License-Identifier: Apache-2.0
#include "command_eval.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "evaluate/face_finders.hpp"
#include "evaluate/frechet_protocol.hpp"
#include "evaluate/paper/paper_report.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "progress_bar.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

constexpr const char* all_protocols = "all";
constexpr const char* paper_protocol = "paper";
constexpr const char* frechet_protocol = "frechet";

struct EvalCommand {
  std::string protocol;
  // Of frechet.
  std::vector<std::string> folders;
  std::string onnx;
  std::string output;
  int side = 0;  // 0: the ONNX model's
  std::vector<float> mean;
  std::vector<float> deviation;
  std::string data;
  std::string labels;
  std::string model;
  std::string out;
  bool overwrite = false;
  std::string head;
  ThresholdMode threshold_mode = ThresholdMode::accuracy;
  Proposals proposals = Proposals::evidence;
  float min_face = 0;                     // 0: the model's
  std::vector<std::string> rows;          // none: the usual ones
  std::vector<std::string> also;          // NAME=FILE
  Precision precision = Precision::fp32;  // the same figures on every machine
  int threads = 0;                        // 0: as many as the machine has
  int limit = 0;
  // Of paper.
  std::string models;
  std::string stages;
  std::string results;
  std::string work;
  std::vector<std::string> only;
};

constexpr const char* explanation = R"(Protocols:
  wild          loose crops of CelebA's test part
  frames        whole CelebA photos: held-out people, and the test part's
  lfwa          LFWA's test part
  lfwa-edge     the same photos cut so that the face is at an edge
  lfwa-placed   the same photos placed off centre into scenes
  validation    aligned CelebA validation photos of people with odd numbers
  localisation  boxes: frames, LFW whole, at an edge and placed, with scenes without faces
  lfwa-plus     attributes beyond the forty, taught on a third of LFWA's test part
  robustness    faces in photos made hard: light, turns, masks, close-ups; and photos without people
  robustness-validation  the same with photos for choosing settings
  said          faces of your own index about which people said something (--labels)
  explain       explanations: regions and concepts taken away, against random ones
  all           all of these whose photos are there, but robustness-validation
  frechet       how far two folders of photos, A and B, are apart in the model's features
  paper         the claims of the paper, one by one: tables, figures and report.html in --out

Example:
  facet eval wild --data photos/ --model models/paper.safetensors --out results/)";

// A bar a task.
class TaskProgress {
 public:
  void show(std::size_t done, std::size_t total) {
    if (done == 1) {
      bar_.reset();
      bar_ = std::make_unique<ProgressBar>(total, false);
    }
    if (bar_) bar_->advance();
    if (done == total) bar_.reset();
  }

 private:
  std::unique_ptr<ProgressBar> bar_;
};

std::string section_list() {
  std::string list;
  for (const std::string& name : paper_section_names()) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// False where photos could not be read.
bool evaluate_one(const std::string& protocol, const EvaluationOptions& options) {
  const EvaluationResult result = run_protocol(protocol, options);
  for (const std::string& line : result.unreadable) {
    std::cerr << "facet: unreadable: " << line << '\n';
  }
  std::cout << result.text << std::flush;
  return result.unreadable.empty();
}

int evaluate_all(const EvaluationOptions& options) {
  bool any = false;
  bool all_read = true;
  for (const std::string& protocol : protocol_names()) {
    if (protocol == "robustness-validation") continue;  // settings are chosen on it, once
    if (options.proposals != Proposals::evidence && !reads_attributes(protocol)) {
      std::cerr << "facet: " << protocol << " is left out: it takes no other proposals\n";
      continue;
    }
    try {
      if (any) std::cout << '\n';
      all_read = evaluate_one(protocol, options) && all_read;
      any = true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) throw;
      std::cerr << "facet: " << protocol << " is left out: " << error.what() << '\n';
    }
  }
  if (!any) return exit_failed;
  return all_read ? exit_ok : exit_some_unreadable;
}

NamedModel further_model(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    throw Error(ErrorCode::invalid_argument, "--also takes NAME=FILE, not " + text);
  }
  return {text.substr(0, equals), Model::load(text.substr(equals + 1))};
}

int threads_of(const EvalCommand& command) {
  return command.threads > 0 ? command.threads
                             : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

int report_on_paper(const EvalCommand& command) {
  if (command.data.empty() || command.out.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "paper needs --data, the folder with the photos, and --out, that of the report");
  }
  PaperOptions options;
  options.data = command.data;
  options.out = command.out;
  options.models = command.models.empty() ? Model::find_default().parent_path()
                                          : std::filesystem::path(command.models);
  options.work = command.work.empty() ? options.out / "work" : std::filesystem::path(command.work);
  if (!command.stages.empty()) options.stages = command.stages;
  if (!command.results.empty()) options.results = command.results;
  options.only = {command.only.begin(), command.only.end()};
  options.overwrite = command.overwrite;
  options.threads = threads_of(command);
  options.limit = command.limit;
  options.precision = command.precision;
  options.log = [](const std::string& line) { std::cerr << line << '\n'; };
  TaskProgress progress;
  options.progress = [&progress](const std::string&, std::size_t done, std::size_t total) {
    progress.show(done, total);
  };
  std::cout << write_paper_report(options).text << std::flush;
  return exit_ok;
}

OnnxRequestedFeatures onnx_request(const EvalCommand& command) {
  OnnxRequestedFeatures request;
  request.file = command.onnx;
  if (!command.output.empty()) request.output = command.output;
  if (command.side > 0) request.side = command.side;
  std::copy(command.mean.begin(), command.mean.end(), request.mean.begin());
  std::copy(command.deviation.begin(), command.deviation.end(), request.deviation.begin());
  return request;
}

int compare_folders(const EvalCommand& command) {
  if (command.folders.size() != 2) {
    throw Error(ErrorCode::invalid_argument,
                "frechet compares two folders: facet eval frechet A B");
  }
  FrechetOptions options;
  options.first = command.folders[0];
  options.second = command.folders[1];
  if (command.onnx.empty()) {
    options.model = load_model(command.model);
  } else {
    options.onnx = onnx_request(command);
  }
  if (!command.head.empty()) options.head = command.head;
  if (!command.out.empty()) options.out = command.out;
  options.overwrite = command.overwrite;
  options.threads = threads_of(command);
  options.limit = command.limit;
  options.precision = command.precision;
  TaskProgress progress;
  options.progress = [&progress](const std::string&, std::size_t done, std::size_t total) {
    progress.show(done, total);
  };
  const EvaluationResult result = evaluate_frechet(options);
  for (const std::string& line : result.unreadable) {
    std::cerr << "facet: unreadable: " << line << '\n';
  }
  std::cout << result.text << std::flush;
  return result.unreadable.empty() ? exit_ok : exit_some_unreadable;
}

int evaluate(const EvalCommand& command) {
  if (command.protocol != frechet_protocol && !command.folders.empty()) {
    throw Error(ErrorCode::invalid_argument,
                command.protocol + " takes no folders but --data: " + command.folders.front());
  }
  if (command.protocol == frechet_protocol) return compare_folders(command);
  if (command.protocol == paper_protocol) return report_on_paper(command);
  EvaluationOptions options;
  if (command.data.empty() && command.protocol != "said") {
    throw Error(ErrorCode::invalid_argument, "--data is required: the folder with the photos");
  }
  options.data = command.data;
  if (!command.labels.empty()) options.labels = command.labels;
  options.model = load_model(command.model);
  if (command.protocol == "explain") {
    options.concepts = Concepts::load_beside(model_file(command.model));
  } else if (command.protocol == all_protocols) {
    const std::filesystem::path file = Concepts::path_beside(model_file(command.model));
    if (std::filesystem::exists(file)) options.concepts = Concepts::load(file);
  }
  if (!command.out.empty()) options.out = command.out;
  options.overwrite = command.overwrite;
  if (!command.head.empty()) options.head = command.head;
  options.threshold_mode = command.threshold_mode;
  options.proposals = command.proposals;
  if (command.min_face > 0) options.min_face = command.min_face;
  if (!command.rows.empty()) options.rows = command.rows;
  for (const std::string& further : command.also) {
    options.further_models.push_back(further_model(further));
  }
  options.threads = threads_of(command);
  options.limit = command.limit;
  options.precision = command.precision;
  TaskProgress progress;
  options.progress = [&progress](const std::string&, std::size_t done, std::size_t total) {
    progress.show(done, total);
  };
  if (command.protocol == all_protocols) return evaluate_all(options);
  return evaluate_one(command.protocol, options) ? exit_ok : exit_some_unreadable;
}

// Of frechet alone.
void add_onnx_options(CLI::App& sub, EvalCommand& command) {
  CLI::Option* onnx =
      sub.add_option("--onnx", command.onnx,
                     "For frechet: features of this ONNX model, of whole photos, instead of ours")
          ->check(CLI::ExistingFile)
          ->type_name("FILE");
  sub.add_option("--output", command.output,
                 "The ONNX model's output that is taken, all its values (default: the first)")
      ->type_name("NAME")
      ->needs(onnx);
  sub.add_option("--side", command.side,
                 "Photos are resized to so many pixels a side (default: what the ONNX model says)")
      ->check(CLI::Range(1, 4096))
      ->type_name("PIXELS")
      ->needs(onnx);
  sub.add_option("--mean", command.mean,
                 "Taken off red, green and blue, which are 0…1 (default: 0,0,0)")
      ->delimiter(',')
      ->expected(3)
      ->type_name("R,G,B")
      ->needs(onnx);
  sub.add_option("--std", command.deviation,
                 "What red, green and blue are then divided by (default: 1,1,1)")
      ->delimiter(',')
      ->expected(3)
      ->check(CLI::PositiveNumber)
      ->type_name("R,G,B")
      ->needs(onnx);
}

}  // namespace

void add_eval_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("eval", "Measure a model on labelled photos");
  const auto command = std::make_shared<EvalCommand>();
  std::vector<std::string> protocols = protocol_names();
  protocols.emplace_back(all_protocols);
  protocols.emplace_back(frechet_protocol);
  protocols.emplace_back(paper_protocol);
  sub->add_option("protocol", command->protocol, "What to measure")
      ->required()
      ->check(CLI::IsMember(protocols))
      ->type_name("PROTOCOL");
  sub->add_option("folders", command->folders, "For frechet: two folders of photos")
      ->check(CLI::ExistingDirectory)
      ->type_name("A B");
  add_onnx_options(*sub, *command);
  sub->add_option("--data", command->data,
                  "Folder with celeba, celeba_frames, celeba_wild, lfwa, scenes")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  sub->add_option("--labels", command->labels,
                  "For said: what facet export --said wrote; relative paths in it start at --data")
      ->type_name("FILE");
  sub->add_option("-m,--model", command->model,
                  "Model file (default: $FACET_MODEL, then the one installed)")
      ->type_name("FILE");
  sub->add_option("--out", command->out, "Also write CSV files and pictures into this folder")
      ->type_name("DIR");
  add_overwrite(*sub, command->overwrite);
  sub->add_option("--head", command->head,
                  "Head that answers (default: the one for the photos' labels)")
      ->check(CLI::IsMember({"celeba", "lfwa"}));
  add_threshold_mode(*sub, command->threshold_mode);
  add_proposals(*sub, command->proposals);
  add_precision(*sub, command->precision);
  sub->add_option("--rows", command->rows,
                  "Ways of finding faces that localisation measures, of lnet, response, edgeboxes, "
                  "edgeboxes-mean and constant (default: lnet,constant)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(localisation_way_names()))
      ->type_name("WAY,...");
  sub->add_option(
         "--min-size", command->min_face,
         "Smallest face in pixels that localisation looks for (default: the model's); adds "
         "a set with faces from that to twice that height")
      ->check(CLI::Range(8.0F, 200.0F))
      ->type_name("PIXELS");
  sub->add_option("--also", command->also,
                  "A further model whose LNet localisation measures, and what its row is called; "
                  "may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=FILE");
  sub->add_option("--threads", command->threads, "Cores to use (default: all)")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  sub->add_option("--limit", command->limit, "At most so many photos a set, spread evenly")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  sub->add_option("--models", command->models,
                  "For paper: folder with best, fast and paper, .safetensors each (default: that "
                  "of the model installed)")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  sub->add_option("--stages", command->stages,
                  "For paper: a run of recipes/paper_rows.toml, for rows that need its networks")
      ->check(CLI::ExistingDirectory)
      ->type_name("RUN");
  sub->add_option("--results", command->results,
                  "For paper: the repository's results/, for rows measured before in longer runs")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  sub->add_option("--work", command->work,
                  "For paper: where results of finished steps and features are kept (default: "
                  "work in --out)")
      ->type_name("DIR");
  sub->add_option("--only", command->only,
                  "For paper: these sections alone, and no report.html; of " + section_list())
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("SECTION,...");
  sub->footer(explanation);
  sub->callback([command, &action] { action = [command] { return evaluate(*command); }; });
}

}  // namespace facet::cli
