// SPDX-License-Identifier: Apache-2.0
// The facet command.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <system_error>

#include "base/large_pages.hpp"
#include "base/printable_text.hpp"
#include "base/temporary_file.hpp"
#include "command_completion.hpp"
#include "command_explain.hpp"
#include "command_export_labels.hpp"
#include "command_formats.hpp"
#include "command_index.hpp"
#include "command_label.hpp"
#include "command_locate.hpp"
#include "command_model.hpp"
#include "command_predict.hpp"
#include "command_search.hpp"
#include "command_tag.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "research_program.hpp"
#ifdef FACET_COMMAND_BENCH
#include "command_bench.hpp"
#endif
#ifdef FACET_COMMAND_DATA
#include "command_data.hpp"
#endif
#ifdef FACET_COMMAND_EVAL
#include "command_eval.hpp"
#endif
#ifdef FACET_COMMAND_EXPLAIN_FIT
#include "command_explain_fit.hpp"
#endif
#ifdef FACET_COMMAND_EXPORT
#include "command_export.hpp"
#endif
#ifdef FACET_COMMAND_TEACH
#include "command_teach.hpp"
#endif
#ifdef FACET_COMMAND_TRAIN
#include "command_train.hpp"
#endif

namespace facet::cli {
namespace {

constexpr const char* examples = R"(Examples:
  facet predict photo.jpg                          a table of the faces and their attributes
  facet predict photos/ --format json -o out.json  a folder and all below it
  facet predict photos/ --annotate marked/         pictures with boxes and attributes
  find . -name '*.png' | facet predict - --format csv
  facet locate photos/ --all --maps maps/          boxes, weak ones too, and response maps
  facet explain portrait.jpg --html why.html       why: concepts, neurons, places
  facet index ~/Pictures && facet search 'smiling -eyeglasses faces:2'
  facet model info models/paper.safetensors

Exit code: 0 all photos read, 1 some were unreadable, 2 nothing could be done.)";

void add_commands(CLI::App& app, std::function<int()>& action) {
  add_predict_command(app, action);
  add_locate_command(app, action);
  add_explain_command(app, action);
  add_index_command(app, action);
  add_search_command(app, action);
  add_tag_command(app, action);
  add_export_labels_command(app, action);
  add_label_command(app, action);
#ifdef FACET_COMMAND_TEACH
  add_teach_command(app, action);
#endif
#ifdef FACET_COMMAND_EVAL
  add_eval_command(app, action);
#endif
#ifdef FACET_COMMAND_TRAIN
  add_train_command(app, action);
#endif
#ifdef FACET_COMMAND_BENCH
  add_bench_command(app, action);
#endif
#ifdef FACET_COMMAND_DATA
  add_data_command(app, action);
#endif
  add_model_command(app, action);
#ifdef FACET_COMMAND_EXPLAIN_FIT
  add_explain_fit_command(*app.get_subcommand("model"), action);
#endif
#ifdef FACET_COMMAND_EXPORT
  add_export_command(*app.get_subcommand("model"), action);
#endif
  add_formats_command(app, action);
  add_completion_command(app, action);
}

// What was written to std::cout has arrived, or an Error says that it has not.
void flush_standard_output() {
  errno = 0;
  std::cout.flush();
  if (std::cout.good()) return;
  const std::string reason = errno == 0 ? "" : ": " + std::generic_category().message(errno);
  throw Error(ErrorCode::io, "standard output: cannot be written" + reason);
}

int run(int argc, char** argv) {
  CLI::App app("Finds faces in photos and predicts 40 attributes of each.", "facet");
  app.set_version_flag("--version", std::string("facet ") + FACET_VERSION);
  app.require_subcommand(1);
  app.footer(examples);
  std::function<int()> action;
  add_commands(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error) == 0 ? exit_ok : exit_failed;
    flush_standard_output();
    return code;
  }
  const int code = action ? action() : exit_failed;
  flush_standard_output();
  return code;
}

}  // namespace
}  // namespace facet::cli

int main(int argc, char** argv) {
#ifndef FACET_RESEARCH_PROGRAM
  facet::cli::become_research_program(argc, argv);
  if (const auto command = facet::cli::research_command(argc, argv)) {
    std::cerr << "facet: " << *command << " is a command of the program facet-research, which is "
              << "not beside this one (Debian: package facet-research)\n";
    return facet::cli::exit_failed;
  }
  facet::detail::keep_heap_in_large_pages();
#endif
  facet::detail::remove_temporary_files_when_stopped();
  try {
    return facet::cli::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "facet: " << facet::detail::printable_text(error.what()) << '\n';
    return facet::cli::exit_failed;
  }
}
