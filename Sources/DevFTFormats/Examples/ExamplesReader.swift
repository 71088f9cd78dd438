/// Reads data sets: one JSON object a line, plain or gzip.
///
/// The keys of the first row decide how all rows are read:
///
/// | keys | example |
/// | --- | --- |
/// | `instruction`, `input` or `context`, `output` or `response` | `Example.instruction` is set |
/// | `prompt`, `completion` or `response` | one user and one assistant turn |
/// | `messages` (`role`, `content`) | as it stands |
/// | `conversations` (`from`, `value`; `human`, `gpt`) | as it stands |
/// | `text`, `text_pair`, `label` | `Example.labelled` is set; the label is a field as well |
///
/// All other values that are strings, numbers or Booleans become `Example.fields`. Empty lines, a byte
/// order mark and Windows line breaks are tolerated.
public enum ExamplesReader {
  /// Reads all examples of a file.
  ///
  /// - Parameter path: The file; gzip is told by its first bytes, not by its name.
  /// - Returns: The examples in the order of the file, at least one.
  /// - Throws: `FormatError` that names file, line and key; never the text.
  public static func examples(in path: String) throws -> [Example] {
    var examples: [Example] = []
    try forEachExample(in: path) { examples.append($0) }
    return examples
  }

  /// Reads a file example by example, without holding all of it in memory.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - body: Called with each example in the order of the file.
  /// - Throws: `FormatError` that names file, line and key; whatever `body` throws.
  public static func forEachExample(
    in path: String,
    _ body: (Example) throws -> Void
  ) throws {
    var form: ExampleForm?
    try JSONRow.forEach(in: path) { row in
      let known = try form ?? recognised(row)
      form = known
      var example = try ExampleRow(row: row).example(known)
      example.line = row.line
      try body(example)
    }
    guard form != nil else {
      throw FormatError(.malformed, path: path, "expected rows of JSON, found none")
    }
  }

  private static func recognised(_ row: JSONRow) throws(FormatError) -> ExampleForm {
    guard let form = ExampleForm(row.json) else {
      throw FormatError(
        .malformed,
        path: row.place,
        "expected the keys of one of \(ExampleForm.known)"
      )
    }
    return form
  }
}
