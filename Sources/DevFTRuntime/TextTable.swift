/// A table of plain text, its columns aligned.
public struct TextTable: Sendable {
  /// Titles of the columns.
  public var head: [String]
  /// The rows, each as long as the head.
  public var rows: [[String]]

  /// Collects a table.
  ///
  /// - Parameters:
  ///   - head: Titles of the columns.
  ///   - rows: The rows, each as long as the head.
  public init(head: [String], rows: [[String]]) {
    self.head = head
    self.rows = rows
  }

  /// The table, one line a row, without a line break at the end.
  public var text: String {
    let lines = [head] + rows
    let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { cells in
      zip(cells, widths)
        .map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
        .joined(separator: "  ").trimmingEnd()
    }.joined(separator: "\n")
  }

  /// The table in Markdown.
  public var markdown: String {
    let rule = head.map { _ in "---" }
    return ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
