// SPDX-License-Identifier: Apache-2.0
#include "command_label.hpp"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "base/printable_text.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "index/labels/answers.hpp"
#include "index/labels/take_answers.hpp"
#include "index/search/face_id.hpp"
#include "index/store/open_index.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct LabelCommand {
  std::vector<std::string> words;
  std::string db;
  TakeOptions options;
};

// FACE NAME=yes|no|? …
std::vector<FaceAnswer> typed_answers(const std::vector<std::string>& words) {
  std::vector<FaceAnswer> answers;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    const std::string value = equals == std::string::npos ? "" : words[i].substr(equals + 1);
    FaceAnswer answer;
    answer.where = words[0];
    if (read_face_id(words[0])) {
      answer.face = words[0];
    } else {
      answer.photo = words[0];
    }
    answer.attribute = words[i].substr(0, equals);
    answer.present = read_yes_or_no(value);
    answer.looked_at = true;
    if (!answer.present && value != "?") {
      throw Error(ErrorCode::invalid_argument,
                  words[i] + ": say NAME=yes, NAME=no, or NAME=? to take back what was said");
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<FaceAnswer> answers_of(const std::vector<std::string>& words) {
  const bool typed = words.size() > 1 && words[1].find('=') != std::string::npos &&
                     !std::filesystem::exists(words[1]);
  if (typed) return typed_answers(words);
  std::vector<FaceAnswer> all;
  for (const std::string& file : words) {
    std::vector<FaceAnswer> some = read_answers(file);
    all.insert(all.end(), std::make_move_iterator(some.begin()),
               std::make_move_iterator(some.end()));
  }
  return all;
}

int run(LabelCommand command) {
  const std::string location = index_location(command.db);
  const std::vector<FaceAnswer> answers = answers_of(command.words);
  (void)open_index(location);  // says where there is none, instead of making one
  const auto database = open_or_make_index(location);
  command.options.warn = [](const std::string& line) {
    std::cerr << "facet: " << printable_text(line) << '\n';
  };
  const TakenAnswers taken = take_answers(*database, answers, command.options);
  std::string line = std::to_string(taken.said) + (taken.said == 1 ? " label" : " labels") +
                     (command.options.dry_run ? " would be kept" : " kept");
  const auto also = [&](std::size_t count, const char* what) {
    if (count > 0) line += ", " + std::to_string(count) + ' ' + what;
  };
  also(taken.as_before, "as said before");
  also(taken.taken_back, "taken back");
  also(taken.passed_over, "as predicted and not counted (--reviewed counts them)");
  also(taken.without_face, "of places where no face is known");
  also(taken.unknown, "of photos or faces that the index does not know");
  std::cout << line << std::endl;
  return taken.unknown > 0 ? exit_some_unreadable : exit_ok;
}

}  // namespace

void add_label_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("label", "Tell the index what faces really show");
  const auto command = std::make_shared<LabelCommand>();
  sub->add_option("what", command->words,
                  "Files with corrections: Label Studio's JSON, COCO, JSON lines, CSV; or a face "
                  "(or photo) and NAME=yes, NAME=no, NAME=? …")
      ->required()
      ->type_name("FILE|FACE");
  sub->add_option("--db", command->db,
                  "The index: a file, or postgresql://… (default: $FACET_DB, then "
                  "~/.local/share/facet/index.db)")
      ->type_name("FILE|URL");
  sub->add_flag("--reviewed", command->options.reviewed,
                "People looked at all of the file: what they left as it was predicted counts too");
  sub->add_flag("--allow-new", command->options.allow_new,
                "Also attributes that the index does not know, for facet teach");
  sub->add_flag("-n,--dry-run", command->options.dry_run, "Only say what would be kept");
  sub->footer(
      R"(Labels are kept apart from predictions. They win in facet search and facet tag, whatever model
describes the photos, and can be exported for facet teach and facet eval.

Examples:
  facet label 3f9a2c41d0be.1 smiling=no eyeglasses=yes
  facet label label-studio-export.json
  facet label corrected.csv --dry-run)");
  sub->callback([command, &action] { action = [command] { return run(*command); }; });
}

}  // namespace facet::cli
