// SPDX-License-Identifier: Apache-2.0
#include "index/postgres/libpq.hpp"

#include "base/system_library.hpp"

namespace facet::detail {
namespace {

Libpq load() {
  const SystemLibrary library("libpq.so.5",
                              "PostgreSQL needs libpq.so.5 (Debian: apt install libpq5)");
  Libpq pq;
  library.find(pq.connect, "PQconnectdb");
  library.find(pq.finish, "PQfinish");
  library.find(pq.status, "PQstatus");
  library.find(pq.error_message, "PQerrorMessage");
  library.find(pq.exec, "PQexec");
  library.find(pq.prepare, "PQprepare");
  library.find(pq.exec_prepared, "PQexecPrepared");
  library.find(pq.send_prepared, "PQsendQueryPrepared");
  library.find(pq.set_single_row_mode, "PQsetSingleRowMode");
  library.find(pq.get_result, "PQgetResult");
  library.find(pq.result_status, "PQresultStatus");
  library.find(pq.result_error_message, "PQresultErrorMessage");
  library.find(pq.result_error_field, "PQresultErrorField");
  library.find(pq.rows, "PQntuples");
  library.find(pq.column_type, "PQftype");
  library.find(pq.is_null, "PQgetisnull");
  library.find(pq.value, "PQgetvalue");
  library.find(pq.length, "PQgetlength");
  library.find(pq.changed_rows, "PQcmdTuples");
  library.find(pq.clear, "PQclear");
  library.find(pq.server_version, "PQserverVersion");
  library.find(pq.database, "PQdb");
  library.find(pq.host, "PQhost");
  library.find(pq.transaction_status, "PQtransactionStatus");
  library.find(pq.set_notice_processor, "PQsetNoticeProcessor");
  return pq;
}

}  // namespace

const Libpq& libpq() {
  static const Libpq loaded = load();
  return loaded;
}

}  // namespace facet::detail
