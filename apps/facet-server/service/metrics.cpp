// SPDX-License-Identifier: Apache-2.0
#include "service/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <fstream>

namespace facet::server {
namespace {

using prometheus::BuildCounter;
using prometheus::BuildGauge;
using prometheus::BuildHistogram;

const prometheus::Histogram::BucketBoundaries& seconds() {
  static const prometheus::Histogram::BucketBoundaries bounds = {
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return bounds;
}

double in_seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  file >> pages >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests = BuildCounter()
                                                          .Name("facet_http_requests_total")
                                                          .Help("Requests that were answered")
                                                          .Register(registry);
  prometheus::Family<prometheus::Histogram>& request_seconds =
      BuildHistogram()
          .Name("facet_http_request_seconds")
          .Help("From a request's first byte to its answer")
          .Register(registry);
  prometheus::Counter& photos = counter("facet_photos_total", "Photos that were looked at");
  prometheus::Counter& faces = counter("facet_faces_total", "Faces that were described");
  prometheus::Counter& unreadable =
      counter("facet_unreadable_photos_total", "Photos that could not be decoded");
  prometheus::Histogram& together =
      BuildHistogram()
          .Name("facet_photos_together")
          .Help("Photos that were described together")
          .Register(registry)
          .Add({}, prometheus::Histogram::BucketBoundaries{1, 2, 3, 4, 8});
  prometheus::Histogram& predict_seconds = BuildHistogram()
                                               .Name("facet_predict_seconds")
                                               .Help("Time that photos described together took")
                                               .Register(registry)
                                               .Add({}, seconds());
  prometheus::Gauge& waiting = gauge("facet_waiting_photos", "Photos that wait to be looked at");
  prometheus::Gauge& memory =
      gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
  prometheus::Gauge& start = gauge("process_start_time_seconds", "Start time, seconds since 1970.");
  prometheus::Family<prometheus::Gauge>& model =
      BuildGauge().Name("facet_model_info").Help("The model that is loaded").Register(registry);

 private:
  prometheus::Counter& counter(const char* name, const char* help) {
    return BuildCounter().Name(name).Help(help).Register(registry).Add({});
  }
  prometheus::Gauge& gauge(const char* name, const char* help) {
    return BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {
  impl_->start.SetToCurrentTime();
}
Metrics::~Metrics() = default;

void Metrics::count_request(const std::string& route, const std::string& method, int status,
                            std::chrono::steady_clock::duration took) {
  impl_->requests.Add({{"route", route}, {"method", method}, {"status", std::to_string(status)}})
      .Increment();
  impl_->request_seconds.Add({{"route", route}}, seconds()).Observe(in_seconds(took));
}

void Metrics::count_photos(std::size_t photos, std::size_t faces, std::size_t unreadable,
                           std::chrono::steady_clock::duration took) {
  impl_->photos.Increment(static_cast<double>(photos));
  impl_->faces.Increment(static_cast<double>(faces));
  impl_->unreadable.Increment(static_cast<double>(unreadable));
  impl_->together.Observe(static_cast<double>(photos));
  impl_->predict_seconds.Observe(in_seconds(took));
}

void Metrics::set_waiting_photos(std::size_t photos) {
  impl_->waiting.Set(static_cast<double>(photos));
}

void Metrics::set_model(const std::string& name, const std::string& version) {
  impl_->model.Add({{"name", name}, {"version", version}}).Set(1);
}

std::string Metrics::text() const {
  impl_->memory.Set(resident_bytes());
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace facet::server
