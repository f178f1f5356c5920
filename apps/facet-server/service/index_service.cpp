// SPDX-License-Identifier: Apache-2.0
#include "service/index_service.hpp"

#include <mutex>
#include <utility>
#include <vector>

#include "facet/error.hpp"
#include "http/header_text.hpp"
#include "index/browse/browse_json.hpp"
#include "index/browse/known_face.hpp"
#include "index/browse/pictures.hpp"
#include "index/browse/ranking.hpp"
#include "index/labels/take_answers.hpp"
#include "service/index_connections.hpp"
#include "service/parameters.hpp"
#include "service/picture_cache.hpp"
#include "service/search_pages.hpp"

namespace facet::server {

using namespace detail;

namespace {

constexpr std::size_t kMostLabelBytes = 64 * 1024;
constexpr std::size_t kMostPictureBytes = std::size_t{64} << 20;

FaceAnswer answer_of(const std::string& face, const std::string& attribute,
                     std::optional<bool> present) {
  FaceAnswer answer;
  answer.where = face;
  answer.face = face;
  answer.attribute = attribute;
  answer.present = present;
  answer.looked_at = true;
  return answer;
}

std::vector<FaceAnswer> read_labels(const Request& request, const std::string& face) {
  if (read_header_value(request.header("content-type")).value != "application/json") {
    throw HttpError(415, "unsupported_media_type", "the body is not application/json");
  }
  const Json json = Json::parse(request.body, nullptr, false);
  const bool right = json.is_object() && json.size() == 1 && json.contains("labels") &&
                     json["labels"].is_object() && !json["labels"].empty();
  if (!right) {
    throw HttpError(400, "bad_request", R"(the body is not {"labels": {"Smiling": true, …}})");
  }
  std::vector<FaceAnswer> answers;
  for (const auto& [name, value] : json["labels"].items()) {
    if (!value.is_boolean() && !value.is_null()) {
      throw HttpError(400, "invalid_argument", name + ": is not true, false or null");
    }
    answers.push_back(
        answer_of(face, name, value.is_null() ? std::nullopt : std::optional(value.get<bool>())));
  }
  return answers;
}

}  // namespace

struct IndexService::Impl {
  Impl(const ServerOptions& server_options, TaskPool& task_pool,
       std::function<std::shared_ptr<const Model>()> get_model)
      : options(server_options),
        tasks(task_pool),
        model(std::move(get_model)),
        connections(options.db) {}

  Response face(const Exchange& exchange) {
    const IndexConnections::Lease database = connections.read();
    return face_response(*database, exchange.captured[0]);
  }

  static Response face_response(SqlDatabase& database, const std::string& id) {
    const Generation generation = current_generation(database);
    const SqlReading reading(database);
    FaceReader reader(database, generation);
    const NamedFace named = find_face(database, reader, id);
    return json_response(face_json(named.photo, named.face));
  }

  Response photo(const Exchange& exchange) {
    const IndexConnections::Lease database = connections.read();
    const Generation generation = current_generation(*database);
    const SqlReading reading(*database);
    FaceReader reader(*database, generation);
    const std::vector<PhotoRow> copies = photos_of(*database, exchange.captured[0]);
    const auto known = reader.photo(copies.front().id);
    if (!known) throw Error(ErrorCode::not_found, "the photo is gone from the index");
    return json_response(photo_json(*known, copies));
  }

  Response thumbnail(const Exchange& exchange) {
    ParameterReader parameters(exchange.request.query);
    const auto size = static_cast<int>(parameters.integer("size", 32, 512).value_or(160));
    parameters.refuse_others();
    const IndexConnections::Lease database = connections.read();
    const Generation generation = current_generation(*database);
    const SqlReading reading(*database);
    FaceReader reader(*database, generation);
    const NamedFace named = find_face(*database, reader, exchange.captured[0]);
    const StoredBox& box = named.face.box;
    std::string key = exchange.captured[0] + '-' + std::to_string(size);
    for (const int side : {box.x, box.y, box.width, box.height}) key += '-' + std::to_string(side);
    return picture(exchange.request, key,
                   [&] { return face_picture(*database, named.photo, named.face, size); });
  }

  Response image(const Exchange& exchange) {
    ParameterReader parameters(exchange.request.query);
    const auto size = static_cast<int>(parameters.integer("size", 64, 4096).value_or(1600));
    parameters.refuse_others();
    std::vector<PhotoRow> copies;
    {
      const IndexConnections::Lease database = connections.read();
      copies = photos_of(*database, exchange.captured[0]);
    }
    return picture(exchange.request,
                   photo_id_text(*copies.front().content) + '-' + std::to_string(size),
                   [&] { return photo_picture(copies.front(), size); });
  }

