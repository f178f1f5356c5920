// SPDX-License-Identifier: Apache-2.0
#include "service/search_pages.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "facet/error.hpp"
#include "http/base64.hpp"
#include "index/browse/browse_json.hpp"
#include "index/browse/known_face.hpp"
#include "index/browse/ranking.hpp"
#include "index/browse/word_suggestions.hpp"
#include "index/query/everyday_words.hpp"
#include "index/query/query.hpp"
#include "index/query/spoken_query.hpp"
#include "service/attribute_groups.hpp"
#include "service/envelope.hpp"
#include "service/parameters.hpp"
#include "service/server_timing.hpp"

namespace facet::server {
namespace {

using namespace detail;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostQueryBytes = 2000;
constexpr auto kCountsFresh = std::chrono::seconds(30);

struct SearchRequest {
  std::string query;
  bool photos = false;
  bool all_attributes = false;
  bool certain = false;
  std::size_t offset = 0;
  std::size_t limit = 60;
  std::string ranking;  // of the page before

  // All that decides what is found.
  [[nodiscard]] std::string key() const { return (photos ? "photos " : "faces ") + query; }
};

HttpError bad_cursor() {
  return {400, "invalid_argument", "cursor: is none of this server's"};
}

std::string cursor_text(const SearchRequest& request) {
  return base64_encoded(json_text(Json{{"r", request.ranking},
                                       {"o", request.offset},
                                       {"l", request.limit},
                                       {"p", request.photos},
                                       {"a", request.all_attributes},
                                       {"c", request.certain},
                                       {"q", request.query}}));
}

SearchRequest read_cursor(const std::string& text) {
  const auto bytes = base64_decoded(text);
  if (!bytes) throw bad_cursor();
  const std::string_view content(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  try {
    const Json json = Json::parse(content);
    SearchRequest request;
    request.ranking = json.at("r").get<std::string>();
    request.offset = json.at("o").get<std::size_t>();
    request.limit = std::clamp<std::size_t>(json.at("l").get<std::size_t>(), 1, 500);
    request.photos = json.at("p").get<bool>();
    request.all_attributes = json.at("a").get<bool>();
    request.certain = json.at("c").get<bool>();
    request.query = json.at("q").get<std::string>();
    if (request.query.size() > kMostQueryBytes) throw bad_cursor();
    return request;
  } catch (const Json::exception&) {
    throw bad_cursor();
  }
}

SearchRequest read_request(const Parameters& parameters) {
  ParameterReader reader(parameters);
  SearchRequest request;
  const auto cursor = reader.text("cursor");
  if (cursor) request = read_cursor(*cursor);
  const auto query = reader.text("q");
  const auto show = reader.choice("show", {"faces", "photos"});
  const auto offset = reader.integer("offset", 0, 1'000'000'000);
  const auto limit = reader.integer("limit", 1, 500);
  const auto attributes = reader.choice("attributes", {"asked", "all"});
  const auto certain = reader.flag("certain");
  reader.refuse_others();
  if (limit) request.limit = static_cast<std::size_t>(*limit);
  if (offset) request.offset = static_cast<std::size_t>(*offset);
  if (cursor) return request;
  request.query = query.value_or("");
  if (request.query.size() > kMostQueryBytes) {
    throw HttpError(400, "bad_query", "the query is longer than 2000 bytes");
  }
  request.photos = show == "photos";
  request.all_attributes = attributes == "all";
  request.certain = certain.value_or(false);
  return request;
}

// Nothing but blanks asks for all.
std::optional<QueryNode> understood(const std::string& text, const Generation& generation) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return std::nullopt;
  return spoken_query(parse_query(text), vocabulary_of(generation));
}

std::set<std::string> shown_attributes(const Ranking& ranking, const Generation& generation,
                                       bool all) {
  std::set<std::string> shown;
  for (std::size_t i = 0; i < generation.attributes.size(); ++i) {
    const bool asked =
        std::find(ranking.asked.begin(), ranking.asked.end(), i) != ranking.asked.end();
    if (all || asked) shown.insert(generation.attributes[i].name);
  }
  return shown;
}

// Each with its place: what the index lost since it was ranked is left out.
Json items_of(const Ranking& ranking, std::size_t first, std::size_t end, FaceReader& reader,
              const std::set<std::string>& shown) {
  Json items = Json::array();
  const auto add = [&](std::size_t place, Json item) {
    item["place"] = place;
    items.push_back(std::move(item));
  };
  for (std::size_t i = first; i < end; ++i) {
    if (ranking.by == RankBy::faces) {
      const RankedFace& face = ranking.faces[i];
      const std::size_t place[] = {face.place};
      const auto known = reader.photo(face.photo, place);
      if (!known || known->faces.empty()) continue;
      add(i, found_face_json(known->photo, known->faces.front(),
                             {face.probability, i < ranking.certain}, shown));
      continue;
    }
    const RankedPhoto& photo = ranking.photos[i];
    std::vector<std::size_t> places;
    std::vector<float> probabilities;
    for (std::size_t f = 0; f < photo.faces; ++f) {
      places.push_back(ranking.faces[photo.first_face + f].place);
      probabilities.push_back(ranking.faces[photo.first_face + f].probability);
    }
    const auto known = reader.photo(photo.photo, places);
    if (!known || known->faces.size() > probabilities.size()) continue;
    add(i,
        found_photo_json(*known, probabilities, {photo.probability, i < ranking.certain}, shown));
  }
  return items;
}

const char* kind_name(WordSuggestion::Kind kind) {
  switch (kind) {
    case WordSuggestion::Kind::attribute:
      return "attribute";
    case WordSuggestion::Kind::everyday:
      return "everyday";
    case WordSuggestion::Kind::person:
      return "person";
    case WordSuggestion::Kind::field:
      break;
  }
  return "field";
}

Json attribute_info(const std::string& name) {
  const std::string word = folded_word(name);
  std::string label = word;
  std::replace(label.begin(), label.end(), '_', ' ');
  return {{"name", name}, {"word", word}, {"label", label}, {"group", attribute_group(name)}};
}

// The current generation, or that there is no index as far as a client can see.
Generation generation_of(SqlDatabase& database) {
  try {
    return current_generation(database);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    throw HttpError(404, "no_index", error.what());
  }
}

}  // namespace

Response SearchPages::search(const Exchange& exchange) {
  const auto began = Clock::now();
  SearchRequest request = read_request(exchange.request.query);
  const IndexConnections::Lease database = connections_.read();
  const Generation generation = generation_of(*database);
  const std::optional<QueryNode> query = understood(request.query, generation);
  std::shared_ptr<const RankingCache::Entry> entry;
  if (!request.ranking.empty() || request.offset > 0) {
    entry = rankings_.find(request.ranking, request.key());
  }
  if (!entry) {
    RankingOptions options;
    options.by = request.photos ? RankBy::photos : RankBy::faces;
    // Likeness is no probability: the most alike are shown, however little that is.
    if (query && asks_for_likeness(*query)) options.certain = options.uncertain = 1e-6F;
    entry = rankings_.add(request.key(), rank(*database, generation, query, options));
  }
  const Ranking& ranking = *entry->ranking;
  const std::size_t total = request.certain ? ranking.certain : ranking.size();
  const std::size_t first = std::min(request.offset, total);
  const std::size_t end = std::min(total, first + request.limit);
  Json json = {{"query", query ? print_query(*query) : std::string()},
               {"show", request.photos ? "photos" : "faces"},
               {"total", total},
               {"certain", ranking.certain},
               {"uncertain", ranking.size() - ranking.certain},
               {"faces_searched", ranking.faces_searched},
               {"offset", first}};
  if (end < total) {
    request.ranking = entry->id;
    request.offset = end;
    json["next_cursor"] = cursor_text(request);
  }
  {
    const SqlReading reading(*database);
    FaceReader reader(*database, generation);
    json["items"] = items_of(ranking, first, end, reader,
                             shown_attributes(ranking, generation, request.all_attributes));
    json["gone"] = end - first - json["items"].size();
  }
  const auto took = Clock::now() - began;
  json["took_ms"] = std::chrono::duration_cast<std::chrono::microseconds>(took).count() / 1000.0;
  Response response = json_response(json);
  ServerTiming timing;
  timing.add("search", took);
  timing.add("total", Clock::now() - exchange.began);
  response.headers.push_back(timing.header());
  return response;
}

std::shared_ptr<const WordCounts> SearchPages::counts(SqlDatabase& database,
                                                      const Generation& generation) {
  {
    const std::lock_guard lock(mutex_);
    if (counts_ && Clock::now() - counted_ < kCountsFresh) return counts_;
  }
  auto fresh = std::make_shared<const WordCounts>(count_words(database, generation));
  const std::lock_guard lock(mutex_);
  counts_ = fresh;
  counted_ = Clock::now();
  return fresh;
}

void SearchPages::forget() {
  rankings_.forget_queries();
  const std::lock_guard lock(mutex_);
  counts_.reset();
}

Response SearchPages::suggest(const Request& request) {
  ParameterReader reader(request.query);
  const std::string query = reader.text("q").value_or("");
  const auto at = reader.integer("at", 0, kMostQueryBytes);
  const auto limit = reader.integer("limit", 1, 100);
  reader.refuse_others();
  if (query.size() > kMostQueryBytes) {
    throw HttpError(400, "bad_query", "the query is longer than 2000 bytes");
  }
  const IndexConnections::Lease database = connections_.read();
  const Generation generation = generation_of(*database);
  const auto known = counts(*database, generation);
  const QuerySpan span = word_at(query, at ? static_cast<std::size_t>(*at) : query.size());
  const std::string word = query.substr(span.first, span.count);
  Json json = {
      {"word", word}, {"first", span.first}, {"count", span.count}, {"suggestions", Json::array()}};
  for (const WordSuggestion& one : suggest_words(word, vocabulary_of(generation), *known,
                                                 static_cast<std::size_t>(limit.value_or(10)))) {
    Json suggestion = {{"text", one.text}, {"kind", kind_name(one.kind)}};
    if (!one.group.empty()) suggestion["group"] = one.group;
    if (!one.meaning.empty()) suggestion["meaning"] = one.meaning;
    if (one.kind != WordSuggestion::Kind::field) suggestion["faces"] = one.faces;
    json["suggestions"].push_back(std::move(suggestion));
  }
  return json_response(json);
}

Response SearchPages::attributes(const std::shared_ptr<const Model>& model) {
  Json json;
  std::shared_ptr<const WordCounts> known;
  std::optional<Generation> generation;
  std::vector<std::string> names;
  try {
    const IndexConnections::Lease database = connections_.read();
    generation = generation_of(*database);
    known = counts(*database, *generation);
    json["head"] = generation->head;
    json["model"] = generation->model;
    json["faces"] = known->faces;
    json["photos"] = known->photos;
    for (const IndexAttribute& one : generation->attributes) names.push_back(one.name);
  } catch (const HttpError& error) {
    if (error.code() != "no_index") throw;
    if (!model)
      throw HttpError(503, "loading", "the model is being loaded", {{"Retry-After", "1"}});
    json["head"] = "celeba";
    json["model"] = model->name() + ' ' + model->version();
    names = model->attribute_names("celeba");
  }
  const Vocabulary vocabulary(names);
  json["attributes"] = Json::array();
  for (std::size_t i = 0; i < names.size(); ++i) {
    Json one = attribute_info(names[i]);
    if (generation) {
      one["threshold"] = generation->attributes[i].threshold;
      one["threshold_balanced"] = generation->attributes[i].threshold_balanced;
    }
    if (known) {
      const auto count = known->words.find(folded_word(names[i]));
      one["faces"] = count == known->words.end() ? 0 : count->second;
      const auto said = known->said.find(names[i]);
      one["said"] = said == known->said.end() ? 0 : said->second;
    }
    json["attributes"].push_back(std::move(one));
  }
  json["everyday"] = Json::array();
  for (const EverydayWord& word : everyday_words()) {
    if (vocabulary.everyday(word.word) != &word) continue;
    Json one = {{"word", word.word}, {"group", word.group}, {"meaning", word.meaning}};
    if (known) {
      const auto count = known->words.find(word.word);
      one["faces"] = count == known->words.end() ? 0 : count->second;
    }
    json["everyday"].push_back(std::move(one));
  }
  return json_response(json);
}

}  // namespace facet::server
