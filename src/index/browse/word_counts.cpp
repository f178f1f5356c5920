// SPDX-License-Identifier: Apache-2.0
#include "index/browse/word_counts.hpp"

#include <algorithm>
#include <vector>

#include "index/browse/ranking.hpp"
#include "index/query/evaluate.hpp"
#include "index/query/query.hpp"
#include "index/query/query_plan.hpp"
#include "index/search/query_inputs.hpp"
#include "index/store/face_snapshot.hpp"
#include "index/store/verdict_table.hpp"

namespace facet::detail {
namespace {

constexpr float kHolds = 0.5F;

std::size_t count_faces(FaceSnapshot& snapshot, QueryInputs& inputs, const QueryPlan& plan) {
  std::size_t count = 0;
  for (const FaceSnapshot::Chunk& chunk : snapshot.chunks()) {
    const std::vector<float> p = evaluate(plan, inputs.block(chunk));
    count += static_cast<std::size_t>(
        std::count_if(p.begin(), p.end(), [](float one) { return one >= kHolds; }));
  }
  return count;
}

}  // namespace

WordCounts count_words(SqlDatabase& database, const Generation& generation) {
  const Vocabulary vocabulary = vocabulary_of(generation);
  const SqlReading reading(database);
  FaceSnapshot snapshot(database);
  WordCounts counts;
  counts.faces = snapshot.faces();
  counts.photos =
      static_cast<std::size_t>(sql_integer(database, "SELECT count(*) FROM photo").value_or(0));
  for (const std::string& word : vocabulary.words()) {
    QueryNode term;
    term.text = word;
    const QueryPlan plan = plan_query(term, vocabulary);
    QueryInputs inputs(database, generation, plan, {}, snapshot);
    counts.words[word] = count_faces(snapshot, inputs, plan);
  }
  database.run("SELECT name, count(*) FROM region GROUP BY name", {}, [&](const SqlRow& row) {
    counts.people[std::string(row.text(0))] = static_cast<std::size_t>(row.integer(1));
  });
  for (const FaceVerdict& verdict : VerdictTable(database).about_faces()) {
    ++counts.said[verdict.attribute];
  }
  return counts;
}

}  // namespace facet::detail