  // A key means the same picture for ever: it holds the hash of the photo's content.
  template <typename Make>
  Response picture(const Request& request, const std::string& key, Make make) {
    const std::string tag = '"' + key + '"';
    Response response;
    response.headers = {
        {"Content-Type", "image/jpeg"}, {"Cache-Control", "private, max-age=3600"}, {"ETag", tag}};
    if (request.header("if-none-match").find(tag) != std::string_view::npos) {
      response.status = 304;
      return response;
    }
    response.shared_body = pictures.find(key);
    if (!response.shared_body) {
      const std::vector<std::byte> bytes = make();
      const auto* first = reinterpret_cast<const char*>(bytes.data());
      response.shared_body = std::make_shared<const std::string>(first, bytes.size());
      pictures.add(key, response.shared_body);
    }
    return response;
  }

  // All faces' answers, or none.
  Response say(const std::string& id, const std::vector<FaceAnswer>& answers) {
    if (options.read_only) {
      throw HttpError(403, "forbidden", "this server only reads its index");
    }
    // Whether the face is there, before anything is opened for writing.
    const IndexConnections::Lease database = connections.read();
    (void)face_response(*database, id);
    if (!answers.empty()) {
      const std::lock_guard lock(writing);
      const std::unique_ptr<SqlDatabase> writer = connections.write();
      std::string warning;
      TakeOptions take;
      take.warn = [&](const std::string& text) { warning = text; };
      if (take_answers(*writer, answers, take).unknown > 0) {
        throw Error(ErrorCode::not_found, warning);
      }
      pages.forget();
    }
    return face_response(*database, id);
  }

  Response put_labels(const Exchange& exchange) {
    const std::string& id = exchange.captured[0];
    return say(id, read_labels(exchange.request, id));
  }

  Response delete_labels(const Exchange& exchange) {
    const std::string& id = exchange.captured[0];
    ParameterReader parameters(exchange.request.query);
    const auto attribute = parameters.text("attribute");
    parameters.refuse_others();
    if (attribute) return say(id, {answer_of(id, *attribute, std::nullopt)});
    std::vector<FaceAnswer> answers;
    {
      const IndexConnections::Lease database = connections.read();
      const Generation generation = current_generation(*database);
      const SqlReading reading(*database);
      FaceReader reader(*database, generation);
      for (const KnownAttribute& one : find_face(*database, reader, id).face.attributes) {
        if (one.said) answers.push_back(answer_of(id, one.name, std::nullopt));
      }
    }
    return say(id, answers);
  }

  const ServerOptions& options;
  TaskPool& tasks;
  std::function<std::shared_ptr<const Model>()> model;
  IndexConnections connections;
  SearchPages pages{connections};
  PictureCache pictures{kMostPictureBytes};
  std::mutex writing;
};

IndexService::IndexService(const ServerOptions& options, TaskPool& tasks,
                           std::function<std::shared_ptr<const Model>()> model)
    : impl_(std::make_unique<Impl>(options, tasks, std::move(model))) {
}
IndexService::~IndexService() = default;

void IndexService::add_routes(RouteTable& routes) {
  Impl* impl = impl_.get();
  const auto add = [&](const char* method, const char* pattern,
                       std::function<Response(const Exchange&)> answer, std::size_t body = 0) {
    Route route{method, pattern, [impl, answer = std::move(answer)](const ExchangePtr& exchange) {
                  impl->tasks.answer(exchange, [exchange, answer] { return answer(*exchange); });
                }};
    route.most_body = body;
    routes.add(std::move(route));
  };
  add("GET", "/v1/search", [impl](const Exchange& one) { return impl->pages.search(one); });
  add("GET", "/v1/search/suggest",
      [impl](const Exchange& one) { return impl->pages.suggest(one.request); });
  add("GET", "/v1/attributes",
      [impl](const Exchange&) { return impl->pages.attributes(impl->model()); });
  add("GET", "/v1/faces/{id}", [impl](const Exchange& one) { return impl->face(one); });
  add("GET", "/v1/faces/{id}/thumbnail",
      [impl](const Exchange& one) { return impl->thumbnail(one); });
  add(
      "PUT", "/v1/faces/{id}/labels", [impl](const Exchange& one) { return impl->put_labels(one); },
      kMostLabelBytes);
  add("DELETE", "/v1/faces/{id}/labels",
      [impl](const Exchange& one) { return impl->delete_labels(one); });
  add("GET", "/v1/photos/{id}", [impl](const Exchange& one) { return impl->photo(one); });
  add("GET", "/v1/photos/{id}/image", [impl](const Exchange& one) { return impl->image(one); });
}

Json IndexService::health() {
  try {
    const IndexConnections::Lease database = impl_->connections.read();
    const auto count = [&](const char* sql) { return sql_integer(*database, sql).value_or(0); };
    return {{"open", true},
            {"photos", count("SELECT count(*) FROM photo")},
            {"faces", count("SELECT CAST(sum(faces) AS BIGINT) FROM face_chunk")},
            {"writable", !impl_->options.read_only}};
  } catch (const std::exception& error) {
    return {{"open", false}, {"reason", error.what()}};
  }
}

}  // namespace facet::server
