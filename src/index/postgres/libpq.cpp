// SPDX-License-Identifier: Apache-2.0
#include "index/postgres/libpq.hpp"

#include <dlfcn.h>

#include <string>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

[[noreturn]] void fail(const char* reason) {
  throw Error(ErrorCode::unsupported,
              std::string("PostgreSQL needs libpq.so.5 (Debian: apt install libpq5): ") +
                  (reason == nullptr ? "it cannot be loaded" : reason));
}

template <typename Function>
void find(void* library, Function& function, const char* name) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) fail(dlerror());
}

Libpq load() {
  // Stays loaded: the libraries that it brings do not all like to be unloaded.
  void* library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) fail(dlerror());
  Libpq pq;
  find(library, pq.connect, "PQconnectdb");
  find(library, pq.finish, "PQfinish");
  find(library, pq.status, "PQstatus");
  find(library, pq.error_message, "PQerrorMessage");
  find(library, pq.exec, "PQexec");
  find(library, pq.prepare, "PQprepare");
  find(library, pq.exec_prepared, "PQexecPrepared");
  find(library, pq.send_prepared, "PQsendQueryPrepared");
  find(library, pq.set_single_row_mode, "PQsetSingleRowMode");
  find(library, pq.get_result, "PQgetResult");
  find(library, pq.result_status, "PQresultStatus");
  find(library, pq.result_error_message, "PQresultErrorMessage");
  find(library, pq.result_error_field, "PQresultErrorField");
  find(library, pq.rows, "PQntuples");
  find(library, pq.column_type, "PQftype");
  find(library, pq.is_null, "PQgetisnull");
  find(library, pq.value, "PQgetvalue");
  find(library, pq.length, "PQgetlength");
  find(library, pq.changed_rows, "PQcmdTuples");
  find(library, pq.clear, "PQclear");
  find(library, pq.server_version, "PQserverVersion");
  find(library, pq.database, "PQdb");
  find(library, pq.host, "PQhost");
  find(library, pq.transaction_status, "PQtransactionStatus");
  find(library, pq.set_notice_processor, "PQsetNoticeProcessor");
  return pq;
}

}  // namespace

const Libpq& libpq() {
  static const Libpq loaded = load();
  return loaded;
}

}  // namespace facet::detail
