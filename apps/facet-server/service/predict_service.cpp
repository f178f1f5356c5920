// SPDX-License-Identifier: Apache-2.0
#include "service/predict_service.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <exception>
#include <filesystem>
#include <optional>
#include <utility>

#include "facet/explain.hpp"
#include "facet/explain_report.hpp"
#include "facet/report.hpp"
#include "service/envelope.hpp"
#include "service/photo_request.hpp"
#include "service/server_timing.hpp"

namespace facet::server {
namespace {

HttpError loading() {
  return {503, "loading", "the model is being loaded", {{"Retry-After", "1"}}};
}

std::string map_json(const ResponseMap& map) {
  std::string text = ",\"response_map\":{\"width\":" + std::to_string(map.width) +
                     ",\"height\":" + std::to_string(map.height);
  const auto add = [&](float value) {
    std::array<char, 32> digits;
    const float rounded = std::round(value * 100) / 100;
    text.append(digits.data(),
                std::to_chars(digits.data(), digits.data() + digits.size(), rounded).ptr);
  };
  text += ",\"threshold\":";
  add(map.threshold);
  float peak = 0;
  for (const float value : map.values) peak = std::max(peak, value);
  text += ",\"peak\":";
  add(peak);
  text += ",\"values\":[";
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    if (i > 0) text += ',';
    add(map.values[i]);
  }
  return text + "]}";
}

// The command's document, with maps where they were asked for.
std::string report_text(const PhotoJob& job, const ReportContext& context) {
  std::string text = to_json({}, context);
  text.resize(text.rfind("]}"));
  for (std::size_t i = 0; i < job.answers.size(); ++i) {
    std::string photo =
        job.wishes.explain
            ? explanation_to_json({job.answers[i].result, job.answers[i].explanations})
            : photo_to_json(job.answers[i].result);
    if (job.answers[i].map) {
      photo.pop_back();
      photo += map_json(*job.answers[i].map) + '}';
    }
    text += (i == 0 ? "\n" : ",\n") + photo;
  }
  return text + "\n]}\n";
}

}  // namespace

PredictService::PredictService(const ServerOptions& options, TaskPool& tasks, Metrics& metrics)
    : options_(options), tasks_(tasks), metrics_(metrics) {
}

void PredictService::load(std::function<void(const std::string&)> failed) {
  loading_ = std::thread([this, failed = std::move(failed)] {
    try {
      const std::filesystem::path file =
          options_.model.empty() ? Model::find_default() : std::filesystem::path(options_.model);
      auto model = Model::load(file);
      std::shared_ptr<const Concepts> concepts;
      std::string why_not;
      try {
        concepts = Concepts::load_beside(file);
        const Explainer fits(model, concepts, 1, options_.precision);  // or says why not
      } catch (const Error& error) {
        concepts = nullptr;
        why_not = error.what();
      }
      QueueSettings settings;
      settings.threads = options_.threads;
      settings.precision = options_.precision;
      settings.most_waiting = options_.max_waiting;
      settings.max_pixels = options_.max_pixels;
      auto queue = std::make_unique<PhotoQueue>(model, concepts, settings, metrics_);
      metrics_.set_model(model->name(), model->version());
      const std::lock_guard lock(mutex_);
      model_ = std::move(model);
      queue_ = std::move(queue);
      why_not_explained_ = why_not;
    } catch (const std::exception& error) {
      failed(error.what());
    }
  });
}

PredictService::~PredictService() {
  if (loading_.joinable()) loading_.join();
}

std::shared_ptr<const Model> PredictService::model() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

void PredictService::add_routes(RouteTable& routes) {
  Route predict{"POST", "/v1/predict", [this](const ExchangePtr& exchange) {
                  tasks_.start(exchange, [this, exchange] { this->predict(exchange, false); });
                }};
  predict.most_body = options_.max_body;
  predict.checks_body_kind = true;
  routes.add(std::move(predict));
  Route explain{"POST", "/v1/explain", [this](const ExchangePtr& exchange) {
                  tasks_.start(exchange, [this, exchange] { this->predict(exchange, true); });
                }};
  explain.most_body = options_.max_body;
  explain.checks_body_kind = true;
  routes.add(std::move(explain));
  routes.add({"GET", "/v1/model", [this](const ExchangePtr& exchange) {
                tasks_.answer(exchange, [this] { return model_page(); });
              }});
}

void PredictService::predict(const ExchangePtr& exchange, bool explain) {
  const auto model = this->model();
  if (!model) throw loading();
  if (explain && !queue_->explains()) {
    throw HttpError(501, "not_implemented", why_not_explained_);
  }
  const auto job = read_photo_job(*exchange, *model, options_.max_photos, explain);
  std::string().swap(exchange->request.body);  // it is in the job
  job->done = [this, exchange](PhotoJob& done) {
    try {
      exchange->reply(answer(*exchange, done));
    } catch (const std::exception& error) {
      exchange->reply(error_response(exchange->request, error));
    }
  };
  job->failed = [exchange](const std::exception& error) {
    exchange->reply(error_response(exchange->request, error));
  };
  if (!queue_->add(job)) {
    throw HttpError(429, "too_many_requests", "too many photos wait", {{"Retry-After", "2"}});
  }
}

Response PredictService::answer(const Exchange& exchange, const PhotoJob& job) const {
  for (std::size_t i = 0; i < job.photos.size(); ++i) {
    // A photo that is the whole body is the whole answer.
    const PhotoAnswer& one = job.answers[i];
    if (one.error && photo_form(exchange.request) == PhotoForm::body) {
      if (*one.error == ErrorCode::unsupported) {
        throw HttpError(415, "unsupported_media_type", one.result.reason);
      }
      throw Error(*one.error, one.result.reason);
    }
  }
  Response response = json_response(report_text(
      job,
      report_context(*model(), job.wishes.head, job.wishes.threshold_mode, options_.precision)));
  const auto now = PhotoJob::Clock::now();
  const PhotoJob::Clock::duration waited(job.waited.load());
  ServerTiming timing;
  timing.add("queue", waited);
  timing.add("predict", now - job.queued - waited);
  timing.add("total", now - exchange.began);
  response.headers.push_back(timing.header());
  return response;
}

Response PredictService::model_page() const {
  const auto model = this->model();
  if (!model) throw loading();
  Json json = {{"name", model->name()},
               {"version", model->version()},
               {"checksum", model->checksum()},
               {"licence", model->licence()},
               {"precision", precision_name(options_.precision)},
               {"explains", queue_->explains()}};
  for (const std::string& head : model->heads()) {
    json["heads"].push_back({{"name", head}, {"attributes", model->attribute_names(head)}});
  }
  json["limits"] = {
      {"max_body_bytes", options_.max_body},
      {"max_pixels", options_.max_pixels},
      {"max_photos", options_.max_photos},
      {"deadline_seconds", std::chrono::duration<double>(options_.http.answer_time).count()}};
  json["info"] = Json::parse(model->info_json());
  return json_response(json);
}

}  // namespace facet::server
