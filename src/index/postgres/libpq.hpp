// SPDX-License-Identifier: Apache-2.0
// The functions of libpq that facet uses, found in the library when it is loaded. Its C interface
// has been the same since SONAME 5.
#pragma once

#include <libpq-fe.h>

namespace facet::detail {

struct Libpq {
  decltype(&PQconnectdb) connect = nullptr;
  decltype(&PQfinish) finish = nullptr;
  decltype(&PQstatus) status = nullptr;
  decltype(&PQerrorMessage) error_message = nullptr;
  decltype(&PQexec) exec = nullptr;
  decltype(&PQprepare) prepare = nullptr;
  decltype(&PQexecPrepared) exec_prepared = nullptr;
  decltype(&PQsendQueryPrepared) send_prepared = nullptr;
  decltype(&PQsetSingleRowMode) set_single_row_mode = nullptr;
  decltype(&PQgetResult) get_result = nullptr;
  decltype(&PQresultStatus) result_status = nullptr;
  decltype(&PQresultErrorMessage) result_error_message = nullptr;
  decltype(&PQresultErrorField) result_error_field = nullptr;
  decltype(&PQntuples) rows = nullptr;
  decltype(&PQftype) column_type = nullptr;
  decltype(&PQgetisnull) is_null = nullptr;
  decltype(&PQgetvalue) value = nullptr;
  decltype(&PQgetlength) length = nullptr;
  decltype(&PQcmdTuples) changed_rows = nullptr;
  decltype(&PQclear) clear = nullptr;
  decltype(&PQserverVersion) server_version = nullptr;
  decltype(&PQdb) database = nullptr;
  decltype(&PQhost) host = nullptr;
  decltype(&PQtransactionStatus) transaction_status = nullptr;
  decltype(&PQsetNoticeProcessor) set_notice_processor = nullptr;
};

// Throws Error(unsupported) that says what to install.
const Libpq& libpq();

}  // namespace facet::detail
