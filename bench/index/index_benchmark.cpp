// SPDX-License-Identifier: Apache-2.0
// Queries to an index of a million made-up faces, and to the same faces as ordinary rows. Both
// answers are compared before anything is timed. Prints a CSV table; of each time the minimum, the
// median and the maximum, and what this process alone computed (the median): that hardly depends on
// who else is busy, but leaves out what a server does.
#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "facet/error.hpp"
#include "index/made_up_index.hpp"
#include "index/search/search.hpp"
#include "index/store/open_index.hpp"
#include "speed_row.hpp"

namespace facet::bench {
namespace {

using namespace detail;

struct Options {
  std::string db;
  MadeUpOptions made_up;
  bool plain = false;
  int repetitions = 15;
};

// A query, and what it is in SQL over ordinary rows where that says the same.
struct Question {
  const char* query;
  const char* sql;
};
const std::vector<Question> questions = {
    {"smiling", "SELECT photo, a_smiling AS p FROM plain WHERE a_smiling >= 128"},
    {"smiling -eyeglasses young>0.8",
     "SELECT photo, a_smiling * (255 - a_eyeglasses) / 255 AS p FROM plain WHERE a_young > 204 AND "
     "a_smiling * (255 - a_eyeglasses) >= 32513"},
    {"smiling -eyeglasses young>0.8 faces:2", nullptr},
    {"photo(smiling eyeglasses) -photo(bald)", nullptr},
    {"woman (blond | gray_hair) date:2019", nullptr},
    {"smiling path:2019/07", nullptr},
};

struct Timed {
  Spread wall;
  std::optional<double> computed;  // in this process
};

class IndexBenchmark {
 public:
  explicit IndexBenchmark(Options options) : options_(std::move(options)) {}

  void run() {
    std::cout << "database,way,what,query,minimum,median,maximum,computed,unit,remark\n";
    auto database = open_or_make_index(options_.db);
    postgres_ = database->dialect() == SqlDialect::postgres;
    const auto faces = static_cast<double>(options_.made_up.faces);
    if (!GenerationTable(*database).current()) fill(*database, faces);
    ask(*database);
    if (options_.plain) {
      const std::int64_t columns = database->size_in_bytes();
      fill_plain_table(*database);
      if (postgres_) database->execute("VACUUM (FULL, ANALYZE) plain");
      const double rows = static_cast<double>(database->size_in_bytes() - columns) / faces;
      print("rows", "bytes a face", "", {{rows, rows, rows}, {}}, "bytes", "without photos");
      ask_rows(*database);
    }
  }

 private:
  void fill(SqlDatabase& database, double faces) const {
    const std::int64_t before = database.size_in_bytes();
    std::size_t photos = 0;
    const double seconds =
        milliseconds([&] { photos = fill_index(database, options_.made_up); }) / 1000;
    database.vacuum();
    const double bytes = static_cast<double>(database.size_in_bytes() - before);
    print("columns", "bytes a face", "", {{bytes / faces, bytes / faces, bytes / faces}, {}},
          "bytes", std::to_string(photos) + " photos");
    print("columns", "faces added a second", "",
          {{faces / seconds, faces / seconds, faces / seconds}, {}}, "faces");
  }

  void print(const char* way, const char* what, const std::string& query, const Timed& value,
             const char* unit, const std::string& remark = {}) const {
    std::cout << (postgres_ ? "PostgreSQL" : "SQLite") << ',' << way << ',' << what << ",\""
              << query << "\"," << value.wall.minimum << ',' << value.wall.median << ','
              << value.wall.maximum << ',';
    if (value.computed) std::cout << *value.computed;
    std::cout << ',' << unit << ",\"" << remark << '"' << std::endl;
  }

  static double computed_milliseconds() {
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  }

  Timed timed(const std::function<void()>& work) const {
    std::vector<double> times;
    std::vector<double> computed;
    work();
    for (int i = 0; i < options_.repetitions; ++i) {
      const double before = computed_milliseconds();
      times.push_back(milliseconds(work));
      computed.push_back(computed_milliseconds() - before);
    }
    return {spread_of(times), spread_of(computed).median};
  }

  void ask(SqlDatabase& database) const {
    Searcher searcher(database);
    for (const Question& question : questions) {
      ask(searcher, question.query, {});
    }
    SearchOptions wide;
    wide.all_attributes = true;
    ask(searcher, "smiling -eyeglasses young>0.8", wide);
    const std::string opened = questions[1].query;
    const Timed opening = timed([&] {
      const auto again = open_index(options_.db);
      Searcher(*again).search(parse_query(opened));
    });
    print("columns", "query with opening the database", opened, opening, "ms");
    if (options_.made_up.features > 0) {
      SearchOptions like;
      like.likes["x"] = stored_features(std::vector<float>(options_.made_up.features, 1.0F));
      like.uncertain = 0;
      like.certain = 0.05F;
      ask(searcher, "like:x", like);
    }
  }

  void ask(Searcher& searcher, const std::string& query, const SearchOptions& options) const {
    const QueryNode parsed = parse_query(query);
    SearchResult result;
    const Timed spread = timed([&] { result = searcher.search(parsed, options); });
    print("columns", options.all_attributes ? "query showing all attributes" : "query", query,
          spread, "ms",
          std::to_string(result.certain_photos) + " photos found; " +
              std::to_string(result.certain.size()) + " shown");
  }

  void ask_rows(SqlDatabase& database) const {
    for (const Question& question : questions) {
      if (question.sql == nullptr) continue;
      const std::string all =
          std::string("SELECT count(DISTINCT photo) FROM (") + question.sql + ") AS found";
      const auto count = sql_integer(database, all).value_or(0);
      Searcher searcher(database);
      const SearchResult result = searcher.search(parse_query(question.query));
      if (static_cast<std::size_t>(count) != result.certain_photos) {
        throw Error(ErrorCode::invalid_argument, std::string(question.query) + ": rows find " +
                                                     std::to_string(count) + " photos, columns " +
                                                     std::to_string(result.certain_photos));
      }
      const std::string best = std::string(question.sql) + " ORDER BY p DESC LIMIT 50";
      const Timed spread = timed([&] {
        // As a search does: how many there are, and the best.
        (void)sql_integer(database, all);
        database.run(best, {}, [](const SqlRow&) {});
      });
      print("rows", "query", question.query, spread, "ms",
            std::to_string(count) + " photos found, the same");
    }
  }

  Options options_;
  bool postgres_ = false;
};

}  // namespace
}  // namespace facet::bench

int main(int argc, char** argv) {
  facet::bench::Options options;
  CLI::App app("Queries to an index of many made-up faces.");
  app.add_option("--db", options.db, "A file that is not there yet, or postgresql://…")->required();
  app.add_option("--faces", options.made_up.faces)->capture_default_str();
  app.add_option("--features", options.made_up.features, "Values of each face to compare by");
  app.add_option("--repetitions", options.repetitions)->capture_default_str();
  app.add_flag("--plain", options.plain, "Also the same faces as ordinary rows");
  CLI11_PARSE(app, argc, argv);
  try {
    facet::bench::IndexBenchmark(options).run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "index_benchmark: " << error.what() << '\n';
    return 1;
  }
}
