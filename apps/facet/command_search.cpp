// SPDX-License-Identifier: Apache-2.0
#include "command_search.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>

#include "base/output_file.hpp"
#include "base/output_guard.hpp"
#include "exit_code.hpp"
#include "facet/error.hpp"
#include "index/query/query_error.hpp"
#include "index/run/model_describer.hpp"
#include "index/search/album.hpp"
#include "index/search/search.hpp"
#include "index/search/search_report.hpp"
#include "index/store/open_index.hpp"
#include "run_options.hpp"

namespace facet::cli {
using namespace detail;
namespace {

struct SearchCommand {
  std::vector<std::string> words;
  std::string db;
  std::string like;
  std::string model;
  std::string format = "table";
  std::string output;
  bool overwrite = false;
  std::string copy_to;
  std::string link_to;
  std::optional<float> least;
  SearchOptions options;
  bool print0 = false;
  bool help_query = false;
};

Vocabulary known_vocabulary(const SearchCommand& command) {
  try {
    return Searcher(*open_index(index_location(command.db))).vocabulary();
  } catch (const Error&) {
    // Without an index: what the default model knows.
    return Vocabulary(load_model(command.model)->attribute_names("celeba"));
  }
}

// --like PHOTO as a term of the query.
void add_like(SearchCommand& command, const Searcher& searcher, std::string& query) {
  const auto model = load_model(command.model);
  if (model->checksum() != searcher.generation().checksum) {
    throw Error(ErrorCode::invalid_argument,
                "--like needs the model that the index was made with, " +
                    searcher.generation().model + "; name it with --model");
  }
  const ModelDescriber describer(model, {}, searcher.generation());
  const std::vector<float> features = describer.features_of(read_image(command.like));
  if (features.empty()) {
    throw Error(ErrorCode::invalid_argument, command.like + ": shows no face to compare with");
  }
  command.options.likes[command.like] = stored_features(features);
  QueryNode like;
  like.kind = QueryNode::Kind::like;
  like.text = command.like;
  query = (query.empty() ? std::string() : '(' + query + ") ") + print_query(like);
}

QueryNode understood(const std::string& text) {
  try {
    return parse_query(text);
  } catch (const QueryError& error) {
    std::cerr << "facet: query: " << error.what() << '\n' << caret_lines(text, error.span());
    throw;
  }
}

bool asks_for_likeness(const QueryNode& node) {
  if (node.kind == QueryNode::Kind::like) return true;
  return std::any_of(node.children.begin(), node.children.end(), asks_for_likeness);
}

void write(const SearchCommand& command, const SearchResult& result, const SearchContext& context) {
  OutputGuard guard(command.overwrite);
  guard.protect(context.index);
  OutputFile output(command.output, guard);
  std::ostream& out = output.stream();
  if (command.format == "json") {
    write_search_json(out, result, context);
  } else if (command.format == "jsonl") {
    write_search_jsonl(out, result);
  } else if (command.format == "csv") {
    write_search_csv(out, result);
  } else if (command.format == "paths") {
    write_search_paths(out, result, command.print0 ? '\0' : '\n');
  } else {
    write_search_table(out, result, context);
  }
  output.commit();
}

int make_album(const std::string& folder, const SearchResult& result, AlbumKind kind) {
  const AlbumResult album = detail::make_album(folder, result.certain, kind);
  std::cerr << "facet: " << folder << ": " << album.added << " photos added, " << album.there
            << " were there";
  if (album.missing > 0) std::cerr << ", " << album.missing << " are offline";
  std::cerr << '\n';
  return album.missing > 0 ? exit_some_unreadable : exit_ok;
}

int search(SearchCommand command) {
  if (command.help_query) {
    std::cout << query_help(known_vocabulary(command));
    return exit_ok;
  }
  std::string text;
  for (const std::string& word : command.words) text += (text.empty() ? "" : " ") + word;
  if (text.empty() && command.like.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "say what to look for, such as 'smiling -eyeglasses faces:2'; --help-query tells "
                "more");
  }
  if (!text.empty()) (void)understood(text);  // before anything is opened
  const auto database = open_index(index_location(command.db));
  Searcher searcher(*database);
  if (!command.like.empty()) add_like(command, searcher, text);
  const QueryNode query = understood(text);
  if (command.least) {
    command.options.certain = *command.least;
    command.options.uncertain = std::min(command.options.uncertain, *command.least);
  } else if (asks_for_likeness(query)) {
    // Likeness is no probability: the most alike are shown, however little that is.
    command.options.certain = command.options.uncertain = 1e-6F;
  }
  SearchResult result;
  try {
    result = searcher.search(query, command.options);
  } catch (const QueryError& error) {
    std::cerr << "facet: query: " << error.what() << '\n' << caret_lines(text, error.span());
    throw;
  }
  write(command, result, {print_query(query), database->name(), searcher.generation().model});
  int code = exit_ok;
  if (!command.copy_to.empty()) code = make_album(command.copy_to, result, AlbumKind::copies);
  if (!command.link_to.empty()) {
    code = std::max(code, make_album(command.link_to, result, AlbumKind::links));
  }
  return code;
}

int run(const SearchCommand& command) {
  try {
    return search(command);
  } catch (const QueryError&) {
    return exit_failed;  // said already, with the place
  }
}

}  // namespace

