// SPDX-License-Identifier: Apache-2.0
// Models in the C API.
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "c_api/handles.hpp"

using namespace facet;
using namespace facet::detail;

namespace {

// Of a model, or NULL; the texts live as long as the model.
template <typename Text>
const char* text_of(const facet_model* model, const Text& text) noexcept {
  const char* found = nullptr;
  guarded([&] { found = text(*checked(model).model).c_str(); });
  return found;
}

const std::vector<std::string>& attributes_of(const facet_model* model, const char* head) {
  require(head, "head");
  return checked(model).model->attribute_names(head);
}

}  // namespace

extern "C" {

facet_status facet_model_load(const char* path, facet_model** model) {
  return guarded([&] {
    prepare(model, "model");
    const std::filesystem::path file = path == nullptr ? Model::find_default() : path;
    *model = std::make_unique<facet_model>(Model::load(file), file).release();
  });
}

facet_status facet_model_load_bytes(const void* bytes, size_t size, const char* name,
                                    facet_model** model) {
  return guarded([&] {
    prepare(model, "model");
    require(bytes, "bytes");
    const std::span given(static_cast<const std::byte*>(bytes), size);
    *model = std::make_unique<facet_model>(Model::load(given, name == nullptr ? "model" : name),
                                           std::filesystem::path())
                 .release();
  });
}

void facet_model_free(facet_model* model) {
  free_handle(model);
}

const char* facet_model_name(const facet_model* model) {
  return text_of(model, [](const Model& of) -> const std::string& { return of.name(); });
}

const char* facet_model_version(const facet_model* model) {
  return text_of(model, [](const Model& of) -> const std::string& { return of.version(); });
}

const char* facet_model_checksum(const facet_model* model) {
  return text_of(model, [](const Model& of) -> const std::string& { return of.checksum(); });
}

const char* facet_model_licence(const facet_model* model) {
  return text_of(model, [](const Model& of) -> const std::string& { return of.licence(); });
}

facet_status facet_model_info_json(const facet_model* model, char** json) {
  return guarded([&] {
    prepare(json, "json");
    *json = text_for_caller(checked(model).model->info_json());
  });
}

facet_status facet_model_attribute_count(const facet_model* model, const char* head,
                                         size_t* count) {
  return guarded([&] {
    require(count, "count");
    *count = 0;
    *count = attributes_of(model, head).size();
  });
}

facet_status facet_model_attribute_name(const facet_model* model, const char* head, size_t index,
                                        const char** name) {
  return guarded([&] {
    prepare(name, "name");
    const std::vector<std::string>& names = attributes_of(model, head);
    if (index >= names.size()) {
      throw Error(ErrorCode::invalid_argument,
                  std::string("head ") + head + " has " + std::to_string(names.size()) +
                      " attributes, not " + std::to_string(index) + " and more");
    }
    *name = names[index].c_str();
  });
}

facet_status facet_model_feature_size(const facet_model* model, const char* head, size_t* size) {
  return guarded([&] {
    require(size, "size");
    *size = 0;
    require(head, "head");
    *size = static_cast<size_t>(checked(model).model->feature_size(head));
  });
}

}  // extern "C"
