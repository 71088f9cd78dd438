/// A table in Markdown.
struct MarkdownTable {
  /// Titles of the columns.
  var head: [String]
  /// Cells by row.
  var rows: [[String]]

  /// The table's lines.
  var text: String {
    let separator = head.map { _ in "---" }
    return ([head, separator] + rows).map { cells in
      "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }.joined(separator: "\n")
  }
}