void add_search_command(CLI::App& app, std::function<int()>& action) {
  CLI::App* sub = app.add_subcommand("search", "Find photos in an index by what faces look like");
  const auto command = std::make_shared<SearchCommand>();
  sub->add_option("query", command->words, "What to look for; quote it: 'smiling -eyeglasses'")
      ->type_name("QUERY");
  sub->add_option("--db", command->db,
                  "The index: a file, or postgresql://… (default: $FACET_DB, then "
                  "~/.local/share/facet/index.db)")
      ->type_name("FILE|URL");
  sub->add_flag("--help-query", command->help_query, "Say all that a query may hold, and end");
  sub->add_option("-f,--format", command->format, "Form of the result")
      ->check(CLI::IsMember({"table", "json", "jsonl", "csv", "paths"}))
      ->capture_default_str();
  sub->add_option("-o,--output", command->output, "Write the result to this file")
      ->type_name("FILE");
  add_overwrite(*sub, command->overwrite);
  sub->add_flag("-0,--print0", command->print0, "With --format paths: end each with a 0 byte");
  sub->add_option("-n,--most", command->options.most, "Show so many photos; 0: all")
      ->type_name("N")
      ->capture_default_str();
  sub->add_option("--uncertain", command->options.most_uncertain,
                  "Show so many of the uncertain ones, too")
      ->type_name("N")
      ->capture_default_str();
  sub->add_option("--least", command->least,
                  "Probability from which a photo counts as found (default: 0.5)")
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("P");
  sub->add_flag("--all-attributes", command->options.all_attributes,
                "Show all attributes of the faces, not only those asked for");
  sub->add_flag("--unique", command->options.each_look_once,
                "Of near duplicates only the best, e.g. of a burst");
  sub->add_option("--like", command->like,
                  "Faces that resemble the strongest one of this photo (needs an index made with "
                  "--features)")
      ->type_name("PHOTO");
  sub->add_option("-m,--model", command->model, "Model file for --like")->type_name("FILE");
  sub->add_option("--copy-to", command->copy_to, "Copy the photos into this folder")
      ->type_name("DIR");
  sub->add_option("--link-to", command->link_to, "Link the photos into this folder")
      ->type_name("DIR");
  sub->footer(
      R"(All words hold for one face; photo(…) lets them come from several. --help-query tells the rest.
A query that begins with a minus goes behind --:  facet search -- '-photo(eyeglasses)'

Examples:
  facet search 'smiling -eyeglasses young>0.8 faces:2'
  facet search 'woman (blond | gray_hair) date:2019' --format json
  facet search 'all(smiling) faces:>=3' --link-to best-of/
  facet search smiling --format paths -0 | xargs -0 ls -l)");
  sub->callback([command, &action] { action = [command] { return run(*command); }; });
}

}  // namespace facet::cli
