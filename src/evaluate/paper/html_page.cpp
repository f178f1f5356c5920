// SPDX-License-Identifier: Apache-2.0
#include "evaluate/paper/html_page.hpp"

#include <fstream>
#include <sstream>

#include "base/base64.hpp"
#include "base/html_text.hpp"
#include "facet/error.hpp"

namespace facet::detail {
namespace {

constexpr const char* kStyle = R"(<style>
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #8886; --soft: #8881; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #111; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
       max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1, h2 { line-height: 1.2; }
h2 { border-top: 1px solid var(--line); padding-top: 1.5rem; margin-top: 2.5rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid var(--line); text-align: right;
         vertical-align: top; }
th { position: sticky; top: 0; background: var(--paper); }
th:first-child, td:first-child, .words td, .words th { text-align: left; }
code { font-size: .85em; background: var(--soft); padding: .1em .3em; }
figure { margin: 1.5rem 0; break-inside: avoid; }
figure img { width: 100%; max-width: 56rem; }
figcaption, caption { font-size: .9rem; text-align: left; padding-bottom: .3rem; }
.verdict { font-weight: 600; white-space: nowrap; }
.verdict::before { content: ""; display: inline-block; width: .7em; height: .7em; border-radius: 50%;
                   margin-right: .4em; background: #888; }
.reproduced::before { background: #009e73; }
.partly::before { background: #e69f00; }
.not-reproduced::before { background: #d55e00; }
@media print { body { max-width: none; font-size: 10pt; } th { position: static; }
               .wide { overflow: visible; } tr { break-inside: avoid; } }
</style>
)";

std::string paragraph(const std::string& text) {
  return "<p>" + html_escaped(text) + "</p>\n";
}

std::string cell(const char* tag, const std::string& text) {
  return std::string("<") + tag + ">" + html_escaped(text) + "</" + tag + ">";
}

std::string verdict_cell(Verdict verdict) {
  std::string style = verdict_name(verdict);
  for (char& c : style) {
    if (c == ' ' || c == '\'') c = '-';
  }
  return "<td><span class=\"verdict " + style + "\">" + html_escaped(verdict_name(verdict)) +
         "</span></td>";
}

std::string table(const ReportTable& table) {
  std::string html = "<div class=\"wide\"><table>\n<caption>" + html_escaped(table.caption) +
                     " <a href=\"" + table.file + "\">" + table.file + "</a></caption>\n<tr>";
  for (const std::string& column : table.shown.columns) html += cell("th", column);
  html += "</tr>\n";
  for (const auto& row : table.shown.rows) {
    html += "<tr>";
    for (const std::string& one : row) html += cell("td", one);
    html += "</tr>\n";
  }
  return html + "</table></div>\n";
}

std::string figure(const ReportFigure& figure, const std::filesystem::path& folder) {
  std::ifstream stream(folder / figure.file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::io, (folder / figure.file).string() + ": cannot read");
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  const std::string svg = bytes.str();
  return "<figure><img alt=\"" + html_escaped(figure.caption) +
         "\" src=\"data:image/svg+xml;base64," + base64_text(std::as_bytes(std::span(svg))) +
         "\">\n<figcaption>" + html_escaped(figure.caption) + " <a href=\"" + figure.file + "\">" +
         figure.file + "</a></figcaption></figure>\n";
}

std::string ledger(const std::vector<Section>& sections) {
  std::string html =
      "<h2 id=\"ledger\">Ledger of claims</h2>\n<div class=\"wide\"><table class=\"words\">\n<tr>";
  for (const std::string& column : ledger_table({}).columns) html += cell("th", column);
  html += "</tr>\n";
  for (const Section& section : sections) {
    for (const Claim& claim : section.claims) {
      html += "<tr>" + cell("td", claim.what) + cell("td", claim.paper) + cell("td", claim.ours) +
              verdict_cell(claim.verdict) + cell("td", claim.differs) + "<td><code>" +
              html_escaped(claim.command) + "</code></td></tr>\n";
    }
  }
  return html + "</table></div>\n";
}

}  // namespace

ResultTable ledger_table(const std::vector<Section>& sections) {
  ResultTable table;
  table.columns = {"claim",   "the paper",    "ours (95 % over people)",
                   "verdict", "what differs", "command"};
  for (const Section& section : sections) {
    for (const Claim& claim : section.claims) {
      table.rows.push_back({claim.what, claim.paper, claim.ours, verdict_name(claim.verdict),
                            claim.differs, claim.command});
    }
  }
  return table;
}

std::string html_page(const PageHead& head, const std::vector<Section>& sections,
                      const std::vector<std::string>& closing,
                      const std::filesystem::path& folder) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
      html_escaped(head.title) + "</title>\n" + kStyle + "<h1>" + html_escaped(head.title) +
      "</h1>\n";
  for (const std::string& text : head.paragraphs) html += paragraph(text);
  html += "<ul>\n";
  for (const std::string& fact : head.facts) html += "<li>" + html_escaped(fact) + "</li>\n";
  html += "</ul>\n" + ledger(sections);
  html += "<h2 id=\"closing\">What was easy, what was hard</h2>\n";
  for (const std::string& text : closing) html += paragraph(text);
  for (const Section& section : sections) {
    html += "<h2 id=\"" + section.name + "\">" + html_escaped(section.title) + "</h2>\n";
    for (const std::string& text : section.paragraphs) html += paragraph(text);
    for (const ReportFigure& one : section.figures) html += figure(one, folder);
    for (const ReportTable& one : section.tables) html += table(one);
  }
  return html + "</html>\n";
}

}  // namespace facet::detail
