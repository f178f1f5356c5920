// SPDX-License-Identifier: Apache-2.0
#include "index/sqlite/sqlite_database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <system_error>
#include <utility>

#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr int kPatience = 60'000;  // milliseconds to wait for another writer

struct CloseDatabase {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

class Row final : public SqlRow {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  [[nodiscard]] double real(int column) const override {
    return sqlite3_column_double(statement_, column);
  }
  [[nodiscard]] std::string_view text(int column) const override {
    const unsigned char* first = sqlite3_column_text(statement_, column);
    if (first == nullptr) return {};
    return {reinterpret_cast<const char*>(first), count(column)};
  }
  [[nodiscard]] SqlBytes bytes(int column) const override {
    const void* first = sqlite3_column_blob(statement_, column);
    if (first == nullptr) return {};
    return {static_cast<const std::byte*>(first), count(column)};
  }

 private:
  [[nodiscard]] std::size_t count(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  }
  sqlite3_stmt* statement_;
};

// A name that tells SQLite that nobody writes the file.
std::string immutable_uri(const std::filesystem::path& file) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : file.string()) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<unsigned char>(c);
      uri.append(1, '%').append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

class SqliteDatabase final : public SqlDatabase {
 public:
  SqliteDatabase(const std::filesystem::path& file, SqliteMode mode) : name_(file.string()) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code == SQLITE_CANTOPEN && mode == SqliteMode::read) {
      code = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                             nullptr);
      handle_.reset(handle);
    }
    check(code);
    if (mode == SqliteMode::read && sqlite3_db_readonly(handle_.get(), "main") == 1 &&
        !std::filesystem::exists(file.string() + "-wal")) {
      // SQLite would make a file beside it, which it cannot where the folder is not writable.
      // Without a log the database itself holds everything.
      handle_.reset();
      code = sqlite3_open_v2(immutable_uri(file).c_str(), &handle,
                             SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
      handle_.reset(handle);
      check(code);
    }
    sqlite3_busy_timeout(handle_.get(), kPatience);
    if (mode == SqliteMode::create) {
      // Readers and a writer side by side; a killed process leaves a log that the next one applies.
      execute("PRAGMA journal_mode = WAL");
      execute("PRAGMA synchronous = NORMAL");
    }
    // What is deleted is overwritten, too.
    execute("PRAGMA secure_delete = ON");
    execute("PRAGMA mmap_size = 17179869184");
  }

  [[nodiscard]] SqlDialect dialect() const override { return SqlDialect::sqlite; }
  [[nodiscard]] const std::string& name() const override { return name_; }

  std::int64_t run(std::string_view sql, std::span<const SqlParameter> parameters,
                   const TakeRow& take) override {
    sqlite3_stmt* statement = prepared(sql);
    const Resetting resetting{statement};
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      bind(statement, static_cast<int>(i) + 1, parameters[i]);
    }
    const Row row(statement);
    int code = sqlite3_step(statement);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
      if (take) take(row);
    }
    check(code);
    return sqlite3_changes64(handle_.get());
  }

  void execute(const std::string& script) override {
    check(sqlite3_exec(handle_.get(), script.c_str(), nullptr, nullptr, nullptr));
  }

  void begin_reading() override { execute("BEGIN"); }
  void begin_writing() override { execute("BEGIN IMMEDIATE"); }
  void roll_back() noexcept override {
    // Where the failure has already ended the transaction this fails, and does no harm.
    sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }

  void vacuum() override {
    execute("VACUUM");
    // The log holds what was, until it is written back and cut off.
    bool busy = false;
    SqlDatabase::run("PRAGMA wal_checkpoint(TRUNCATE)", {},
                     [&](const SqlRow& row) { busy = row.integer(0) != 0; });
    if (busy) {
      throw Error(ErrorCode::io, name_ +
                                     ": another program is reading it; what was deleted stays "
                                     "in " +
                                     name_ + "-wal until it ends. Try again then");
    }
  }

  std::int64_t size_in_bytes() override {
    const auto pages = sql_integer(*this, "PRAGMA page_count").value_or(0);
    return pages * sql_integer(*this, "PRAGMA page_size").value_or(0);
  }

 private:
  struct Resetting {
    sqlite3_stmt* statement;
    ~Resetting() {
      sqlite3_reset(statement);
      sqlite3_clear_bindings(statement);
    }
  };

  void check(int code) const {
    if (code == SQLITE_OK || code == SQLITE_DONE) return;
    std::string words = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
    const bool foreign = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
    if (code == SQLITE_NOTADB) words = "is no index of facet";
    // "disk I/O error" may be a full disk, "unable to open" one that must not be written.
    const int kind = code & 0xFF;
    int cause = 0;
    if (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY) {
      if (handle_) cause = sqlite3_system_errno(handle_.get());
      if (::access(name_.c_str(), W_OK) != 0) cause = errno;
    }
    if (cause != 0) {
      words += ": " + std::generic_category().message(cause);
    }
    throw Error(foreign ? ErrorCode::unreadable : ErrorCode::io, name_ + ": " + words);
  }

  sqlite3_stmt* prepared(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second.get();
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statements_.emplace(std::string(sql), Statement(statement)).first->second.get();
  }

  void bind(sqlite3_stmt* statement, int at, const SqlParameter& parameter) {
    // $1 is a name to SQLite; its number is where it first stands.
    const std::string named = '$' + std::to_string(at);
    const int place = sqlite3_bind_parameter_index(statement, named.c_str());
    const auto bind_value = [&](const auto& value) {
      using Value = std::decay_t<decltype(value)>;
      if constexpr (std::is_same_v<Value, std::int64_t>) {
        return sqlite3_bind_int64(statement, place, value);
      } else if constexpr (std::is_same_v<Value, double>) {
        return sqlite3_bind_double(statement, place, value);
      } else if constexpr (std::is_same_v<Value, std::string_view>) {
        return sqlite3_bind_text64(statement, place, value.data(), value.size(), SQLITE_STATIC,
                                   SQLITE_UTF8);
      } else if constexpr (std::is_same_v<Value, SqlBytes>) {
        if (value.empty()) return sqlite3_bind_zeroblob(statement, place, 0);
        return sqlite3_bind_blob64(statement, place, value.data(), value.size(), SQLITE_STATIC);
      } else {
        return sqlite3_bind_null(statement, place);
      }
    };
    check(std::visit(bind_value, parameter.value()));
  }

  std::string name_;
  std::unique_ptr<sqlite3, CloseDatabase> handle_;
  std::map<std::string, Statement, std::less<>> statements_;
};

// Nobody else may read it, from its first moment on; SQLite gives its log the same permissions. A
// file that is there is not touched: to close it would end the locks that another connection of
// this process has on it, and other programs would take the database for unused.
void create_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
  } else if (errno != EEXIST) {
    throw Error(ErrorCode::io,
                file.string() + ": cannot be written: " + std::generic_category().message(errno));
  }
}

}  // namespace

std::unique_ptr<SqlDatabase> open_sqlite(const std::filesystem::path& file, SqliteMode mode) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    throw Error(ErrorCode::io, file.string() + ": is a folder, not an index");
  }
  if (mode == SqliteMode::create) {
    create_private_file(file);
  } else if (!std::filesystem::exists(file, error)) {
    throw Error(ErrorCode::not_found,
                file.string() + ": there is no index; make one with facet index");
  }
  return std::make_unique<SqliteDatabase>(file, mode);
}

}  // namespace facet::detail
